// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import io.github.sumi.imagej.SchedulePlot;
import io.github.sumi.pipeline.Sampling;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Schedule Plot... */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Schedule Plot...")})
public final class DdpmSchedulePlot extends SumiCommand {

    @Parameter(label = "Model", persist = false)
    private String model = "nuclei";
    @Parameter(label = "Sampler", choices = {"model", "ddpm", "ddim", "dpmpp", "dpmpp-sde", "unipc", "euler", "euler-ancestral", "heun", "pndm", "lcm"},
            persist = false)
    private String sampler = Sampling.MODEL;
    @Parameter(label = "Eta (for ddim, 0 to 1)", persist = false)
    private double eta = 0;
    @Parameter(label = "Steps", persist = false)
    private int steps = 20;

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus plot;

    @Override
    void execute() {
        plot = show(SchedulePlot.of(library().find(model), Sampling.of(sampler, eta), steps));
    }
}
