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

    /** Makes the models that are here now the ones that dialogs list. */
    static void offer(ModelLibrary library, ObjectService objects) {
        List<ModelName> here = ids(library).stream().map(ModelName::new).toList();
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
