// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import java.util.Arrays;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/** Planes between ImageJ and ImgLib2. */
public final class PlaneImages {

    private PlaneImages() {
    }

    /** @throws IllegalArgumentException if the image is RGB */
    static void refuseRgb(ImagePlus image) {
        if (image.getBitDepth() == 24) {
            throw new IllegalArgumentException(image.getTitle() + " is RGB; split it first with Image > Color > Split Channels.");
        }
    }

    /** The grey values of a plane; a copy. */
    public static Img<FloatType> image(ImageProcessor plane) {
        return ArrayImgs.floats((float[]) raw(plane).getPixels(), plane.getWidth(), plane.getHeight());
    }

    /** The grey values of a plane as 32-bit pixels; a copy. ImageJ's own conversion would apply the density calibration. */
    static FloatProcessor raw(ImageProcessor plane) {
        float[] pixels = new float[plane.getPixelCount()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = plane.getf(i);
        }
        return new FloatProcessor(plane.getWidth(), plane.getHeight(), pixels);
    }

    /** A plane [width, height] as 32-bit pixels; a copy. */
    public static FloatProcessor processor(RandomAccessibleInterval<FloatType> plane) {
        FloatProcessor processor = new FloatProcessor((int) plane.dimension(0), (int) plane.dimension(1));
        float[] pixels = (float[]) processor.getPixels();
        int i = 0;
        for (FloatType value : Views.flatIterable(plane)) {
            pixels[i++] = value.get();
        }
        return processor;
    }

    /** Whether all pixels have one value, and more than one pixel says so. */
    static boolean isConstant(ImageProcessor plane) {
        if (plane.getPixels() instanceof byte[] bytes) {
            // much faster than pixel by pixel, and blank planes are looked at to their end
            return bytes.length > 1 && Arrays.equals(bytes, 1, bytes.length, bytes, 0, bytes.length - 1);
        } else if (plane.getPixels() instanceof short[] shorts) {
            return shorts.length > 1 && Arrays.equals(shorts, 1, shorts.length, shorts, 0, shorts.length - 1);
        }
        float first = plane.getf(0);
        for (int i = 1; i < plane.getPixelCount(); i++) {
            if (plane.getf(i) != first) {
                return false;
            }
        }
        return plane.getPixelCount() > 1;
    }
}
