// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.ImageRestorer;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.NoiseModel;
import io.github.sumi.pipeline.Sampling;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Denoise... */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Denoise...")})
public final class DdpmDenoise extends RestoreCommand {

    @Parameter(persist = false)
    private ImagePlus input;
    @Parameter(label = "Model", initializer = "offerModels", persist = false)
    private ModelName model = ModelName.DENOISER;
    @Parameter(label = "Noise", choices = {"auto", "gaussian", "camera"}, persist = false)
    private String noise = "auto";
    @Parameter(label = "Sigma (grey values, for gaussian; 0 is none given)", min = "0", persist = false)
    private double sigma = 0;
    @Parameter(label = "Gain (grey values per photon, for camera; 0 is none given)", min = "0", persist = false)
    private double gain = 0;
    @Parameter(label = "Offset (grey value without light, for camera)", persist = false)
    private double offset = 0;
    @Parameter(label = "Read noise (grey values, for camera)", min = "0", persist = false)
    private double readnoise = 0;
    @Parameter(label = "Mode", choices = {"mean", "sample", "uncertainty"}, persist = false)
    private String mode = "mean";
    @Parameter(label = "Mean over 8 flips and turns (for mean, 8 times as long)", persist = false)
    private boolean flips = false;
    @Parameter(label = "Samples (for uncertainty)", min = "2", max = "1000", persist = false)
    private int samples = 8;
    @Parameter(label = "Steps (for sample and uncertainty)", min = "1", max = "1000", persist = false)
    private int steps = 20;
    @Parameter(label = "Sampler (for sample and uncertainty)", choices = {"model", "ddpm", "ddim", "dpmpp-sde"}, persist = false)
    private String sampler = Sampling.MODEL;
    @Parameter(label = "Eta (for ddim: 1)", min = "0", max = "1", persist = false)
    private double eta = 1;
    @Parameter(label = "Scope", choices = {"stack", "plane"}, persist = false)
    private String scope = "stack";
    @Parameter(label = "Channels (all, or 1,3)", persist = false)
    private String channels = "all";
    @Parameter(label = "Range measured over", choices = {"stack", "plane"}, persist = false)
    private String range = "stack";
    @Parameter(label = "Result type", choices = {"input", "float"}, persist = false)
    private String type = "input";
    @Parameter(label = "Seed", min = "0", max = "9007199254740991", persist = false)
    private long seed = 1;
    @Parameter(label = "Tile (pixels, 0 for the model's)", min = "0", persist = false)
    private int tile = 0;
    @Parameter(label = "Overlap (pixels, -1 for the model's)", min = "-1", persist = false)
    private int overlap = -1;
    @Parameter(label = "Device", choices = {"auto", "cpu", "cuda", "coreml"}, validater = "problem", persist = false)
    private String device = "auto";
    @Parameter(label = "Keep finished planes when cancelled", persist = false)
    private boolean keep = false;
    // null once the command ran, so that it isn't recorded
    @Parameter(label = "Preview (of what is in view, or of the selection)", persist = false, required = false)
    private Boolean preview = false;

    // shown in this order, so that the main result is the current image
    @Parameter(type = ItemIO.OUTPUT, required = false)
    private ImagePlus residual;
    @Parameter(type = ItemIO.OUTPUT, required = false)
    private ImagePlus sd;
    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus denoised;

    @Override
    void check() {
        needImage(input);
        options();
        imageOptions();
    }

    private DenoiseOptions options() {
        return new DenoiseOptions(NoiseModel.of(noise, given(sigma), given(gain), given(offset), given(readnoise)), Mode.of(mode), samples,
                steps, seed, tile(tile), overlap(overlap), Sampling.of(sampler, eta), Device.parse(device), flips);
    }

    private ImageOptions imageOptions() {
        return ImageOptions.of(scope, channels, range, type).withKeep(keep);
    }

    @Override
    void execute() {
        preview = null;
        DenoiseOptions options = options();
        Model found = find(model);
        try (Denoiser denoiser = new Denoiser(found, options)) {
            ImageRestorer.Result result = restore(denoiser, input, imageOptions());
            RunInfo.add(result, found, options, imageOptions(), denoiser);
            denoised = result.image();
            sd = result.sd();
            residual = result.residualImage();
            show(result, input);
        }
    }

    @Override
    void showPreview() {
        DenoiseOptions options = options();
        ModelName chosen = model;
        showPreview(preview, input, () -> new Denoiser(find(chosen), options));
    }

    /** 0 is what a field holds that isn't used. */
    private static Double given(double value) {
        return value == 0 ? null : (Double) value;
    }
}
