// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import ij.WindowManager;
import io.github.sumi.imagej.ImageInverter;
import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.Checks;
import io.github.sumi.pipeline.Inverter;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Invert... Of the current plane. */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Invert...")})
public final class DdpmInvert extends SumiCommand {

    @Parameter(persist = false)
    private ImagePlus input;
    @Parameter(label = "Model", initializer = "offerModels", persist = false)
    private ModelName model = ModelName.GENERATOR;
    @Parameter(label = "Steps each way", min = "1", max = "1000", persist = false)
    private int steps = 100;
    @Parameter(label = "Other (title of a second image, or empty)", persist = false, required = false)
    private String other = "";
    @Parameter(label = "Frames (from the image to the other)", min = "2", max = "1000", persist = false)
    private int frames = 9;
    @Parameter(label = "Tile (pixels, 0 for the model's)", min = "0", persist = false)
    private int tile = 0;
    @Parameter(label = "Overlap (pixels, -1 for the model's)", min = "-1", persist = false)
    private int overlap = -1;
    @Parameter(label = "Device", choices = {"auto", "cpu", "cuda", "coreml"}, validater = "problem", persist = false)
    private String device = "auto";

    // shown in this order, so that the main result is the current image
    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus latent;
    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus inverted;

    @Override
    void check() {
        needImage(input);
        Device.parse(device);
        Checks.range("steps", steps, 1, 1000);
        Checks.range("frames", frames, 2, 1000);
        second();
    }

    @Override
    void execute() {
        ImagePlus second = second();
        Model found = find(model);
        try (Inverter inverter = new Inverter(found, steps, tile(tile), overlap(overlap), Device.parse(device))) {
            ImageInverter.Result result = ImageInverter.invert(inverter, found, input, second, frames, progress(input));
            latent = show(result.latent());
            inverted = show(result.image());
        }
    }

    private ImagePlus second() {
        if (other == null || other.isBlank()) {
            return null;
        }
        ImagePlus image = WindowManager.getImage(other);
        if (image == null) {
            throw new IllegalArgumentException("other is \"" + other + "\"; it must be the title of an open image, or empty.");
        }
        return image;
    }
}
