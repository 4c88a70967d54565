// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.ModelReport;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Models... */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Models...")})
public final class DdpmModels extends SumiCommand {

    @Parameter(label = "Action", choices = {"list", "describe", "verify", "add", "remove"}, persist = false)
    private String action = "list";
    @Parameter(label = "Model (to describe, verify or remove)", initializer = "offerAllModels", persist = false, required = false)
    private ModelName model = ModelName.GENERATOR;
    @Parameter(label = "Path (folder or .zip to add)", validater = "problem", persist = false, required = false)
    private String path = "";

    @Override
    void check() {
        if (action.equals("add")) {
            source();
        }
    }

    @Override
    void execute() {
        ModelLibrary library = library();
        report("Sumi Models", switch (action) {
            case "list" -> ModelReport.list(library);
            case "describe" -> ModelReport.describe(find(model));
            case "verify" -> List.of(ModelReport.verify(find(model)));
            case "add" -> List.of("Added as " + library.add(source()));
            case "remove" -> remove(library);
            default -> throw new IllegalArgumentException("action is \"" + action + "\"; it must be list, describe, verify, add or remove.");
        });
    }

    private Path source() {
        if (path == null || path.isBlank()) {
            throw new IllegalArgumentException("action is add; give the model folder or .zip as path.");
        }
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("path is \"" + path + "\", which is no path; give a model folder or .zip.", e);
        }
    }

    private List<String> remove(ModelLibrary library) {
        library.remove(model.text());
        return List.of("Removed " + model);
    }
}
