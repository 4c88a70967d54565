// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import ij.ImageStack;
import io.github.sumi.imagej.ImageDenoiser;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Generator;
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
    private int steps = 250;
    @Parameter(label = "Film (frames, 0 for none)", persist = false)
    private int film = 0;
    @Parameter(label = "Seed", persist = false)
    private long seed = 1;
    @Parameter(label = "Device", choices = {"auto", "cpu"}, persist = false)
    private String device = "auto";

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus generated;

    @Override
    void execute() {
        checkDevice(device);
        GenerateOptions options = new GenerateOptions(count, width, height, steps, seed, film, null, null);
        Model found = library().find(model);
        if (found.info().inChannels() != 1) {
            throw new ModelException("Model " + found.id() + " makes images of " + found.info().inChannels()
                    + " channels; this command shows those of one.");
        }
        ImageStack stack = new ImageStack(width, height);
        try (Generator generator = new Generator(found, options)) {
            generator.generate(progress()).forEach(image -> stack.addSlice(ImageDenoiser.processor(image)));
        }
        ImagePlus result = new ImagePlus(found.id() + "-generated", stack);
        result.setDisplayRange(0, 255);
        generated = show(result);
    }
}
