// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.model.ModelException;
import io.github.sumi.model.ModelLibrary;
import java.util.List;
import org.scijava.object.ObjectService;

/**
 * What a command calls its model: a name, {@code name@version}, or the path of a folder or .zip. A type of its own, since dialogs
 * list the objects of a type that SciJava's ObjectService knows, while macros and scripts may give any text.
 *
 * @param text as a macro gives it; looked up when the command runs
 */
public record ModelName(String text) {

    /** The model that the dialog of denoising starts with. */
    static final ModelName DENOISER = new ModelName(ModelLibrary.DENOISER);
    /** The model that the other dialogs start with. */
    static final ModelName GENERATOR = new ModelName(ModelLibrary.GENERATOR);

    /** No model: there is none for this, or none was named. */
    static final ModelName NONE = new ModelName("none");

    /** Makes the models that are here now the ones that dialogs list. */
    static void offerAll(ModelLibrary library, ObjectService objects) {
        offer(ids(library).stream().map(ModelName::new).toList(), objects);
    }

    /** The same but for those that make an image of another. */
    static void offer(ModelLibrary library, ObjectService objects) {
        offer(ids(library).stream().filter(id -> !translates(library, id)).map(ModelName::new).toList(), objects);
    }

    /**
     * Makes those that make an image of another the ones that dialogs list.
     *
     * @return those, or {@link #NONE}
     */
    static List<ModelName> offerTranslators(ModelLibrary library, ObjectService objects) {
        List<ModelName> here = translators(library).stream().map(ModelName::new).toList();
        List<ModelName> offered = here.isEmpty() ? List.of(NONE) : here;
        offer(offered, objects);
        return offered;
    }

    /** Why there is no model, where {@link #NONE} was named: a sentence. */
    static String noTranslator(ModelLibrary library) {
        List<String> here = translators(library);
        return here.isEmpty() ? "There is no model to translate with, and none is shipped: train one (sumi-train train --low, docs/models.md), or add one (sumi models add)."
                : "model is missing; it must be one of " + String.join(", ", here) + ", or a path.";
    }

    private static List<String> translators(ModelLibrary library) {
        return ids(library).stream().filter(id -> translates(library, id)).toList();
    }

    /** One that isn't sound is told of when it is used. */
    private static boolean translates(ModelLibrary library, String id) {
        try {
            return library.find(id).info().isConditioned();
        } catch (ModelException e) {
            return false;
        }
    }

    private static void offer(List<ModelName> here, ObjectService objects) {
        for (ModelName gone : objects.getObjects(ModelName.class)) {
            if (!here.contains(gone)) {
                objects.removeObject(gone);
            }
        }
        List<ModelName> known = objects.getObjects(ModelName.class);
        here.stream().filter(name -> !known.contains(name)).forEach(name -> objects.addObject(name, name.text()));
    }

    static List<String> ids(ModelLibrary library) {
        try {
            return library.ids();
        } catch (ModelException e) {
            // a folder that can't be read is told when a model is looked for; a dialog opens all the same
            return List.of(GENERATOR.text(), DENOISER.text());
        }
    }

    /** As a macro gives it, and the Recorder writes it. */
    @Override
    public String toString() {
        return text;
    }
}
