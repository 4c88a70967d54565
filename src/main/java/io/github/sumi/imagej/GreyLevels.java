// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.measure.Calibration;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

/**
 * Brings 32-bit grey values to the type of the result. At 8 and 16 bits they are rounded and saturated, and those that
 * didn't fit are counted; at 32 bits they go through the density calibration, as in Image &gt; Type &gt; 32-bit, so that
 * a signed 16-bit image keeps its negative values.
 */
final class GreyLevels {

    private final int bitDepth;
    private final Calibration density;
    private long clipped;

    GreyLevels(ImagePlus input, boolean toFloat) {
        bitDepth = toFloat ? 32 : input.getBitDepth();
        density = bitDepth == 32 && input.getBitDepth() != 32 && input.getCalibration().calibrated() ? input.getCalibration() : null;
    }

    /** Whether the density calibration is in the values. */
    boolean calibrated() {
        return density != null;
    }

    /** Bytes of a pixel of the result. */
    int bytesPerPixel() {
        return bitDepth / Byte.SIZE;
    }

    /** Pixels of the result from raw grey values, which are overwritten. */
    ImageProcessor convert(FloatProcessor raw) {
        float[] in = (float[]) raw.getPixels();
        if (bitDepth == 32) {
            for (int i = 0; density != null && i < in.length; i++) {
                in[i] = (float) calibrated(in[i]);
            }
            return raw;
        }
        ImageProcessor out = bitDepth == 8 ? new ByteProcessor(raw.getWidth(), raw.getHeight())
                : new ShortProcessor(raw.getWidth(), raw.getHeight());
        int max = (1 << bitDepth) - 1;
        for (int i = 0; i < in.length; i++) {
            int value = Math.round(in[i]);
            if (value < 0 || value > max) {
                clipped++;
                value = Math.max(0, Math.min(max, value));
            }
            out.set(i, value);
        }
        return out;
    }

    /** The density calibration, between the grey values of its table too, where ImageJ would cut the decimals off. */
    private double calibrated(float raw) {
        if (density.getCoefficients() != null) {
            return density.getCValue(raw);
        }
        float[] table = density.getCTable();
        float inside = Math.max(0, Math.min(table.length - 1, raw));
        int below = (int) inside;
        int above = Math.min(below + 1, table.length - 1);
        return table[below] + (inside - below) * (double) (table[above] - table[below]);
    }

    /** Pixels of the result for a plane that is left as it is; a copy. */
    ImageProcessor copy(ImageProcessor plane) {
        return plane.getBitDepth() == bitDepth ? plane.duplicate() : convert(PlaneImages.raw(plane));
    }

    /** A standard deviation of raw grey values in the units of the result; exact where the density calibration is a line. */
    FloatProcessor deviation(FloatProcessor raw) {
        raw.multiply(Math.abs(slope()));
        return raw;
    }

    /** A difference of raw grey values, likewise. */
    FloatProcessor difference(FloatProcessor raw) {
        raw.multiply(slope());
        return raw;
    }

    private double slope() {
        return density != null && density.getFunction() == Calibration.STRAIGHT_LINE ? density.getCoefficients()[1] : 1;
    }

    /** Pixels so far that the type could not hold. */
    long clipped() {
        return clipped;
    }
}
