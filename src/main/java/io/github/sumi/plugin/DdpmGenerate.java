// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import io.github.sumi.imagej.ImageGenerator;
import io.github.sumi.model.DeviceReport;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Sampling;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Generate... */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Generate...")})
public final class DdpmGenerate extends SumiCommand {

    @Parameter(label = "Model", persist = false)
    private String model = "nuclei";
    @Parameter(label = "Count", persist = false)
    private int count = 1;
    @Parameter(label = "Width (pixels)", persist = false)
    private int width = 64;
    @Parameter(label = "Height (pixels)", persist = false)
    private int height = 64;
    @Parameter(label = "Steps", persist = false)
    private int steps = 50;
    @Parameter(label = "Sampler", choices = {"model", "ddpm", "ddim", "dpmpp", "dpmpp-sde", "unipc", "euler", "euler-ancestral", "heun", "pndm", "lcm",
        "edm-euler", "edm-dpmpp", "edm-dpmpp-sde"}, persist = false)
    private String sampler = Sampling.MODEL;
    @Parameter(label = "Eta (for ddim, 0 to 1)", persist = false)
    private double eta = 0;
    @Parameter(label = "Film (frames, 0 for none)", persist = false)
    private int film = 0;
    @Parameter(label = "Seed", persist = false)
    private long seed = 1;
    @Parameter(label = "Tile (pixels, 0 for the model's)", persist = false)
    private int tile = 0;
    @Parameter(label = "Overlap (pixels, -1 for the model's)", persist = false)
    private int overlap = -1;
    @Parameter(label = "Device", choices = {"auto", "cpu"}, persist = false)
    private String device = "auto";

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus generated;

    @Override
    void execute() {
        DeviceReport.check(device);
        GenerateOptions options = new GenerateOptions(count, width, height, steps, seed, film, tile(tile),
                overlap(overlap), Sampling.of(sampler, eta));
        generated = show(ImageGenerator.generate(library().find(model), options, progress()));
    }
}
