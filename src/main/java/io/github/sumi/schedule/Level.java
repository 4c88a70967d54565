// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/**
 * Signal and noise of {@code x_t = alpha x_0 + sigma epsilon}: variance preserving, {@code alpha^2 + sigma^2 = 1}, or variance
 * exploding, {@code alpha = 1}.
 */
record Level(double alpha, double sigma) {

    /** No noise: the image itself. */
    static final Level IMAGE = new Level(1, 0);

    static Level preserving(double noiseToSignal) {
        if (Double.isInfinite(noiseToSignal)) {
            return new Level(0, 1);
        }
        double length = Math.hypot(1, noiseToSignal);
        return new Level(1 / length, noiseToSignal / length);
    }

    static Level exploding(double sigma) {
        return new Level(1, sigma);
    }

    /** Half the logarithm of the signal-to-noise ratio (Lu et al. 2022, section 2.2); infinite for the image. */
    double lambda() {
        return Math.log(alpha) - Math.log(sigma);
    }
}
