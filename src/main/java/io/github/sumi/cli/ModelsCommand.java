// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.ModelReport;
import java.nio.file.Path;
import java.util.List;
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
        print(ModelReport.list(ModelLibrary.standard(null)));
    }

    @Command(mixinStandardHelpOptions = true, description = "What a model says of itself.")
    void describe(@Parameters(paramLabel = "MODEL", description = "name, folder or .zip") String name) {
        print(ModelReport.describe(ModelLibrary.standard(null).find(name)));
    }

    @Command(mixinStandardHelpOptions = true, description = "Run a model's own test.")
    void verify(@Parameters(paramLabel = "MODEL", description = "name, folder or .zip") String name) {
        print(List.of(ModelReport.verify(ModelLibrary.standard(null).find(name))));
    }

    @Command(mixinStandardHelpOptions = true, description = "Copy a model folder or .zip to where it is found by name.")
    void add(@Parameters(paramLabel = "MODEL", description = "folder or .zip") Path source) {
        print(List.of("Added as " + ModelLibrary.standard(null).add(source)));
    }

    @Command(mixinStandardHelpOptions = true, description = "Delete a model that was added.")
    void remove(@Parameters(paramLabel = "NAME", description = "name of the model") String id) {
        ModelLibrary.standard(null).remove(id);
        print(List.of("Removed " + id));
    }

    private void print(List<String> lines) {
        lines.forEach(spec.commandLine().getOut()::println);
    }
}
