// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How fast the deterministic solvers converge. For data N(MEAN, SD^2) the ODE has the solution {@code x = alpha MEAN + (x_T -
 * alpha_T MEAN) s / s_T} with {@code s^2 = alpha^2 SD^2 + sigma^2}; the error of n steps falls as n to the power of minus the order.
 */
class SolverOrderTest {

    private static final double MEAN = 0.3;
    /** Of several data, as the error of one may vanish by chance. */
    private static final double[] SDS = {0.2, 0.4, 0.7};
    private static final double FROM = 4;
    private static final double TO = 0.15;

    private static double exact(double start, double sd, Level from, Level to) {
        double ratio = Math.hypot(to.alpha() * sd, to.sigma()) / Math.hypot(from.alpha() * sd, from.sigma());
        return to.alpha() * MEAN + (start - from.alpha() * MEAN) * ratio;
    }

    /** E[epsilon | x]. */
    private static double epsilon(double x, double sd, Level level) {
        return level.sigma() * (x - level.alpha() * MEAN) / (level.alpha() * level.alpha() * sd * sd + level.sigma() * level.sigma());
    }

    /** The error after {@code evaluations}, with the level at each of them and at the end. */
    private static double error(Scheduler scheduler, Level[] levels, int evaluations) {
        Tensor x = Tensor.allocate(1, 1, 1, SDS.length);
        Tensor out = Tensor.allocate(1, 1, 1, SDS.length);
        double start = 1.7 * levels[0].sigma();
        for (int k = 0; k < SDS.length; k++) {
            x.buffer().put(k, (float) start);
        }
        Scheduler.Run run = scheduler.start(1, 1, 1, SDS.length);
        for (int i = 0; i < evaluations; i++) {
            for (int k = 0; k < SDS.length; k++) {
                out.buffer().put(k, (float) epsilon(x.buffer().get(k), SDS[k], levels[i]));
            }
            run.step(i, out, x, (step, noise) -> { });
        }
        double error = 0;
        for (int k = 0; k < SDS.length; k++) {
            error = Math.max(error, Math.abs(x.buffer().get(k) - exact(start, SDS[k], levels[0], levels[evaluations])));
        }
        return error;
    }

    private static Sigmas even(int n) {
        double[] sigmas = Sigmas.spread(SigmaConfig.Spread.EXPONENTIAL, FROM, TO, n + 1, 1);
        return new Sigmas(new double[n], Arrays.copyOf(sigmas, n + 1));
    }

    private static double error(String solver, int n) {
        boolean exploding = solver.equals("Euler") || solver.equals("Heun");
        Trajectory trajectory = exploding ? Trajectory.exploding(even(n), PredictionType.EPSILON)
                : Trajectory.preserving(even(n), PredictionType.EPSILON);
        String options = "{\"lower_order_final\": false, \"_class_name\": \"" + solver.replaceAll("\\{.*", "") + "MultistepScheduler\""
                + solver.replaceAll("^[^{]*", "").replace('{', ',').replace("}", "").replace(';', ',').replace('\'', '"') + "}";
        Scheduler scheduler;
        if (solver.equals("Euler")) {
            scheduler = Euler.of(trajectory, false, 1);
        } else if (solver.equals("Heun")) {
            Level[] twice = new Level[2 * n];
            for (int k = 0; k < twice.length; k++) {
                twice[k] = trajectory.levels()[(k + 1) / 2];
            }
            SchedulerConfig config = SchedulerConfig.parse("{\"_class_name\": \"HeunDiscreteScheduler\"}");
            return error(new Heun(config, even(n)), twice, 2 * n - 1);
        } else if (solver.startsWith("UniPC")) {
            scheduler = new UniPc(SchedulerConfig.parse(options).solver(UniPc.Config.class), trajectory, X0Config.FREE);
        } else {
            scheduler = DpmSolver.of(SchedulerConfig.parse(options).solver(DpmSolver.Config.class), trajectory, X0Config.FREE, 1);
        }
        return error(scheduler, trajectory.levels(), n);
    }

    private static double slope(double coarse, double fine, double factor) {
        return Math.log(coarse / fine) / Math.log(factor);
    }

    /** UniPC's corrector adds one to the order of its predictor; DPM-Solver's third order is none (see {@link DpmSolver}). */
    @ParameterizedTest
    @CsvSource({"Euler,1", "Heun,2", "DPMSolver{'solver_order': 1},1", "DPMSolver{'solver_order': 2},2",
        "DPMSolver{'solver_order': 2;'solver_type': 'heun'},2", "DPMSolver{'solver_order': 3},2",
        "DPMSolver{'solver_order': 2;'algorithm_type': 'dpmsolver'},2", "DPMSolver{'solver_order': 3;'algorithm_type': 'dpmsolver'},2",
        "UniPC{'solver_order': 1},2", "UniPC{'solver_order': 2},3", "UniPC{'solver_order': 2;'solver_type': 'bh1'},3",
        "UniPC{'solver_order': 2;'predict_x0': false},3", "UniPC{'solver_order': 3},4"})
    void theErrorFallsWithTheOrder(String solver, double order) {
        double slope = slope(error(solver, 12), error(solver, 36), 3);
        assertTrue(slope > order - 0.4, solver + ": " + slope);
    }

    private static double alongTimesteps(String config, int n) {
        SchedulerConfig parsed = SchedulerConfig.parse(config);
        Scheduler scheduler = Schedulers.of(parsed, n);
        NoiseSchedule schedule = NoiseSchedule.of(parsed);
        double[] timesteps = scheduler.timesteps();
        Level[] levels = Arrays.stream(timesteps).mapToObj(t -> Level.preserving(schedule.sigma(t))).toArray(Level[]::new);
        // half way down: further on sigma is no smooth function of t
        int evaluations = 0;
        while (timesteps[evaluations] != 500 || timesteps[evaluations + 1] == 500) {
            evaluations++;
        }
        return error(scheduler, levels, evaluations);
    }

    @Test
    void ddimAndPndmConvergeInTimesteps() {
        String ddim = "{\"_class_name\": \"DDIMScheduler\", \"clip_sample\": false}";
        double slope = slope(alongTimesteps(ddim, 20), alongTimesteps(ddim, 100), 5);
        assertTrue(slope > 0.8, "ddim " + slope);
        for (boolean skip : new boolean[] {false, true}) {
            String pndm = "{\"_class_name\": \"PNDMScheduler\", \"skip_prk_steps\": " + skip + "}";
            slope = slope(alongTimesteps(pndm, 50), alongTimesteps(pndm, 100), 2);
            assertTrue(slope > 1.7, "pndm " + skip + " " + slope);
        }
    }
}
