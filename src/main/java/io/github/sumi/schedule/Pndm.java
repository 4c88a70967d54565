// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pseudo numerical methods on manifolds (Liu et al. 2022): the transfer of eq. 9, {@code x' = alpha' / alpha x + (sigma' - alpha'
 * sigma / alpha) epsilon} where diffusers and Sumi write alpha for the root of alphaCumprod, with the epsilon of a classical method:
 * three steps of Runge-Kutta (eq. 13; four evaluations each), then Adams-Bashforth's of order 4 (eq. 12). With skip_prk_steps the
 * start is a step of Heun's and lower orders of Adams-Bashforth's instead. Each evaluation is one entry of the timesteps.
 *
 * <p>A step leads to the timestep that comes next, and a Runge-Kutta step's middle is halfway. diffusers 0.42.1 takes {@code t - T /
 * steps} and {@code T / steps / 2}, which are others unless the spacing is leading. A network's v is combined as it is and then
 * made epsilon where the step begins, as there; one that predicts x_0, which diffusers refuses, gives epsilon at once.
 */
final class Pndm implements Scheduler {

    /** @param setAlphaToOne whether the chain ends at the image itself, and not at the noise of timestep 0 */
    record Config(boolean skipPrkSteps, boolean setAlphaToOne) {

        static Config read(ConfigFields fields) {
            return new Config(fields.flag("skip_prk_steps", false), fields.flag("set_alpha_to_one", false));
        }
    }

    private static final int RUNGE_KUTTA_STEPS = 3;
    private static final double[][] RUNGE_KUTTA = {{1}, {1}, {1}, {1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0}};
    private static final double[][] ADAMS_BASHFORTH = {{1}, {3 / 2.0, -1 / 2.0}, {23 / 12.0, -16 / 12.0, 5 / 12.0},
        {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0}};

    /**
     * One evaluation.
     *
     * @param from the timestep that the step begins at
     * @param to where it leads; -1 for the end
     * @param restart whether x goes on from where the last step began
     * @param slopes weights of the newest evaluations, this one first
     * @param kept whether this evaluation counts in later steps
     */
    private record Stage(double timestep, double from, double to, boolean restart, double[] slopes, boolean kept) {
    }

    private final PredictionType predictionType;
    private final NoiseSchedule schedule;
    private final double end;
    private final List<Stage> stages = new ArrayList<>();

    private Pndm(SchedulerConfig config, double[] t) {
        predictionType = config.predictionType();
        schedule = NoiseSchedule.of(config);
        Config own = config.solver(Config.class);
        end = own.setAlphaToOne ? 1 : schedule.alphaCumprod(0);
        ConfigFields.check(schedule.alphaCumprod(t[0]) > 0, "rescale_betas_zero_snr", true, "false for a PNDMScheduler, whose transfer needs signal");
        ConfigFields.check(own.skipPrkSteps || t.length > RUNGE_KUTTA_STEPS, "steps", t.length,
                "4 or more, or skip_prk_steps true");
        int first = own.skipPrkSteps ? 0 : RUNGE_KUTTA_STEPS;
        for (int k = 0; k < first; k++) {
            double middle = t[k + 1] + Math.floor((t[k] - t[k + 1]) / 2);
            stages.add(new Stage(t[k], t[k], middle, false, RUNGE_KUTTA[0], true));
            stages.add(new Stage(middle, t[k], middle, true, RUNGE_KUTTA[1], false));
            stages.add(new Stage(middle, t[k], t[k + 1], true, RUNGE_KUTTA[2], false));
            stages.add(new Stage(t[k + 1], t[k], t[k + 1], true, RUNGE_KUTTA[RUNGE_KUTTA_STEPS], false));
        }
        for (int k = first; k < t.length; k++) {
            double to = k + 1 < t.length ? t[k + 1] : -1;
            stages.add(new Stage(t[k], t[k], to, false, ADAMS_BASHFORTH[Math.min(k, RUNGE_KUTTA_STEPS)], true));
            if (k == 0 && t.length > 1) {
                stages.add(new Stage(t[1], t[0], t[1], true, new double[] {0.5, 0.5}, false));
            }
        }
    }

    static Scheduler of(SchedulerConfig config, int numInferenceSteps) {
        return new Pndm(config, Timesteps.of(config, numInferenceSteps));
    }

    @Override
    public double[] timesteps() {
        return stages.stream().mapToDouble(Stage::timestep).toArray();
    }

    @Override
    public double initNoiseSigma() {
        return 1;
    }

    @Override
    public Run start(int n, int c, int h, int w) {
        return new PndmRun(n, c, h, w);
    }

    private final class PndmRun implements Run {

        private static final int FROM = 0;
        private static final int NEWEST = 1;

        private final Tensor x0;
        /** x where the step began, then the kept evaluations, newest first, or the four of a Runge-Kutta step. */
        private final Tensor[] kept = new Tensor[5];
        private final Tensor[] passing = new Tensor[5];
        private final double[] weights = new double[5];

        PndmRun(int n, int c, int h, int w) {
            x0 = Tensor.allocate(n, c, h, w);
            for (int k = 0; k < kept.length; k++) {
                kept[k] = Tensor.allocate(n, c, h, w);
                passing[k] = k == FROM ? kept[FROM] : Tensor.allocate(n, c, h, w);
            }
        }

        @Override
        public void step(int i, Tensor modelOutput, Tensor sample, NoiseSource noise) {
            Stage stage = stages.get(i);
            predictionType.predOriginalSample(modelOutput, sample, schedule.alphaCumprod(stage.timestep), x0);
            if (!stage.restart) {
                kept[FROM].buffer().put(0, sample.buffer(), 0, sample.size());
            }
            Mix.rotate(passing, NEWEST);
            evaluate(modelOutput, sample, schedule.alphaCumprod(stage.timestep), passing[NEWEST]);
            if (stage.kept) {
                Mix.rotate(kept, NEWEST);
                kept[NEWEST].buffer().put(0, passing[NEWEST].buffer(), 0, sample.size());
            }
            transfer(stage, stage.kept ? kept : passing, sample);
        }

        /** Epsilon, or v as it is. */
        private void evaluate(Tensor modelOutput, Tensor sample, double a, Tensor to) {
            int length = sample.c() * sample.h() * sample.w();
            for (int k = 0; k < to.size(); k++) {
                float out = modelOutput.buffer().get(modelOutput.planeStart(k / length, 0) + k % length);
                to.buffer().put(k, predictionType == PredictionType.V_PREDICTION ? out
                        : (float) predictionType.epsilon(out, sample.buffer().get(k), a));
            }
        }

        private void transfer(Stage stage, Tensor[] terms, Tensor sample) {
            double a = schedule.alphaCumprod(stage.from);
            double next = stage.to < 0 ? end : schedule.alphaCumprod(stage.to);
            double ofEpsilon = Math.sqrt(1 - next) - Math.sqrt(next / a * (1 - a));
            boolean v = predictionType == PredictionType.V_PREDICTION;
            Arrays.fill(weights, 0);
            weights[FROM] = Math.sqrt(next / a) + (v ? Math.sqrt(1 - a) * ofEpsilon : 0);
            for (int k = 0; k < stage.slopes.length; k++) {
                weights[NEWEST + k] = (v ? Math.sqrt(a) : 1) * ofEpsilon * stage.slopes[k];
            }
            Mix.sum(weights, terms, sample);
        }

        @Override
        public Tensor predOriginalSample() {
            return x0;
        }
    }
}
