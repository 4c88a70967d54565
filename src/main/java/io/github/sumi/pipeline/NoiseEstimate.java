// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.Arrays;

/** The SD of Gaussian noise in one plane: median absolute deviation of what a second-difference filter leaves. */
final class NoiseEstimate {

    /** MAD of a standard normal variable. */
    private static final double MAD_OF_NORMAL = 0.6744897501960817;
    private static final int MAX_RANKED = 1 << 20;

    private NoiseEstimate() {
    }

    /**
     * Convolves with [1 -2 1; -2 4 -2; 1 -2 1] (Immerkaer 1996, "Fast noise variance estimation"), which removes
     * everything linear along rows or columns. Places where all nine pixels are equal, clipped ones for instance, don't count.
     *
     * @return the SD in grey values; not a number if no place of 3 x 3 pixels holds two different values
     */
    static double sigma(float[] pixels, int width, int height) {
        double[] residuals = new double[Math.min(MAX_RANKED, Math.max(0, (width - 2) * (height - 2)))];
        int places = (width - 2) * (height - 2);
        int stride = Math.max(1, (places + MAX_RANKED - 1) / MAX_RANKED);
        int count = 0;
        for (int place = 0; width > 2 && place < places; place += stride) {
            int i = (place / (width - 2) + 1) * width + place % (width - 2) + 1;
            if (!isFlat(pixels, i, width)) {
                residuals[count++] = Math.abs(residual(pixels, i, width)) / 6;
            }
        }
        if (count == 0) {
            return Double.NaN;
        }
        Arrays.sort(residuals, 0, count);
        return residuals[count / 2] / MAD_OF_NORMAL;
    }

    static double residual(float[] p, int i, int width) {
        double corners = (double) p[i - width - 1] + p[i - width + 1] + p[i + width - 1] + p[i + width + 1];
        double sides = (double) p[i - width] + p[i - 1] + p[i + 1] + p[i + width];
        return corners - 2 * sides + 4 * p[i];
    }

    private static boolean isFlat(float[] p, int i, int width) {
        for (int y = -width; y <= width; y += width) {
            for (int x = -1; x <= 1; x++) {
                if (p[i + y + x] != p[i]) {
                    return false;
                }
            }
        }
        return true;
    }
}
