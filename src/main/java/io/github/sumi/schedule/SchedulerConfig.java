// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.Arrays;

/**
 * scheduler_config.json as diffusers writes it for a DDPMScheduler; the names and defaults are diffusers'.
 *
 * @param numTrainTimesteps T, 1 to 100000
 * @param betaStart first beta of the linear, scaled_linear and sigmoid schedules
 * @param betaEnd last beta of them
 * @param betaSchedule how betas grow
 * @param trainedBetas the betas themselves, instead of a schedule; null where there are none
 * @param varianceType variance of a reverse step
 * @param clipSample whether the estimate of x_0 is clipped to +-clipSampleRange in each step
 * @param predictionType what the network predicts
 * @param thresholding whether it is thresholded dynamically instead (Saharia et al. 2022, section 2.3)
 * @param dynamicThresholdingRatio quantile of |x_0| that is the threshold
 * @param clipSampleRange limit of clipping
 * @param sampleMaxValue upper limit of the dynamic threshold
 * @param timestepSpacing which timesteps a short chain visits
 * @param stepsOffset added to the timesteps of leading spacing
 * @param rescaleBetasZeroSnr whether betas are rescaled so that the last timestep holds no signal (Lin et al. 2024, algorithm 1)
 */
public record SchedulerConfig(int numTrainTimesteps, double betaStart, double betaEnd, BetaSchedule betaSchedule,
        double[] trainedBetas, VarianceType varianceType, boolean clipSample, PredictionType predictionType,
        boolean thresholding, double dynamicThresholdingRatio, double clipSampleRange, double sampleMaxValue,
        TimestepSpacing timestepSpacing, int stepsOffset, boolean rescaleBetasZeroSnr) {

    /** @throws IllegalArgumentException naming the value and its range */
    public SchedulerConfig {
        check(numTrainTimesteps >= 1 && numTrainTimesteps <= 100_000, "num_train_timesteps", numTrainTimesteps, "from 1 to 100000");
        check(betaStart > 0 && betaStart < 1, "beta_start", betaStart, "above 0 and below 1");
        check(betaEnd > 0 && betaEnd < 1, "beta_end", betaEnd, "above 0 and below 1");
        check(dynamicThresholdingRatio >= 0 && dynamicThresholdingRatio <= 1, "dynamic_thresholding_ratio",
                dynamicThresholdingRatio, "from 0 to 1");
        check(clipSampleRange > 0, "clip_sample_range", clipSampleRange, "above 0");
        check(sampleMaxValue >= 1, "sample_max_value", sampleMaxValue, "1 or more");
        check(stepsOffset >= 0 && stepsOffset < numTrainTimesteps, "steps_offset", stepsOffset, "from 0 to num_train_timesteps - 1");
        if (trainedBetas != null) {
            check(trainedBetas.length == numTrainTimesteps, "the number of trained_betas", trainedBetas.length,
                    "num_train_timesteps, " + numTrainTimesteps);
            for (double beta : trainedBetas) {
                check(beta > 0 && beta < 1, "a value of trained_betas", beta, "above 0 and below 1");
            }
            trainedBetas = trainedBetas.clone();
        }
    }

    /** diffusers' defaults. */
    public static SchedulerConfig ddpm() {
        return parse("{}");
    }

    /**
     * Reads the text of scheduler_config.json.
     *
     * @throws IllegalArgumentException if it isn't a JSON object, or a field or value isn't known; it is named
     */
    public static SchedulerConfig parse(String json) {
        return new SchedulerConfigReader(json).read();
    }

    /** The same without clipping or thresholding of x_0, as denoising needs it. */
    public SchedulerConfig withoutClipping() {
        return new SchedulerConfig(numTrainTimesteps, betaStart, betaEnd, betaSchedule, trainedBetas, varianceType, false,
                predictionType, false, dynamicThresholdingRatio, clipSampleRange, sampleMaxValue, timestepSpacing, stepsOffset,
                rescaleBetasZeroSnr);
    }

    @Override
    public double[] trainedBetas() {
        return trainedBetas == null ? null : trainedBetas.clone();
    }

    private static void check(boolean good, String name, Object value, String range) {
        if (!good) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be " + range + ".");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SchedulerConfig that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return "DDPMScheduler[T=" + numTrainTimesteps + ", " + (trainedBetas == null
                ? betaSchedule + " " + betaStart + ".." + betaEnd : "betas " + Arrays.toString(trainedBetas))
                + ", " + varianceType + ", " + predictionType + (clipSample ? ", clip " + clipSampleRange : "")
                + (thresholding ? ", threshold " + dynamicThresholdingRatio + " to " + sampleMaxValue : "")
                + ", " + timestepSpacing + "+" + stepsOffset + (rescaleBetasZeroSnr ? ", zero SNR" : "") + "]";
    }
}
