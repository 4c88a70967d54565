// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import io.github.sumi.imagej.SchedulePlot;
import io.github.sumi.pipeline.Checks;
import io.github.sumi.pipeline.Sampling;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Schedule Plot... */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Schedule Plot...")})
public final class DdpmSchedulePlot extends SumiCommand {

    @Parameter(label = "Model", initializer = "offerAllModels", persist = false)
    private ModelName model = ModelName.GENERATOR;
    @Parameter(label = "Sampler", choices = {"model", "ddpm", "ddim", "dpmpp", "dpmpp-sde", "unipc", "euler", "euler-ancestral", "heun", "pndm", "lcm"},
            persist = false)
    private String sampler = Sampling.MODEL;
    @Parameter(label = "Eta (for ddim, 0 to 1)", min = "0", max = "1", persist = false)
    private double eta = 0;
    @Parameter(label = "Steps", min = "1", max = "1000", validater = "problem", persist = false)
    private int steps = 20;

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus plot;

    @Override
    void check() {
        Checks.range("steps", steps, 1, 1000);
        Sampling.of(sampler, eta);
    }

    @Override
    void execute() {
        plot = show(SchedulePlot.of(find(model), Sampling.of(sampler, eta), steps));
    }
}
