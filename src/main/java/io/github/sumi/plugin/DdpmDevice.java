// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.model.DeviceReport;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Device... */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Device...")})
public final class DdpmDevice extends SumiCommand {

    @Parameter(label = "Model (to time)", initializer = "offerAllModels", persist = false)
    private ModelName model = ModelName.GENERATOR;

    @Override
    void execute() {
        report("Sumi Device", DeviceReport.lines(find(model)));
    }
}
