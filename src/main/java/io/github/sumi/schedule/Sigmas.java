// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * The noise levels of a chain as sigma, noise over signal, and the timesteps that belong to them.
 *
 * @param timesteps n of them
 * @param values n + 1 of them: the last is where the chain ends
 */
record Sigmas(double[] timesteps, double[] values) {

    private static final double RHO = 7;
    private static final double BETA_SHAPE = 0.6;
    private static final double BETA_ACCURACY = 1e-15;

    /** At given timesteps, to the image itself. */
    static Sigmas at(double[] timesteps, NoiseSchedule schedule) {
        double[] values = new double[timesteps.length + 1];
        for (int i = 0; i < timesteps.length; i++) {
            values[i] = schedule.sigma(timesteps[i]);
        }
        return new Sigmas(timesteps, values);
    }

    /**
     * As the solvers in lambda (DPM-Solver, UniPC) choose them: timesteps that leave the last one out, or a spread over the
     * whole schedule.
     */
    static Sigmas open(SchedulerConfig config, SigmaConfig sigma, int n) {
        Timesteps.checkSteps(config, n);
        NoiseSchedule schedule = NoiseSchedule.of(config).nonZero();
        double largest = sigma.sigmaMax() != null ? sigma.sigmaMax() : schedule.sigma(schedule.numTrainTimesteps() - 1);
        double smallest = sigma.sigmaMin() != null ? sigma.sigmaMin() : schedule.sigma(0);
        double[] values;
        double[] timesteps;
        if (sigma.spread() == SigmaConfig.Spread.TIMESTEPS) {
            timesteps = Timesteps.open(config, schedule.timestepsAbove(sigma.lambdaMinClipped()), n);
            values = at(timesteps, schedule).values;
        } else {
            values = spread(sigma.spread(), largest, smallest, n, RHO);
            // diffusers asks for whole timesteps: the nearest of these two spreads, the one below of the others
            boolean karras = sigma.spread() == SigmaConfig.Spread.KARRAS || sigma.spread() == SigmaConfig.Spread.LU;
            boolean nearest = karras && !(config.type() == SchedulerType.DPM_SOLVER_MULTISTEP
                    && config.betas().betaSchedule() == BetaSchedule.SQUAREDCOS_CAP_V2);
            timesteps = timesteps(values, schedule, nearest ? Math::rint : Sigmas::below);
        }
        boolean own = config.type() == SchedulerType.UNIPC_MULTISTEP && sigma.spread() != SigmaConfig.Spread.TIMESTEPS;
        values[timesteps.length] = sigma.finalSigmasType() == SigmaConfig.FinalSigmas.ZERO ? 0 : own ? smallest : schedule.sigma(0);
        return new Sigmas(timesteps, values);
    }

    /** The whole timestep below, with as much tolerance as rounding needs. */
    private static double below(double t) {
        return Math.floor(t + 1e-9);
    }

    /** As Karras et al.'s solvers (Euler, Heun) choose them: timesteps from the last one on, fractions allowed. */
    static Sigmas closed(SchedulerConfig config, SigmaConfig sigma, int n) {
        NoiseSchedule schedule = NoiseSchedule.of(config).nonZero();
        double[] timesteps = Timesteps.closed(config, n);
        double[] values = new double[n + 1];
        for (int i = 0; i < n; i++) {
            values[i] = schedule.sigmaLinear(timesteps[i]);
        }
        values[n] = sigma.finalSigmasType() == SigmaConfig.FinalSigmas.ZERO ? 0 : schedule.sigma(0);
        return sigma.spread() == SigmaConfig.Spread.TIMESTEPS ? new Sigmas(timesteps, values)
                : spread(sigma, schedule, values[0], values[n - 1], n);
    }

    /** A spread at fractional timesteps, within these ends unless the configuration has its own. */
    static Sigmas spread(SigmaConfig sigma, NoiseSchedule schedule, double largest, double smallest, int n) {
        double[] values = spread(sigma.spread(), sigma.sigmaMax() != null ? sigma.sigmaMax() : largest,
                sigma.sigmaMin() != null ? sigma.sigmaMin() : smallest, n, RHO);
        values[n] = sigma.finalSigmasType() == SigmaConfig.FinalSigmas.ZERO ? 0 : schedule.sigma(0);
        return new Sigmas(timesteps(values, schedule, t -> t), values);
    }

    private static double[] timesteps(double[] values, NoiseSchedule schedule, DoubleUnaryOperator rounding) {
        double[] timesteps = new double[values.length - 1];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = rounding.applyAsDouble(schedule.timestep(values[i]));
        }
        return timesteps;
    }

    /** n sigmas, falling from the largest to the smallest, and a place for the end. */
    static double[] spread(SigmaConfig.Spread spread, double largest, double smallest, int n, double rho) {
        double[] sigmas = new double[n + 1];
        BetaDistribution beta = spread == SigmaConfig.Spread.BETA ? new BetaDistribution(null, BETA_SHAPE, BETA_SHAPE, BETA_ACCURACY) : null;
        for (int i = 0; i < n; i++) {
            double share = n == 1 ? 0 : (double) i / (n - 1);
            sigmas[i] = switch (spread) {
                case KARRAS -> Math.pow(Math.pow(largest, 1 / rho) + share * (Math.pow(smallest, 1 / rho) - Math.pow(largest, 1 / rho)), rho);
                case EXPONENTIAL, LU -> Math.exp(Math.log(largest) + share * (Math.log(smallest) - Math.log(largest)));
                case BETA -> smallest + beta.inverseCumulativeProbability(1 - share) * (largest - smallest);
                case TIMESTEPS -> throw new AssertionError("not spread by sigma");
            };
        }
        return sigmas;
    }
}
