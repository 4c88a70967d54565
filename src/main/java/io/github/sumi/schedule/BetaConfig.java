// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static io.github.sumi.schedule.ConfigFields.check;

/**
 * The noise schedule that a network was trained with.
 *
 * @param numTrainTimesteps T, 1 to 100000
 * @param betaStart first beta of the linear, scaled_linear and sigmoid schedules
 * @param betaEnd last beta of them
 * @param betaSchedule how betas grow
 * @param trainedBetas the betas themselves, instead of a schedule; null where there are none
 * @param rescaleBetasZeroSnr whether betas are rescaled so that the last timestep holds no signal (Lin et al. 2024, algorithm 1)
 */
record BetaConfig(int numTrainTimesteps, double betaStart, double betaEnd, BetaSchedule betaSchedule, double[] trainedBetas,
        boolean rescaleBetasZeroSnr) {

    BetaConfig {
        check(numTrainTimesteps >= 1 && numTrainTimesteps <= 100_000, "num_train_timesteps", numTrainTimesteps, "from 1 to 100000");
        check(betaStart > 0 && betaStart < 1, "beta_start", betaStart, "above 0 and below 1");
        check(betaEnd > 0 && betaEnd < 1, "beta_end", betaEnd, "above 0 and below 1");
        if (trainedBetas != null) {
            check(trainedBetas.length == numTrainTimesteps, "the number of trained_betas", trainedBetas.length,
                    "num_train_timesteps, " + numTrainTimesteps);
            for (double beta : trainedBetas) {
                check(beta > 0 && beta < 1, "a value of trained_betas", beta, "above 0 and below 1");
            }
        }
    }

    static BetaConfig read(ConfigFields fields, double betaStart, double betaEnd, BetaSchedule betaSchedule) {
        double[] trainedBetas = fields.numbers("trained_betas");
        return new BetaConfig(fields.integer("num_train_timesteps", trainedBetas == null ? 1000 : trainedBetas.length),
                fields.number("beta_start", betaStart), fields.number("beta_end", betaEnd),
                fields.choice("beta_schedule", betaSchedule, BetaSchedule.values()), trainedBetas,
                fields.flag("rescale_betas_zero_snr", false));
    }

    /** The fields with this schedule written out, so that no other class's defaults take its place. */
    ConfigFields pin(ConfigFields fields) {
        return fields.with("num_train_timesteps", numTrainTimesteps).with("beta_start", betaStart).with("beta_end", betaEnd)
                .with("beta_schedule", betaSchedule).with("rescale_betas_zero_snr", rescaleBetasZeroSnr);
    }
}
