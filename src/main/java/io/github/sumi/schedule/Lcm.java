// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static io.github.sumi.schedule.LinearMultistep.M0;
import static io.github.sumi.schedule.LinearMultistep.X;
import static io.github.sumi.schedule.LinearMultistep.Z;

/**
 * Multistep sampling of a latent consistency model (Luo et al. 2023, algorithm 3): the consistency function
 * {@code f = c_skip x_t + c_out x_0} (eq. 9) gives the image at once; noise of the next timestep is added and it
 * is asked again. It is made for networks that were distilled so; with others it draws no fair sample.
 */
final class Lcm {

    private static final double SIGMA_DATA = 0.5;

    /**
     * @param originalInferenceSteps steps of the solver in distillation, to whose timesteps the chain keeps
     * @param timestepScaling factor of t in the boundary condition
     */
    record Config(int originalInferenceSteps, double timestepScaling) {

        static Config read(ConfigFields fields) {
            fields.flag("set_alpha_to_one", true);
            return new Config(fields.integer("original_inference_steps", 50), fields.number("timestep_scaling", 10));
        }
    }

    private Lcm() {
    }

    static Scheduler of(SchedulerConfig config, int numInferenceSteps) {
        Config own = config.solver(Config.class);
        double[] timesteps = timesteps(own, config.betas().numTrainTimesteps(), numInferenceSteps);
        Sigmas sigmas = Sigmas.at(timesteps, NoiseSchedule.of(config));
        ConfigFields.check(Double.isFinite(sigmas.values()[0]) || config.predictionType() != PredictionType.EPSILON,
                "rescale_betas_zero_snr", true, "false, or prediction_type another than epsilon");
        Trajectory trajectory = Trajectory.preserving(sigmas, config.predictionType());
        double[][] weights = new double[timesteps.length][M0 + 1];
        for (int i = 0; i < weights.length; i++) {
            double scaled = own.timestepScaling * timesteps[i];
            double variance = scaled * scaled + SIGMA_DATA * SIGMA_DATA;
            Level next = trajectory.levels()[i + 1];
            weights[i][X] = next.alpha() * SIGMA_DATA * SIGMA_DATA / variance;
            weights[i][M0] = next.alpha() * scaled / Math.sqrt(variance);
            weights[i][Z] = next.sigma();
        }
        return new LinearMultistep(trajectory, weights, config.x0(), 1, false);
    }

    /** Every k-th of training's, k = T / original steps, and of those n evenly spaced ones. */
    private static double[] timesteps(Config config, int total, int n) {
        int original = config.originalInferenceSteps;
        ConfigFields.check(original >= 1 && original <= total, "original_inference_steps", original, "from 1 to " + total);
        ConfigFields.check(n >= 1 && n <= original, "steps", n, "from 1 to original_inference_steps, " + original);
        double[] timesteps = new double[n];
        for (int i = 0; i < n; i++) {
            int index = (int) Math.floor(i * ((double) original / n));
            timesteps[i] = (original - index) * (total / original) - 1;
        }
        return timesteps;
    }
}
