// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

/** Rounds and saturates 32-bit pixels to 8 or 16 bits and counts those that didn't fit. */
final class Quantizer {

    private final int bitDepth;
    private long clipped;

    /** @param bitDepth 8, 16 or 32 */
    Quantizer(int bitDepth) {
        this.bitDepth = bitDepth;
    }

    ImageProcessor quantize(FloatProcessor plane) {
        if (bitDepth == 32) {
            return plane;
        }
        float[] in = (float[]) plane.getPixels();
        ImageProcessor out = bitDepth == 8 ? new ByteProcessor(plane.getWidth(), plane.getHeight())
                : new ShortProcessor(plane.getWidth(), plane.getHeight());
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

    long clipped() {
        return clipped;
    }
}
