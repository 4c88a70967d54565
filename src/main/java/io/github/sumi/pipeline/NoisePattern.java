// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What of the noise isn't independent from pixel to pixel: correlation of neighbours, and offsets that whole rows or columns
 * have. Measured at flat places by second differences, which leave little of the structure.
 *
 * @param correlation of neighbours, mean of both directions, -1 to 1; 0 for white noise
 * @param rows SD of the rows' offsets over that of the noise; 0 where chance explains it
 * @param columns the same of columns
 * @param places how many pixels were measured; 0 if none
 */
public record NoisePattern(double correlation, double rows, double columns, int places) {

    /** Of noise that wasn't looked at. */
    static final NoisePattern NONE = new NoisePattern(0, 0, 0, 0);

    /** Simulated white noise reached 0.08 on 64 x 64 pixels, 0.05 on 128 x 128, and 0.13 over the shots of NoiseFitBench. */
    private static final double LARGEST_CORRELATION = 0.18;
    /** What begins to be seen. Of white noise, {@link #SURE} left none in any of those. */
    private static final double LARGEST_OFFSETS = 0.15;
    private static final int LEAST_PLACES = 400;
    /** Larger residuals, in SDs, are edges. */
    private static final double CUT = 4;
    /** Autocorrelation of 1 -2 1 at distances 0, 1 and 2. */
    private static final double[] FILTER = {6, -4, 1};
    /** SD of both second differences of unit noise. */
    private static final double OF_BOTH = 6;
    /** Offsets beyond this many medians are edges that run along a line, or lone bad lines; 4.4 are 3 SDs. */
    private static final double FEW = 4.4;
    /** A correlation of so many SDs of its own isn't chance. */
    private static final double SURE = 4;

    /**
     * Measures a plane.
     *
     * @param places flat ones, row by row, 3 pixels or more from the edges
     * @param sigma SD of the noise at a place
     */
    static NoisePattern of(float[] pixels, int width, int[] places, IntToDoubleFunction sigma) {
        if (places.length < LEAST_PLACES) {
            return NONE;
        }
        int height = pixels.length / width;
        double correlation = (correlation(pixels, width, places, sigma, 1) + correlation(pixels, width, places, sigma, width)) / 2;
        int[] columns = IntStream.of(places).boxed()
                .sorted(Comparator.<Integer>comparingInt(i -> i % width).thenComparingInt(i -> i)).mapToInt(i -> i).toArray();
        return new NoisePattern(correlation, offsets(pixels, places, sigma, width, i -> i / width, height),
                offsets(pixels, columns, sigma, 1, i -> i % width, width), places.length);
    }

    /**
     * What correlation of direct neighbours explains that of the residuals: of noise with correlation c the filter leaves
     * (-4 + 7 c) / (6 - 8 c), on white noise -2/3.
     */
    private static double correlation(float[] pixels, int width, int[] places, IntToDoubleFunction sigma, int step) {
        double products = 0;
        double squares = 0;
        for (int i : places) {
            double scale = OF_BOTH * sigma.applyAsDouble(i);
            double here = NoiseEstimate.residual(pixels, i, width) / scale;
            double next = NoiseEstimate.residual(pixels, i + step, width) / scale;
            if (Math.abs(here) < CUT && Math.abs(next) < CUT) {
                products += here * next;
                squares += (here * here + next * next) / 2;
            }
        }
        double found = squares == 0 ? FILTER[1] / FILTER[0] : products / squares;
        double divisor = FILTER[0] + FILTER[2] + 2 * -FILTER[1] * found;
        return divisor <= 0 ? -1 : Math.max(-1, Math.min(1, (FILTER[0] * found - FILTER[1]) / divisor));
    }

    /**
     * SD of the lines' offsets, from the covariance of each line's two halves, which noise leaves at 0,
     * correlated along the line or not.
     *
     * @param places line by line
     * @param across to the next line
     */
    private static double offsets(float[] pixels, int[] places, IntToDoubleFunction sigma, int across, IntUnaryOperator line, int lines) {
        double[][] halves = new double[lines][];
        int begin = 0;
        for (int which = 0; which < lines; which++) {
            int end = begin;
            while (end < places.length && line.applyAsInt(places[end]) == which) {
                end++;
            }
            int half = (end - begin) / 2;
            // long lines say more
            double weight = Math.sqrt(half);
            halves[which] = half == 0 ? new double[2] : new double[] {weight * mean(pixels, places, begin, begin + half, sigma, across),
                weight * mean(pixels, places, end - half, end, sigma, across)};
            begin = end;
        }
        double limit = FEW * median(halves);
        double covariance = 0;
        double first = 0;
        double second = 0;
        int counted = 0;
        for (double[] means : halves) {
            if (means[0] != 0 && Math.abs(means[0]) < limit && Math.abs(means[1]) < limit) {
                covariance += means[0] * means[1];
                first += means[0] * means[0];
                second += means[1] * means[1];
                counted++;
            }
        }
        // lines near each other aren't independent, since the filter reaches over them
        double dependence = 1 + 2 * (square(FILTER[1] / FILTER[0]) + square(FILTER[2] / FILTER[0]));
        boolean sure = counted > 0 && covariance > SURE * Math.sqrt(first * second * dependence / counted);
        return sure ? Math.sqrt(covariance / FILTER[0] / (places.length / 2.0)) : 0;
    }

    private static double median(double[][] halves) {
        double[] sizes = Arrays.stream(halves).flatMapToDouble(Arrays::stream).map(Math::abs).filter(size -> size > 0).sorted().toArray();
        return sizes.length == 0 ? 0 : sizes[sizes.length / 2];
    }

    private static double mean(float[] pixels, int[] places, int from, int to, IntToDoubleFunction sigma, int across) {
        double limit = CUT * Math.sqrt(FILTER[0]);
        double sum = 0;
        for (int k = from; k < to; k++) {
            int i = places[k];
            double value = (2.0 * pixels[i] - pixels[i - across] - pixels[i + across]) / sigma.applyAsDouble(i);
            sum += Math.max(-limit, Math.min(limit, value));
        }
        return sum / (to - from);
    }

    /** Several planes of one camera as one, by their numbers of places. */
    static NoisePattern pool(List<NoisePattern> planes) {
        double places = planes.stream().mapToDouble(NoisePattern::places).sum();
        if (places == 0) {
            return NONE;
        }
        return new NoisePattern(planes.stream().mapToDouble(plane -> plane.places * plane.correlation).sum() / places,
                Math.sqrt(planes.stream().mapToDouble(plane -> plane.places * square(plane.rows)).sum() / places),
                Math.sqrt(planes.stream().mapToDouble(plane -> plane.places * square(plane.columns)).sum() / places), (int) Math.min(Integer.MAX_VALUE, places));
    }

    /** What a user should know before denoising, in sentences; none of white noise. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (correlation > LARGEST_CORRELATION) {
            warnings.add(String.format(Locale.ROOT, "The noise of neighbouring pixels is correlated (about %.2f; resampled, smoothed or compressed image?), so it is"
                    + " stronger than estimated and is partly taken for structure. Denoise the raw image instead.", correlation));
        }
        add(warnings, "Rows", rows);
        add(warnings, "Columns", columns);
        return warnings;
    }

    private static void add(List<String> warnings, String lines, double offsets) {
        if (offsets > LARGEST_OFFSETS) {
            warnings.add(String.format(Locale.ROOT, "%s have offsets of their own (fixed-pattern noise, SD %.2f times that of the noise), which denoising keeps as stripes."
                    + " Subtract a dark image first.", lines, offsets));
        }
    }

    private static double square(double value) {
        return value * value;
    }
}
