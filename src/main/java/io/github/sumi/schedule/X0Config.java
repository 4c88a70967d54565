// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static io.github.sumi.schedule.ConfigFields.check;

/**
 * How the estimate of x_0 is kept in range in each step.
 *
 * @param clipSample whether it is clipped to +-clipSampleRange
 * @param clipSampleRange limit of clipping
 * @param thresholding whether it is thresholded dynamically instead (Saharia et al. 2022, section 2.3)
 * @param dynamicThresholdingRatio quantile of |x_0| that is the threshold
 * @param sampleMaxValue upper limit of the dynamic threshold
 */
record X0Config(boolean clipSample, double clipSampleRange, boolean thresholding, double dynamicThresholdingRatio,
        double sampleMaxValue) {

    static final X0Config FREE = new X0Config(false, 1, false, 0.995, 1);

    X0Config {
        check(dynamicThresholdingRatio >= 0 && dynamicThresholdingRatio <= 1, "dynamic_thresholding_ratio",
                dynamicThresholdingRatio, "from 0 to 1");
        check(clipSampleRange > 0, "clip_sample_range", clipSampleRange, "above 0");
        check(sampleMaxValue >= 1, "sample_max_value", sampleMaxValue, "1 or more");
    }

    /** Whether x_0 is kept in range at all. */
    boolean limits() {
        return clipSample || thresholding;
    }

    static X0Config clipping(ConfigFields fields, boolean clipSample) {
        return new X0Config(fields.flag("clip_sample", clipSample), fields.number("clip_sample_range", 1), false, 0.995, 1);
    }

    static X0Config thresholding(ConfigFields fields) {
        return new X0Config(false, 1, fields.flag("thresholding", false), fields.number("dynamic_thresholding_ratio", 0.995),
                fields.number("sample_max_value", 1));
    }

    static X0Config both(ConfigFields fields, boolean clipSample) {
        X0Config clipping = clipping(fields, clipSample);
        X0Config thresholding = thresholding(fields);
        return new X0Config(clipping.clipSample, clipping.clipSampleRange, thresholding.thresholding,
                thresholding.dynamicThresholdingRatio, thresholding.sampleMaxValue);
    }
}
