// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static io.github.sumi.schedule.LinearMultistep.M0;
import static io.github.sumi.schedule.LinearMultistep.X;
import static io.github.sumi.schedule.LinearMultistep.Z;

import java.util.List;
import java.util.Locale;

/**
 * DPM-Solver, multistep: the diffusion ODE solved in {@code lambda = log(alpha / sigma)}, its linear part exactly, with the
 * network's newest estimates as a Taylor polynomial in lambda. From level s to level t, {@code h = lambda_t - lambda_s}:
 *
 * <ul>
 * <li>dpmsolver, for epsilon (Lu et al. 2022, proposition 3.1): {@code x_t = alpha_t / alpha_s x - sigma_t sum of h^(k+1) phi_(k+1)(h) epsilon^(k)};
 * <li>dpmsolver++, for x_0 (Lu et al. 2022b, proposition 4.1 and algorithm 2): {@code x_t = sigma_t / sigma_s x + alpha_t sum of (...) x_0^(k)};
 * <li>sde-: the diffusion SDE instead, whose solution also has noise (Lu et al. 2022b, SDE-DPM-Solver++).
 * </ul>
 *
 * <p>As in the authors' own code the second difference of order 3 counts half of what Taylor's formula gives, so that its
 * error falls as order 2's, from a smaller start. Its term in sde-dpmsolver++ is derived here (see {@link #second}): diffusers
 * 0.42.1 has one half of the wrong sign there.
 */
final class DpmSolver {

    /** Which equation is solved, for what. */
    enum Algorithm {
        DPMSOLVER(false, false), DPMSOLVER_PP(true, false), SDE_DPMSOLVER(false, true), SDE_DPMSOLVER_PP(true, true);

        private final boolean ofX0;
        private final boolean stochastic;

        Algorithm(boolean ofX0, boolean stochastic) {
            this.ofX0 = ofX0;
            this.stochastic = stochastic;
        }

        /** diffusers' name. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace("_pp", "++").replace('_', '-');
        }
    }

    /** How order 2 weighs the difference. */
    enum SolverType {
        MIDPOINT, HEUN
    }

    /** Few steps end with lower orders, for stability. */
    private static final int FEW = 15;

    /**
     * @param order 1 to 3
     * @param lowerOrderFinal whether fewer than 15 steps end with lower orders
     * @param eulerAtFinal whether the last step is of order 1 in any case
     * @param sigma the levels; null for EDM's
     */
    record Config(int order, Algorithm algorithm, SolverType solverType, boolean lowerOrderFinal, boolean eulerAtFinal, SigmaConfig sigma) {

        static Config read(ConfigFields fields) {
            fields.text("variance_type", "");
            return read(fields, SigmaConfig.solver(fields));
        }

        static Config read(ConfigFields fields, SigmaConfig sigma) {
            Config config = new Config(fields.integer("solver_order", 2),
                    fields.choice("algorithm_type", Algorithm.DPMSOLVER_PP, Algorithm.values()),
                    // UniPC's functions are no choice here
                    List.of("bh1", "bh2", "logrho").contains(fields.text("solver_type", "midpoint")) ? SolverType.MIDPOINT
                            : fields.choice("solver_type", SolverType.MIDPOINT, SolverType.values()), fields.flag("lower_order_final", true),
                    fields.flag("euler_at_final", false), sigma);
            ConfigFields.check(config.order >= 1 && config.order <= 3, "solver_order", config.order, "1, 2 or 3");
            if (config.algorithm == Algorithm.SDE_DPMSOLVER) {
                ConfigFields.check(config.order < 3, "solver_order", config.order, "1 or 2 for sde-dpmsolver");
                ConfigFields.check(sigma.finalSigmasType() == SigmaConfig.FinalSigmas.SIGMA_MIN, "final_sigmas_type",
                        "zero", "sigma_min for sde-dpmsolver, whose last step would leave noise");
            }
            return config;
        }
    }

    private final Config config;
    private final Level[] levels;

    private DpmSolver(Config config, Level[] levels) {
        this.config = config;
        this.levels = levels;
    }

    static Scheduler of(SchedulerConfig config, int numInferenceSteps) {
        return of(config, Sigmas.open(config, config.solver(Config.class).sigma(), numInferenceSteps));
    }

    /** To the image itself. */
    static Scheduler of(SchedulerConfig config, double[] timesteps) {
        ConfigFields.check(config.solver(Config.class).algorithm != Algorithm.SDE_DPMSOLVER, "algorithm_type", "sde-dpmsolver",
                "another: its last step would leave noise");
        return of(config, Sigmas.at(Timesteps.check(timesteps, config.betas().numTrainTimesteps()), NoiseSchedule.of(config).nonZero()));
    }

    private static Scheduler of(SchedulerConfig config, Sigmas sigmas) {
        return of(config.solver(Config.class), Trajectory.preserving(sigmas, config.predictionType()), config.x0(), 1);
    }

    static Scheduler of(Config config, Trajectory trajectory, X0Config x0, double initNoiseSigma) {
        DpmSolver solver = new DpmSolver(config, trajectory.levels());
        double[][] weights = new double[trajectory.steps()][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = solver.weights(i, solver.order(i));
        }
        return new LinearMultistep(trajectory, weights, x0, initNoiseSigma, !config.algorithm.ofX0);
    }

    private int order(int i) {
        int steps = levels.length - 1;
        int left = steps - i;
        boolean few = config.lowerOrderFinal && steps < FEW;
        boolean euler = config.eulerAtFinal || few || levels[steps].sigma() == 0;
        int most = left == 1 && euler ? 1 : left == 2 && few ? 2 : config.order;
        return Math.min(Math.min(config.order, most), i + 1);
    }

    private double[] weights(int i, int order) {
        double[] weights = new double[M0 + config.order];
        Level s = levels[i];
        Level t = levels[i + 1];
        double h = t.lambda() - s.lambda();
        if (h == 0) {
            weights[X] = 1;
            return weights;
        }
        // the SDE's solution decays twice as fast
        double decay = config.algorithm.ofX0 && config.algorithm.stochastic ? 2 * h : h;
        weights[X] = config.algorithm.ofX0 ? t.sigma() / s.sigma() * (config.algorithm.stochastic ? Math.exp(-h) : 1) : t.alpha() / s.alpha();
        weights[Z] = !config.algorithm.stochastic || t.sigma() == 0 ? 0
                : t.sigma() * Math.sqrt(config.algorithm.ofX0 ? -Math.expm1(-2 * h) : Math.expm1(2 * h));
        double w0 = config.algorithm.ofX0 ? -t.alpha() * Math.expm1(-decay)
                : -(config.algorithm.stochastic ? 2 : 1) * (t.alpha() * s.sigma() / s.alpha() - t.sigma());
        weights[M0] = w0;
        if (order == 2) {
            double r0 = (s.lambda() - levels[i - 1].lambda()) / h;
            double w1 = (config.solverType == SolverType.MIDPOINT ? w0 / 2 : first(t, decay)) / r0;
            weights[M0] += w1;
            weights[M0 + 1] -= w1;
        } else if (order == 3) {
            // D1 = d0 + q (d0 - d1), D2 = (d0 - d1) / (r0 + r1); d0 = (m0 - m1) / r0, d1 = (m1 - m2) / r1
            double r0 = (s.lambda() - levels[i - 1].lambda()) / h;
            double r1 = (levels[i - 1].lambda() - levels[i - 2].lambda()) / h;
            double change = (first(t, decay) * r0 + second(t, decay)) / (r0 + r1);
            double d0 = (first(t, decay) + change) / r0;
            double d1 = -change / r1;
            weights[M0] += d0;
            weights[M0 + 1] += d1 - d0;
            weights[M0 + 2] -= d1;
        }
        return weights;
    }

    /** Weight of the first difference, h times the derivative. */
    private double first(Level t, double decay) {
        return config.algorithm.ofX0 ? t.alpha() * (Math.expm1(-decay) / decay + 1)
                : -(config.algorithm.stochastic ? 2 : 1) * t.sigma() * (Math.expm1(decay) / decay - 1);
    }

    /**
     * Weight of the second difference: of x_0 it is {@code alpha_t} times half of the integral of
     * {@code decay e^(-decay (1 - u)) u^2} over u from 0 to 1, which is 1/2 - (expm1(-decay) + decay) / decay^2.
     */
    private double second(Level t, double decay) {
        return config.algorithm.ofX0 ? t.alpha() * (0.5 - (Math.expm1(-decay) + decay) / (decay * decay))
                : -t.sigma() * ((Math.expm1(decay) - decay) / (decay * decay) - 0.5);
    }
}
