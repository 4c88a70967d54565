// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/**
 * Single pixels far brighter than all around them, which neither the noise nor a microscope makes: light spreads over several pixels
 * wherever the image is sampled finely enough for its optics. They are defects of the camera, or cosmic rays. The network would take
 * them for structure and harm what is around them, so it sees the median of their neighbours, and they stay as they are.
 */
final class HotPixels {

    /** Pixels to each side that one is compared with. */
    static final int REACH = 2;

    /** A pixel is hot so many SDs of the noise above the brightest of its 8 neighbours. */
    private static final double LEAST_SIGMAS = 8;
    /**
     * So much of its height above the surroundings may be in its 4 nearest neighbours on average, besides noise. The image of a point by a
     * microscope, a Gaussian of SD 0.6 pixels or more, has 0.25 there at least.
     */
    private static final double LARGEST_SPREAD = 0.1;
    /** SDs of the noise: twice that of what is compared. */
    private static final double NOISE_OF_SPREAD = 1;
    private static final int NEIGHBOURS = 8;

    private final float[] pixels;
    private final Region window;
    private final double sigma;
    private final double[] near = new double[NEIGHBOURS];
    private final double[] ring = new double[(2 * REACH + 1) * (2 * REACH + 1) - NEIGHBOURS - 1];
    private final int[] places;
    private final float[] values;

    /** Finds those of stabilised pixels. */
    private HotPixels(float[] pixels, Region window, double sigma) {
        this.pixels = pixels;
        this.window = window;
        this.sigma = sigma;
        // one neighbour settles nearly all
        this.places = !(sigma > 0) ? new int[0] : IntStream.range(0, pixels.length)
                .filter(i -> pixels[i] - pixels[at(i % window.width() + 1, i / window.width())] > LEAST_SIGMAS * sigma && isHot(i)).toArray();
        this.values = new float[places.length];
    }

    /**
     * Finds hot pixels and replaces them.
     *
     * @param pixels of the window, row by row, whose noise has one SD
     * @param sigma that SD; 0 where none is known, and no pixel is hot
     */
    static HotPixels replace(float[] pixels, Region window, double sigma) {
        HotPixels hot = new HotPixels(pixels, window, sigma);
        hot.replaceIn(pixels);
        return hot;
    }

    /** Likewise of grey values, where the scaling says that there are any. */
    static HotPixels replace(float[] pixels, Region window, Scaling scaling) {
        if (scaling.hotPixels() == 0) {
            return new HotPixels(new float[0], window, 0);
        }
        float[] stabilized = pixels.clone();
        GreyValues.stabilizer(scaling.noise()).accept(stabilized);
        HotPixels hot = new HotPixels(stabilized, window, Scaling.sigma(scaling.noise()));
        hot.replaceIn(pixels);
        return hot;
    }

    private void replaceIn(float[] of) {
        float[] medians = new float[places.length];
        for (int k = 0; k < places.length; k++) {
            values[k] = of[places[k]];
            look(of, places[k]);
            medians[k] = (float) median(near);
        }
        for (int k = 0; k < places.length; k++) {
            of[places[k]] = medians[k];
        }
    }

    private boolean isHot(int i) {
        double nearest = look(pixels, i);
        double around = median(ring);
        return pixels[i] - Arrays.stream(near).max().orElseThrow() > LEAST_SIGMAS * sigma
                && nearest - around < NOISE_OF_SPREAD * sigma + LARGEST_SPREAD * (pixels[i] - around);
    }

    /** Fills in the neighbours of a pixel and what is around them. @return mean of the 4 nearest */
    private double look(float[] of, int i) {
        int nears = 0;
        int rings = 0;
        double nearest = 0;
        for (int dy = -REACH; dy <= REACH; dy++) {
            for (int dx = -REACH; dx <= REACH; dx++) {
                double value = of[at(i % window.width() + dx, i / window.width() + dy)];
                if (Math.abs(dx) == REACH || Math.abs(dy) == REACH) {
                    ring[rings++] = value;
                } else if (dx != 0 || dy != 0) {
                    near[nears++] = value;
                    nearest += dx == 0 || dy == 0 ? value / 4 : 0;
                }
            }
        }
        return nearest;
    }

    /** Beyond the window its reflection. */
    private int at(int x, int y) {
        return TileAxis.reflect(Math.abs(y), window.height()) * window.width() + TileAxis.reflect(Math.abs(x), window.width());
    }

    /** Sorts the values, an even number. */
    private static double median(double[] of) {
        Arrays.sort(of);
        return (of[of.length / 2 - 1] + of[of.length / 2]) / 2;
    }

    /** How many are in a part of the plane. */
    long count(Region part) {
        return Arrays.stream(places).filter(i -> isIn(part, i)).count();
    }

    /** Gives the hot pixels of a part their values back. */
    void restore(Img<FloatType> image, Region part) {
        for (int k = 0; k < places.length; k++) {
            if (isIn(part, places[k])) {
                image.getAt(x(places[k]) - part.x(), y(places[k]) - part.y()).set(values[k]);
            }
        }
    }

    private boolean isIn(Region part, int i) {
        return x(i) >= part.x() && x(i) < part.x() + part.width() && y(i) >= part.y() && y(i) < part.y() + part.height();
    }

    private int x(int i) {
        return window.x() + i % window.width();
    }

    private int y(int i) {
        return window.y() + i / window.width();
    }

    /** What a user should know, a sentence; none where there is no hot pixel. */
    static List<String> warnings(long count) {
        return count == 0 ? List.of() : List.of(String.format(Locale.ROOT, "%d hot pixel%s, at least %.0f SDs of the noise brighter than all neighbours, %s left as %s:"
                + " neither noise nor structure. To remove %s: Process > Noise > Remove Outliers..., radius 1.", count, count == 1 ? "" : "s", LEAST_SIGMAS,
                count == 1 ? "is" : "are", count == 1 ? "it is" : "they are", count == 1 ? "it" : "them"));
    }
}
