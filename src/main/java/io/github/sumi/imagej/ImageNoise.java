// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import io.github.sumi.pipeline.NoiseFit;
import io.github.sumi.pipeline.Progress;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The noise of one channel of an image, fitted to all of its planes together as denoising does.
 *
 * @param channel counted from 1
 * @param planes how many were measured; constant ones don't count
 * @param fit what was found
 */
public record ImageNoise(int channel, int planes, NoiseFit fit) {

    private static final MathContext DIGITS = new MathContext(6);

    /**
     * Measures an image, which stays as it is.
     *
     * @param options scope and channels; noise is measured over all planes of a channel
     * @return the channels that aren't constant
     * @throws IllegalArgumentException if the noise can't be estimated, or every plane is constant
     * @throws java.util.concurrent.CancellationException if the user cancels
     */
    public static List<ImageNoise> of(ImagePlus input, ImageOptions options, Progress progress) {
        ImagePlus source = options.stack() && input.getStackSize() > 1 ? Dressing.snapshot(input) : Dressing.currentPlane(input);
        if (source.getBitDepth() == 24) {
            ImagePlus colors = RgbPlanes.split(source);
            try {
                return of(colors, options.ofStack(), progress);
            } finally {
                SpooledStack.release(colors.getStack());
            }
        }
        options.check(input);
        PlaneCurves measured = PlaneCurves.of(source, true, options, progress);
        if (measured.groups().isEmpty()) {
            throw new IllegalArgumentException("The image " + input.getTitle() + " is constant: all pixels are equal, so there is no noise to estimate.");
        }
        List<ImageNoise> channels = new ArrayList<>();
        measured.curves().forEach((channel, curves) -> {
            try {
                channels.add(new ImageNoise(channel, curves.size(), NoiseFit.of(curves)));
            } catch (IllegalArgumentException e) {
                throw input.getNChannels() == 1 ? e : new IllegalArgumentException("Channel " + channel + ": " + e.getMessage(), e);
            }
        });
        return channels;
    }

    /** The options that give this noise to DDPM Denoise..., such as "noise=camera gain=2 offset=100 readnoise=3". */
    public String options() {
        return MacroLine.noise(fit.model(), ImageNoise::plain);
    }

    /** In words. */
    public String describe() {
        return "channel " + channel + ": " + fit.model().describe() + (planes == 1 ? "" : ", fitted to " + planes + " planes")
                + (fit.confident() ? "" : ", with little confidence");
    }

    private static String plain(double value) {
        return new BigDecimal(value, DIGITS).stripTrailingZeros().toPlainString();
    }
}
