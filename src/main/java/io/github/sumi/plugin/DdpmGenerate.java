// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import io.github.sumi.imagej.ImageGenerator;
import io.github.sumi.model.Device;
import io.github.sumi.pipeline.ClassChoice;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Sampling;
import java.util.List;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Generate... */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Generate...")})
public final class DdpmGenerate extends SumiCommand {

    @Parameter(label = "Model", initializer = "offerModels", persist = false)
    private ModelName model = ModelName.GENERATOR;
    @Parameter(label = "Label (of a model with labels)", initializer = "offerLabels", persist = false)
    private LabelName label = LabelName.ALL;
    @Parameter(label = "Guidance (of a model with labels, 0 to 20)", min = "0", max = "20", persist = false)
    private double guidance = 1;
    @Parameter(label = "Count", min = "1", max = "10000", persist = false)
    private int count = 1;
    @Parameter(label = "Width (pixels)", min = "1", max = "8192", persist = false)
    private int width = 64;
    @Parameter(label = "Height (pixels)", min = "1", max = "8192", persist = false)
    private int height = 64;
    @Parameter(label = "Steps", min = "1", max = "1000", persist = false)
    private int steps = 50;
    @Parameter(label = "Sampler", choices = {"model", "ddpm", "ddim", "dpmpp", "dpmpp-sde", "unipc", "euler", "euler-ancestral", "heun", "pndm", "lcm",
        "edm-euler", "edm-dpmpp", "edm-dpmpp-sde"}, persist = false)
    private String sampler = Sampling.MODEL;
    @Parameter(label = "Eta (for ddim, 0 to 1)", min = "0", max = "1", persist = false)
    private double eta = 0;
    @Parameter(label = "Film (frames, 0 for none)", min = "0", max = "1001", persist = false)
    private int film = 0;
    @Parameter(label = "Seed", min = "0", max = "9007199254740991", persist = false)
    private long seed = 1;
    @Parameter(label = "Tile (pixels, 0 for the model's)", min = "0", persist = false)
    private int tile = 0;
    @Parameter(label = "Overlap (pixels, -1 for the model's)", min = "-1", persist = false)
    private int overlap = -1;
    @Parameter(label = "Device", choices = {"auto", "cpu", "cuda", "coreml"}, validater = "problem", persist = false)
    private String device = "auto";
    @Parameter(label = "Montage (side by side, not as a stack)", persist = false)
    private boolean montage = false;
    @Parameter(label = "Keep finished images when cancelled", persist = false)
    private boolean keep = false;

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus generated;

    @Override
    void check() {
        options();
    }

    private GenerateOptions options() {
        return new GenerateOptions(count, width, height, steps, seed, film, tile(tile), overlap(overlap), Sampling.of(sampler, eta),
                Device.parse(device), new ClassChoice(label.text(), guidance));
    }

    @Override
    void execute() {
        ImageGenerator.Result made = ImageGenerator.generate(find(model), options(), new ImageGenerator.Form(montage, keep), progress(null));
        generated = made.image();
        if (made.missing() > 0) {
            keep(List.of(generated));
        }
        show(generated);
    }
}
