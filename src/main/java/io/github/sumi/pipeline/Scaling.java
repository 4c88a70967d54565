// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where a plane's or stack's values z lie, {@code y = 2 (z - low) / (high - low) - 1}, and the noise in them. With camera noise z
 * are the stabilised values ({@link Anscombe}), or else the grey values.
 *
 * @param low value of the clean signal that becomes -1
 * @param high value that becomes 1
 * @param noise of the grey values
 * @param hotPixels single pixels that don't belong to the image ({@link #warnings}), of all planes that were measured
 */
public record Scaling(double low, double high, NoiseModel noise, long hotPixels) {

    /** How many SDs of the noise {@code high - low} is at least: a blank plane is not stretched. */
    private static final double FLOOR_IN_SIGMAS = 4;

    /** Values up to this, where 1 is {@code high} and 0 is {@code low}, were trained on. */
    private static final double TRAINED_CEILING = 1.2;

    /** @throws IllegalArgumentException if high isn't above low */
    public Scaling {
        if (!(high > low) || !Double.isFinite(high - low)) {
            throw new IllegalArgumentException("grey values from " + low + " to " + high + "; needed are finite values with low < high.");
        }
    }

    /** Of a plane without hot pixels. */
    public Scaling(double low, double high, NoiseModel noise) {
        this(low, high, noise, 0);
    }

    /**
     * Measures a plane. Percentiles are taken from the smoothed plane, since noise widens those of the raw one;
     * structures brighter than the percentile widen the range until they are near to what was trained on.
     *
     * @param pixels stabilised where the noise is a camera's; hot ones are replaced
     */
    static Scaling of(float[] pixels, int width, int height, NoiseModel noise, double lowPercentile, double highPercentile) {
        RangeMeter meter = new RangeMeter(width, height, sigma(noise));
        meter.add(new Region(0, 0, width, height), new Region(0, 0, width, height), pixels);
        return of(meter, noise, lowPercentile, highPercentile);
    }

    /** The same from what was measured part by part. */
    static Scaling of(RangeMeter meter, NoiseModel noise, double lowPercentile, double highPercentile) {
        meter.rank();
        double low = meter.percentile(lowPercentile);
        double high = Math.max(meter.percentile(highPercentile), low + (meter.peak() - low) / TRAINED_CEILING);
        double floor = Math.max(FLOOR_IN_SIGMAS * sigma(noise), 1e-6 * Math.max(1e-30, Math.abs(low)));
        return new Scaling(low, Math.max(high, low + floor), noise, meter.hotPixels());
    }

    /** One scaling for all planes of a stack, which have one noise, so that it doesn't flicker: the whole range. */
    public static Scaling pool(List<Scaling> planes) {
        double low = planes.stream().mapToDouble(Scaling::low).min().orElseThrow();
        double high = planes.stream().mapToDouble(Scaling::high).max().orElseThrow();
        return new Scaling(low, high, planes.get(0).noise(), planes.stream().mapToLong(Scaling::hotPixels).sum());
    }

    /** What a user should know of the grey values, in sentences; may be empty. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(HotPixels.warnings(hotPixels));
        if (sigma(noise) > 0 && high - low <= FLOOR_IN_SIGMAS * sigma(noise) * (1 + 1e-9)) {
            warnings.add(String.format(Locale.ROOT, "Hardly anything rises above the noise: from dark to bright it is less than %.0f SDs of it, which is weaker than what the"
                    + " model has seen. Faint structure may be lost, and what a sample shows there is made up. Average frames, or expose for longer.", FLOOR_IN_SIGMAS));
        }
        return warnings;
    }

    /** SD of the values: 1 once stabilised. */
    static double sigma(NoiseModel noise) {
        return noise.isGaussian() ? noise.readNoise() : 1;
    }

    /** A value in the network's range. */
    float normalize(float z) {
        return (float) (2 * (z - low) / (high - low) - 1);
    }

    /** A value of the network back. */
    double denormalize(double y) {
        return (low + (y + 1) / 2 * (high - low));
    }

    /** The SD of the noise in the network's range. */
    double normalizedSigma() {
        return 2 * sigma(noise) / (high - low);
    }
}
