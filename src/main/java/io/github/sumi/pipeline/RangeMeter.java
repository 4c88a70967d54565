// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The grey values of a plane, smoothed, from its parts in any order: the same numbers as from the whole. Hot pixels are counted, and
 * don't widen the range.
 */
final class RangeMeter {

    /** Pixels beyond a part that its own depend on: it is smoothed twice, of pixels that are compared with those around them. */
    private static final int HALO = 4 + HotPixels.REACH;

    /** Percentiles of large planes are taken from about this many pixels. */
    private static final int MAX_RANKED = 1 << 20;

    private final double sigma;
    private final int width;
    private final int height;
    private final long stride;
    private final float[] ranked;
    private int count;
    private double peak = Double.NEGATIVE_INFINITY;
    private long hotPixels;

    /**
     * @param width of the plane
     * @param height of the plane
     * @param sigma SD of the noise in what will be added; 0 where none is known, and no pixel is hot
     */
    RangeMeter(int width, int height, double sigma) {
        this.sigma = sigma;
        this.width = width;
        this.height = height;
        long size = (long) width * height;
        stride = (size + MAX_RANKED - 1) / MAX_RANKED;
        ranked = new float[(int) ((size + stride - 1) / stride)];
    }

    /**
     * Reads planes of one size and measures them, cell by cell, each cell of all of them before the next.
     *
     * @param stabilizer is applied to all pixels first
     * @param sigma SD of the noise after that
     * @throws IllegalArgumentException if a pixel isn't finite
     */
    static List<RangeMeter> measure(List<? extends PlanePixels> planes, Consumer<float[]> stabilizer, double sigma) {
        int width = planes.get(0).width();
        int height = planes.get(0).height();
        List<RangeMeter> meters = planes.stream().map(plane -> new RangeMeter(width, height, sigma)).toList();
        for (Region cell : Region.cells(width, height, PlanePixels.CELL)) {
            for (int i = 0; i < meters.size(); i++) {
                Region window = meters.get(i).window(cell);
                float[] pixels = Planes.pixels(planes.get(i), window);
                stabilizer.accept(pixels);
                meters.get(i).add(cell, window, pixels);
            }
        }
        return meters;
    }

    /** What has to be read for a part. */
    private Region window(Region part) {
        return part.grown(HALO, width, height);
    }

    /**
     * Adds a part.
     *
     * @param window that its pixels come from, {@link #window} of it
     * @param pixels of the window, row by row; hot ones are replaced
     */
    void add(Region part, Region window, float[] pixels) {
        hotPixels += HotPixels.replace(pixels, window, sigma).count(part);
        float[] once = smooth(pixels, window);
        float[] twice = smooth(once, window);
        for (int y = part.y(); y < part.y() + part.height(); y++) {
            int row = (y - window.y()) * window.width() - window.x();
            for (int x = part.x(); x < part.x() + part.width(); x++) {
                peak = Math.max(peak, once[row + x]);
            }
            long first = (long) y * width + part.x();
            for (long i = (first + stride - 1) / stride * stride; i < first + part.width(); i += stride) {
                ranked[count++] = twice[row + (int) (i - (long) y * width)];
            }
        }
    }

    /** Of a blank part each pixel becomes what one does by itself. */
    private static float[] smooth(float[] pixels, Region window) {
        if (!Planes.isBlank(pixels)) {
            return Planes.smooth(pixels, window.width(), window.height());
        }
        float[] smooth = new float[pixels.length];
        Arrays.fill(smooth, Planes.smooth(new float[] {pixels[0]}, 1, 1)[0]);
        return smooth;
    }

    /** To be called when all parts are in, once, before the percentiles. */
    void rank() {
        if (count != ranked.length) {
            throw new IllegalStateException(count + " of " + ranked.length + " values: parts are missing");
        }
        Arrays.sort(ranked);
    }

    /** How many pixels were hot. */
    long hotPixels() {
        return hotPixels;
    }

    /** Of the plane smoothed once. */
    double peak() {
        return peak;
    }

    /** Of the plane smoothed twice. @param percent 0 to 100 */
    double percentile(double percent) {
        double position = percent / 100 * (ranked.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, ranked.length - 1);
        return ranked[below] + (position - below) * (ranked[above] - ranked[below]);
    }
}
