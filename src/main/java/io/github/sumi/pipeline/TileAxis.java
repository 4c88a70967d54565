// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.Arrays;

/**
 * How one axis of an image is cut: where each tile starts and with what weight its pixels count. For each pixel of the
 * image the weights of the tiles add up to 1.
 */
final class TileAxis {

    private final int extent;
    private final int length;
    private final int origin;
    private final int[] starts;
    private final double[][] weights;

    private TileAxis(int extent, int length, int origin, int[] starts, double[][] weights) {
        this.extent = extent;
        this.length = length;
        this.origin = origin;
        this.starts = starts;
        this.weights = weights;
    }

    /**
     * As few tiles as {@code tile} and {@code overlap} allow, as small as that many can be: of equal length, at most
     * {@code tile}, sharing at least {@code overlap} pixels; one where the whole extent is no longer.
     *
     * @param tile a multiple of {@code multiple}, and more than {@code overlap} by that at least
     * @param multiple of which lengths and starts are
     */
    static TileAxis of(int extent, int tile, int overlap, int multiple) {
        int padded = roundUp(extent, multiple);
        int shared = roundUp(overlap, multiple);
        int count = padded <= tile ? 1 : ceilDiv(padded - shared, tile - shared);
        int stride = count == 1 ? padded : roundUp(ceilDiv(padded - shared, count), multiple);
        int length = count == 1 ? padded : stride + shared;
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = Math.min(i * stride, padded - length);
        }
        return new TileAxis(extent, length, 0, starts, weights(starts, length, padded));
    }

    /**
     * The tiles alone that make the pixels {@code from} to {@code to - 1}, and of the image only what these tiles see: positions
     * then count from {@link #origin}.
     */
    TileAxis part(int from, int to) {
        int first = 0;
        while (!makes(first, from, to)) {
            first++;
        }
        int end = first;
        while (end < starts.length && makes(end, from, to)) {
            end++;
        }
        int begin = starts[first];
        int beyond = Math.min(extent, starts[end - 1] + length);
        for (int position = extent; position < starts[end - 1] + length; position++) {
            begin = Math.min(begin, reflect(position, extent));
        }
        int[] shifted = new int[end - first];
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] = starts[first + i] - begin;
        }
        return new TileAxis(beyond - begin, length, origin + begin, shifted, Arrays.copyOfRange(weights, first, end));
    }

    private boolean makes(int i, int from, int to) {
        for (int position = Math.max(from, starts[i]); position < Math.min(to, starts[i] + length); position++) {
            if (weights[i][position - starts[i]] > 0) {
                return true;
            }
        }
        return false;
    }

    private static double[][] weights(int[] starts, int length, int padded) {
        double[][] weights = new double[starts.length][length];
        for (int i = 0; i < starts.length; i++) {
            int before = i == 0 ? 0 : starts[i - 1] + length - starts[i];
            int after = i == starts.length - 1 ? 0 : starts[i] + length - starts[i + 1];
            for (int p = 0; p < length; p++) {
                weights[i][p] = ramp(p, before) * ramp(length - 1 - p, after);
            }
        }
        double[] sums = new double[padded];
        for (int i = 0; i < starts.length; i++) {
            for (int p = 0; p < length; p++) {
                sums[starts[i] + p] += weights[i][p];
            }
        }
        for (int i = 0; i < starts.length; i++) {
            for (int p = 0; p < length; p++) {
                weights[i][p] /= sums[starts[i] + p];
            }
        }
        return weights;
    }

    /** 0 in the outer quarter of the shared pixels, 1 beyond three quarters, linear between. */
    private static double ramp(int fromEdge, int shared) {
        if (shared == 0) {
            return 1;
        }
        return Math.max(0, Math.min(1, (fromEdge + 0.5 - shared / 4.0) / (shared / 2.0)));
    }

    static int roundUp(int value, int multiple) {
        return ceilDiv(value, multiple) * multiple;
    }

    private static int ceilDiv(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }

    /** The pixel that a position beyond the end shows: the image reflected at its outermost pixels, however often. */
    static int reflect(int position, int extent) {
        if (position < extent) {
            return position;
        }
        if (extent == 1) {
            return 0;
        }
        int within = position % (2 * (extent - 1));
        return within < extent ? within : 2 * (extent - 1) - within;
    }

    /** Pixels of the image, or of the part of it. */
    int extent() {
        return extent;
    }

    /** Where the part begins; 0 of the whole image. */
    int origin() {
        return origin;
    }

    /** Pixels of a tile. */
    int length() {
        return length;
    }

    int count() {
        return starts.length;
    }

    int start(int i) {
        return starts[i];
    }

    double weight(int i, int p) {
        return weights[i][p];
    }
}
