// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import net.imglib2.Cursor;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/** A plane as row-major floats, and the filters that its statistics need. */
final class Planes {

    private static final float[] BINOMIAL = {1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f};

    private Planes() {
    }

    /**
     * The pixels of a plane [width, height] in rows.
     *
     * @throws IllegalArgumentException if it isn't a plane, or a pixel isn't finite
     */
    static float[] pixels(RandomAccessibleInterval<? extends RealType<?>> plane) {
        PlanePixels pixels = of(plane);
        return pixels(pixels, new Region(0, 0, pixels.width(), pixels.height()));
    }

    /** A part of a plane. @throws IllegalArgumentException if a pixel isn't finite */
    static float[] pixels(PlanePixels plane, Region region) {
        float[] pixels = plane.read(region);
        for (int i = 0; i < pixels.length; i++) {
            if (!Float.isFinite(pixels[i])) {
                throw new IllegalArgumentException("The pixel at x = " + (region.x() + i % region.width()) + ", y = "
                        + (region.y() + i / region.width()) + " is " + pixels[i] + ". Replace such pixels by numbers first.");
            }
        }
        return pixels;
    }

    /** A part of a region's pixels; both in the plane's coordinates. @return a copy */
    static float[] crop(float[] pixels, Region region, Region part) {
        float[] cropped = new float[part.size()];
        int first = (part.y() - region.y()) * region.width() + part.x() - region.x();
        for (int row = 0; row < part.height(); row++) {
            System.arraycopy(pixels, first + row * region.width(), cropped, row * part.width(), part.width());
        }
        return cropped;
    }

    /** A plane in memory. @throws IllegalArgumentException if it isn't a plane */
    static PlanePixels of(RandomAccessibleInterval<? extends RealType<?>> plane) {
        if (plane.numDimensions() != 2) {
            throw new IllegalArgumentException("a plane has 2 dimensions; this image has " + plane.numDimensions() + ".");
        }
        return new PlanePixels() {
            @Override
            public int width() {
                return Math.toIntExact(plane.dimension(0));
            }

            @Override
            public int height() {
                return Math.toIntExact(plane.dimension(1));
            }

            @Override
            public float[] read(Region region) {
                float[] pixels = new float[region.size()];
                long x = plane.min(0) + region.x();
                long y = plane.min(1) + region.y();
                Cursor<? extends RealType<?>> cursor = Views.flatIterable(Views.interval(plane,
                        new FinalInterval(new long[] {x, y}, new long[] {x + region.width() - 1, y + region.height() - 1}))).cursor();
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = cursor.next().getRealFloat();
                }
                return pixels;
            }
        };
    }

    /** Whether all pixels, more than one, have one value: the margin of a mosaic, which is large in large images. */
    static boolean isBlank(float[] pixels) {
        for (float value : pixels) {
            if (value != pixels[0]) {
                return false;
            }
        }
        return pixels.length > 1;
    }

    static Img<FloatType> image(float[] pixels, int width, int height) {
        return ArrayImgs.floats(pixels, width, height);
    }

    /** The plane smoothed by the binomial 1 4 6 4 1 along both axes (a Gaussian of 1 px), its edges reflected. */
    static float[] smooth(float[] pixels, int width, int height) {
        return convolve(convolve(pixels, width, height, width, 1), height, width, 1, width);
    }

    /** Along an axis of {@code extent} pixels that are {@code step} apart, for each of {@code lines} lines. */
    private static float[] convolve(float[] in, int extent, int lines, int lineStep, int step) {
        float[] out = new float[in.length];
        for (int line = 0; line < lines; line++) {
            for (int i = 0; i < extent; i++) {
                float sum = 0;
                for (int k = -2; k <= 2; k++) {
                    sum += BINOMIAL[k + 2] * in[line * lineStep + TileAxis.reflect(Math.abs(i + k), extent) * step];
                }
                out[line * lineStep + i * step] = sum;
            }
        }
        return out;
    }
}
