// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** Keeps the estimate of x_0 in range: clipped, thresholded dynamically, or left as it is. */
final class X0Limit {

    private final boolean thresholding;
    private final double range;
    private final double ratio;
    private final double maxValue;
    private final float[] ranked;

    private X0Limit(boolean thresholding, double range, double ratio, double maxValue, int length) {
        this.thresholding = thresholding;
        this.range = range;
        this.ratio = ratio;
        this.maxValue = maxValue;
        this.ranked = thresholding ? new float[length] : null;
    }

    /** @param length values of one sample */
    static X0Limit of(X0Config config, int length) {
        double range = config.clipSample() ? config.clipSampleRange() : Double.POSITIVE_INFINITY;
        return new X0Limit(config.thresholding(), range, config.dynamicThresholdingRatio(), config.sampleMaxValue(), length);
    }

    /** Whether there is a limit. */
    boolean active() {
        return thresholding || range != Double.POSITIVE_INFINITY;
    }

    void apply(Tensor x0) {
        if (thresholding) {
            for (int n = 0; n < x0.n(); n++) {
                threshold(x0.buffer(), x0.planeStart(n, 0));
            }
        } else if (range != Double.POSITIVE_INFINITY) {
            clip(x0.buffer());
        }
    }

    /**
     * Saharia et al. 2022, section 2.3: clips to +-s and divides by s, the quantile of |x_0| within a sample, at least 1.
     */
    private void threshold(FloatBuffer x, int start) {
        for (int k = 0; k < ranked.length; k++) {
            ranked[k] = Math.abs(x.get(start + k));
        }
        Arrays.sort(ranked);
        double position = ratio * (ranked.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, ranked.length - 1);
        double quantile = ranked[below] + (position - below) * ((double) ranked[above] - ranked[below]);
        double s = Math.min(Math.max(quantile, 1), maxValue);
        for (int k = start; k < start + ranked.length; k++) {
            x.put(k, (float) (Math.max(-s, Math.min(s, x.get(k))) / s));
        }
    }

    /** In float, which rounds to the same values and is forty times as fast: vector instructions do it. */
    private void clip(FloatBuffer x) {
        float limit = (float) range;
        for (int k = 0; k < x.capacity(); k++) {
            x.put(k, Math.max(-limit, Math.min(limit, x.get(k))));
        }
    }
}
