// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static io.github.sumi.schedule.LinearMultistep.M0;
import static io.github.sumi.schedule.LinearMultistep.X;
import static io.github.sumi.schedule.LinearMultistep.Z;

import java.util.Arrays;

/**
 * Euler's method for the ODE {@code dx/dsigma = (x - x_0) / sigma} of Karras et al. 2022, eq. 3 (algorithm 1 without its
 * second-order lines): {@code x' = x + (sigma' - sigma) (x - x_0) / sigma}. The ancestral one goes down to
 * {@code sigma_down = sigma'^2 / sigma} and adds noise of {@code sigma_up^2 = sigma'^2 - sigma_down^2}: the posterior's (Ho et al.
 * 2020, eq. 7) where signal isn't scaled.
 */
final class Euler {

    /** How sigmas follow from timesteps. */
    enum Interpolation {
        /** Linearly between two of training. */
        LINEAR,
        /** Even in the logarithm from the largest to the smallest, which is where the chain ends. */
        LOG_LINEAR
    }

    /** What the network is asked for. */
    enum TimestepType {
        /** Timesteps. */
        DISCRETE,
        /** {@code log(sigma) / 4} where the network predicts v. */
        CONTINUOUS
    }

    record Config(SigmaConfig sigma, Interpolation interpolation, TimestepType timestepType) {

        static Config read(ConfigFields fields) {
            return new Config(SigmaConfig.ended(fields),
                    fields.choice("interpolation_type", Interpolation.LINEAR, Interpolation.values()),
                    fields.choice("timestep_type", TimestepType.DISCRETE, TimestepType.values()));
        }

        static Config ancestral() {
            return new Config(SigmaConfig.PLAIN, Interpolation.LINEAR, TimestepType.DISCRETE);
        }
    }

    private Euler() {
    }

    static Scheduler of(SchedulerConfig config, int numInferenceSteps) {
        Config own = config.solver(Config.class);
        Sigmas sigmas = Sigmas.closed(config, own.sigma, numInferenceSteps);
        if (own.interpolation == Interpolation.LOG_LINEAR) {
            sigmas = logLinear(config, own.sigma, numInferenceSteps, sigmas);
        }
        if (own.timestepType == TimestepType.CONTINUOUS && config.predictionType() == PredictionType.V_PREDICTION) {
            sigmas = new Sigmas(EdmConfig.timesteps(sigmas.values()), sigmas.values());
        }
        Trajectory trajectory = Trajectory.exploding(sigmas, config.predictionType());
        return of(trajectory, config.type() == SchedulerType.EULER_ANCESTRAL_DISCRETE, trajectory.initNoiseSigma(config.spacing()));
    }

    private static Sigmas logLinear(SchedulerConfig config, SigmaConfig sigma, int n, Sigmas linear) {
        NoiseSchedule schedule = NoiseSchedule.of(config).nonZero();
        double[] values = Sigmas.spread(SigmaConfig.Spread.EXPONENTIAL, schedule.sigma(schedule.numTrainTimesteps() - 1),
                schedule.sigma(0), n + 1, 1);
        return sigma.spread() == SigmaConfig.Spread.TIMESTEPS ? new Sigmas(linear.timesteps(), Arrays.copyOf(values, n + 1))
                : Sigmas.spread(sigma, schedule, values[0], values[n], n);
    }

    static Scheduler of(Trajectory trajectory, boolean ancestral, double initNoiseSigma) {
        double[][] weights = new double[trajectory.steps()][M0 + 1];
        for (int i = 0; i < weights.length; i++) {
            double sigma = trajectory.levels()[i].sigma();
            double next = trajectory.levels()[i + 1].sigma();
            double down = ancestral ? next * next / sigma : next;
            weights[i][X] = down / sigma;
            weights[i][M0] = 1 - down / sigma;
            weights[i][Z] = Math.sqrt(next * next - down * down);
        }
        return new LinearMultistep(trajectory, weights, X0Config.FREE, initNoiseSigma, false);
    }
}
