// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.IJ;
import ij.ImagePlus;
import io.github.sumi.imagej.ImageDenoiser;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.model.DeviceReport;
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
public final class DdpmDenoise extends SumiCommand {

    @Parameter(persist = false)
    private ImagePlus input;
    @Parameter(label = "Model", persist = false)
    private String model = "nuclei";
    @Parameter(label = "Noise", choices = {"auto", "gaussian", "camera"}, persist = false)
    private String noise = "auto";
    @Parameter(label = "Sigma (grey values, for gaussian; 0 is none given)", persist = false)
    private double sigma = 0;
    @Parameter(label = "Gain (grey values per photon, for camera; 0 is none given)", persist = false)
    private double gain = 0;
    @Parameter(label = "Offset (grey value without light, for camera)", persist = false)
    private double offset = 0;
    @Parameter(label = "Read noise (grey values, for camera)", persist = false)
    private double readnoise = 0;
    @Parameter(label = "Mode", choices = {"mean", "sample", "uncertainty"}, persist = false)
    private String mode = "mean";
    @Parameter(label = "Samples (for uncertainty)", persist = false)
    private int samples = 8;
    @Parameter(label = "Steps (for sample and uncertainty)", persist = false)
    private int steps = 20;
    @Parameter(label = "Sampler (for sample and uncertainty)", choices = {"model", "ddpm", "ddim", "dpmpp-sde"}, persist = false)
    private String sampler = Sampling.MODEL;
    @Parameter(label = "Eta (for ddim: 1)", persist = false)
    private double eta = 1;
    @Parameter(label = "Scope", choices = {"stack", "plane"}, persist = false)
    private String scope = "stack";
    @Parameter(label = "Channels (all, or 1,3)", persist = false)
    private String channels = "all";
    @Parameter(label = "Range measured over", choices = {"stack", "plane"}, persist = false)
    private String range = "stack";
    @Parameter(label = "Result type", choices = {"input", "float"}, persist = false)
    private String type = "input";
    @Parameter(label = "Seed", persist = false)
    private long seed = 1;
    @Parameter(label = "Tile (pixels, 0 for the model's)", persist = false)
    private int tile = 0;
    @Parameter(label = "Overlap (pixels, -1 for the model's)", persist = false)
    private int overlap = -1;
    @Parameter(label = "Device", choices = {"auto", "cpu"}, persist = false)
    private String device = "auto";

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus denoised;
    @Parameter(type = ItemIO.OUTPUT, required = false)
    private ImagePlus sd;

    @Override
    void execute() {
        if (input == null || input.getProcessor() == null) {
            throw new IllegalArgumentException("There is no image; open one first.");
        }
        DeviceReport.check(device);
        DenoiseOptions options = new DenoiseOptions(NoiseModel.of(noise, given(sigma), given(gain), given(offset), given(readnoise)), Mode.of(mode), samples,
                steps, seed, tile(tile), overlap(overlap), Sampling.of(sampler, eta));
        ImageOptions imageOptions = ImageOptions.of(scope, channels, range, type);
        Model found = library().find(model);
        try (Denoiser denoiser = new Denoiser(found, options)) {
            ImageDenoiser.Result result = new ImageDenoiser(denoiser, options, imageOptions).denoise(input, input.getRoi(), progress());
            RunInfo.add(result, found, options, imageOptions, denoiser);
            result.warnings().forEach(warning -> IJ.log(input.getTitle() + ": " + warning));
            denoised = show(result.image());
            sd = result.sd() == null ? null : show(result.sd());
        }
    }

    /** 0 is what a field holds that isn't used. */
    private static Double given(double value) {
        return value == 0 ? null : (Double) value;
    }
}
