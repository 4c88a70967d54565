// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.model.ClassLabels;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.ModelLibrary;
import java.util.List;
import java.util.stream.Stream;
import org.scijava.object.ObjectService;

/**
 * What a command calls a class of its model. A type of its own, as {@link ModelName} is: a dialog lists the labels of all models that are
 * here, since the model can still change in it; which of them the model has is told when the command runs.
 *
 * @param text a name or an index, or all
 */
public record LabelName(String text) {

    /** All labels in turn. */
    static final LabelName ALL = new LabelName(ClassLabels.ALL);

    /** Of a model with more, such as the thousand of ImageNet, a dialog lists none; they can be typed into a macro. */
    private static final int MOST = 100;

    /** Makes the labels of the models that are here now the ones that dialogs list, all of them first. */
    static void offer(ModelLibrary library, ObjectService objects) {
        List<LabelName> here = Stream.concat(Stream.of(ALL), ModelName.ids(library).stream().flatMap(id -> labels(library, id)).map(LabelName::new))
                .distinct().toList();
        objects.getObjects(LabelName.class).forEach(objects::removeObject);
        here.forEach(name -> objects.addObject(name, name.text()));
    }

    private static Stream<String> labels(ModelLibrary library, String id) {
        try {
            List<String> names = library.find(id).info().labels().names();
            return names.size() > MOST ? Stream.empty() : names.stream();
        } catch (ModelException e) {
            // told when the model is used
            return Stream.empty();
        }
    }

    /** As a macro gives it, and the Recorder writes it. */
    @Override
    public String toString() {
        return text;
    }
}
