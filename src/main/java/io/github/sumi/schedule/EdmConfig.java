// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static io.github.sumi.schedule.ConfigFields.check;

import java.util.Arrays;

/**
 * The networks of Karras et al. 2022 (EDM), which are conditioned on {@code log(sigma) / 4} and know no timesteps: table 1, last
 * column, and eq. 5.
 *
 * @param sigmaMin smallest sigma
 * @param sigmaMax largest sigma
 * @param sigmaData SD of the data
 * @param spread karras or exponential
 * @param rho of karras
 * @param finalSigmasType where the chain ends
 * @param solver how it gets there; null for Euler
 */
record EdmConfig(double sigmaMin, double sigmaMax, double sigmaData, SigmaConfig.Spread spread, double rho,
        SigmaConfig.FinalSigmas finalSigmasType, DpmSolver.Config solver) {

    EdmConfig {
        check(sigmaMin > 0, "sigma_min", sigmaMin, "above 0");
        check(sigmaMax > sigmaMin, "sigma_max", sigmaMax, "above sigma_min");
        check(sigmaData > 0, "sigma_data", sigmaData, "above 0");
        check(rho > 0, "rho", rho, "above 0");
    }

    static EdmConfig read(ConfigFields fields, boolean dpmSolver) {
        SigmaConfig.Spread spread = fields.choice("sigma_schedule", SigmaConfig.Spread.KARRAS, SigmaConfig.Spread.values());
        if (spread != SigmaConfig.Spread.KARRAS && spread != SigmaConfig.Spread.EXPONENTIAL) {
            throw fields.fault("sigma_schedule", "karras or exponential");
        }
        DpmSolver.Config solver = dpmSolver ? DpmSolver.Config.read(fields, SigmaConfig.PLAIN) : null;
        if (solver != null && !solver.algorithm().toString().endsWith("++")) {
            throw fields.fault("algorithm_type", "dpmsolver++ or sde-dpmsolver++");
        }
        return new EdmConfig(fields.number("sigma_min", 0.002), fields.number("sigma_max", 80), fields.number("sigma_data", 0.5),
                spread, fields.number("rho", 7), SigmaConfig.finals(fields), solver);
    }

    /** {@code c_noise = log(sigma) / 4} of all but the last. */
    static double[] timesteps(double[] sigmas) {
        return Arrays.stream(sigmas, 0, sigmas.length - 1).map(sigma -> Math.log(sigma) / 4).toArray();
    }

    static Scheduler scheduler(SchedulerConfig config, int n) {
        return config.solver(EdmConfig.class).scheduler(config.predictionType(), config.x0(), n);
    }

    private Scheduler scheduler(PredictionType type, X0Config x0, int n) {
        check(n >= 1 && n <= 1000, "steps", n, "from 1 to 1000");
        double[] sigmas = Sigmas.spread(spread, sigmaMax, sigmaMin, n, rho);
        sigmas[n] = finalSigmasType == SigmaConfig.FinalSigmas.ZERO ? 0 : n == 1 && solver == null ? sigmaMax : sigmaMin;
        Level[] levels = Arrays.stream(sigmas).mapToObj(Level::exploding).toArray(Level[]::new);
        Estimate[] estimates = Arrays.stream(sigmas, 0, n).mapToObj(sigma -> Estimate.edm(type, sigma, sigmaData)).toArray(Estimate[]::new);
        Trajectory trajectory = new Trajectory(timesteps(sigmas), levels, estimates);
        double init = Math.hypot(sigmaMax, 1);
        return solver == null ? Euler.of(trajectory, false, init) : DpmSolver.of(solver, trajectory, x0, init);
    }
}
