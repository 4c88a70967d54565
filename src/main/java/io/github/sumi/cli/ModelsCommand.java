// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.ModelInfo;
import io.github.sumi.model.ModelLibrary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi models [list|describe|verify|add|remove]}. */
@Command(name = "models", mixinStandardHelpOptions = true, description = "List, describe, verify, add and remove models.")
final class ModelsCommand implements Runnable {

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        list();
    }

    @Command(mixinStandardHelpOptions = true, description = "The models that can be used by name.")
    void list() {
        ModelLibrary library = ModelLibrary.standard(null);
        for (String id : library.ids()) {
            try {
                Model model = library.find(id);
                out().println(id + "@" + model.info().version() + "  " + model.info().description() + "  (" + model.location() + ")");
            } catch (ModelException e) {
                out().println(id + "  can't be used: " + e.getMessage());
            }
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "What a model says of itself.")
    void describe(@Parameters(paramLabel = "MODEL", description = "name, folder or .zip") String name) {
        Model model = ModelLibrary.standard(null).find(name);
        ModelInfo info = model.info();
        out().println(info.name() + "@" + info.version() + ": " + info.description());
        out().println("from           " + model.location());
        out().println("licence        " + info.license());
        out().println("citation       " + info.citation());
        out().println("training data  " + info.trainingData());
        out().println("trained for    " + info.trainedFor());
        out().println("channels       " + info.inChannels());
        out().println("tile           " + info.tile() + " with overlap " + info.overlap() + ", multiples of " + info.sizeMultiple()
                + (info.receptiveField() == null ? ", not local" : ", receptive field " + info.receptiveField() + " pixels"));
        out().println("scheduler      " + model.scheduler());
        out().println("SHA-256        " + model.sha256());
    }

    @Command(mixinStandardHelpOptions = true, description = "Run a model's own test.")
    void verify(@Parameters(paramLabel = "MODEL", description = "name, folder or .zip") String name) {
        Model model = ModelLibrary.standard(null).find(name);
        out().println(String.format(Locale.ROOT, "%s gives the expected result; largest difference %.2e", model.id(), model.verify()));
    }

    @Command(mixinStandardHelpOptions = true, description = "Copy a model folder or .zip to where it is found by name.")
    void add(@Parameters(paramLabel = "MODEL", description = "folder or .zip") Path source) {
        out().println("Added as " + ModelLibrary.standard(null).add(source));
    }

    @Command(mixinStandardHelpOptions = true, description = "Delete a model that was added.")
    void remove(@Parameters(paramLabel = "NAME", description = "name of the model") String id) {
        ModelLibrary.standard(null).remove(id);
        out().println("Removed " + id);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
