// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * What denoising took away, which should look like the noise: white, and of its variance. With camera noise both are taken after
 * stabilising, so that all pixels count alike.
 *
 * @param varianceRatio variance of the residual over that of the noise model
 * @param correlation between horizontal and vertical neighbours, -1 to 1
 */
public record Residual(double varianceRatio, double correlation) {

    /** Larger residuals, in SDs of the noise, are cut: dead pixels shall not outweigh the image. */
    private static final double CUT = 6;
    private static final double LEAST_RATIO = 0.6;
    private static final double LARGEST_RATIO = 1.5;
    private static final double LARGEST_CORRELATION = 0.15;

    /**
     * Measures a plane.
     *
     * @param residual noisy less denoised value of each pixel
     * @param sigma SD of the noise there, above 0
     */
    static Residual of(IntToDoubleFunction residual, double sigma, int width, int height) {
        double squares = 0;
        double products = 0;
        long pairs = 0;
        double[] above = new double[width];
        for (int y = 0; y < height; y++) {
            double left = 0;
            for (int x = 0; x < width; x++) {
                double value = Math.max(-CUT, Math.min(CUT, residual.applyAsDouble(y * width + x) / sigma));
                squares += value * value;
                products += x > 0 ? value * left : 0;
                products += y > 0 ? value * above[x] : 0;
                pairs += (x > 0 ? 1 : 0) + (y > 0 ? 1 : 0);
                left = value;
                above[x] = value;
            }
        }
        double variance = squares / ((double) width * height);
        return new Residual(variance, pairs == 0 || variance == 0 ? 0 : products / pairs / variance);
    }

    /** The mean of several planes. @throws IllegalArgumentException if there is none */
    public static Residual mean(List<Residual> planes) {
        return new Residual(planes.stream().mapToDouble(Residual::varianceRatio).average().orElseThrow(IllegalArgumentException::new),
                planes.stream().mapToDouble(Residual::correlation).average().orElseThrow());
    }

    /** What a user should look at, in sentences; none where the residual looks like the noise. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (correlation > LARGEST_CORRELATION) {
            warnings.add(String.format(Locale.ROOT, "What was taken away is correlated between neighbours (%.2f): the noise is not white (binned, resampled or"
                    + " compressed image?), or structure was taken for noise. Look at the difference to the input.", correlation));
        }
        if (varianceRatio > LARGEST_RATIO) {
            warnings.add(String.format(Locale.ROOT, "What was taken away varies %.2f times as much as the noise: structure was removed, or the noise is stronger than"
                    + " what was taken for it. Look at the difference to the input.", varianceRatio));
        } else if (varianceRatio < LEAST_RATIO) {
            warnings.add(String.format(Locale.ROOT, "What was taken away varies only %.2f times as much as the noise: noise is left in the result, or it is weaker than"
                    + " what was taken for it.", varianceRatio));
        }
        return warnings;
    }

    /** In words, with the values. */
    public String describe() {
        return String.format(Locale.ROOT, "%.2f times the noise's variance, correlation of neighbours %.2f", varianceRatio, correlation);
    }
}
