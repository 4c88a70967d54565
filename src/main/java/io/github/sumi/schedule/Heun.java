// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/**
 * Heun's method for the ODE of Karras et al. 2022, algorithm 1: a step of Euler's, then, unless it led to sigma = 0, the same
 * step again with the mean of the derivatives {@code d = (x - x_0) / sigma}, which is epsilon, at both of its ends. The network is evaluated twice
 * a step; each evaluation is one entry of the timesteps.
 */
final class Heun implements Scheduler {

    record Config(SigmaConfig sigma) {

        static Config read(ConfigFields fields) {
            return new Config(SigmaConfig.spreadOnly(fields));
        }
    }

    private static final int D = 2;
    private static final int BEGIN = 3;
    private static final int D_BEGIN = 4;

    private final Trajectory trajectory;
    private final X0Config x0;
    private final double initNoiseSigma;
    /** Of x, output, derivative, x where the step began, and the derivative there. */
    private final double[][] weights;

    Heun(SchedulerConfig config, Sigmas spread) {
        int n = spread.timesteps().length;
        double[] timesteps = new double[2 * n - 1];
        double[] sigmas = new double[2 * n];
        for (int k = 0; k < sigmas.length; k++) {
            sigmas[k] = spread.values()[(k + 1) / 2];
            if (k < timesteps.length) {
                timesteps[k] = spread.timesteps()[(k + 1) / 2];
            }
        }
        trajectory = Trajectory.exploding(new Sigmas(timesteps, sigmas), config.predictionType());
        x0 = config.x0();
        initNoiseSigma = trajectory.initNoiseSigma(config.spacing());
        weights = new double[timesteps.length][];
        for (int k = 0; k < timesteps.length; k++) {
            double half = (sigmas[k] - sigmas[Math.max(k - 1, 0)]) / 2;
            weights[k] = k % 2 == 0 ? new double[] {1, 0, sigmas[k + 1] - sigmas[k], 0, 0} : new double[] {0, 0, half, 1, half};
        }
        Observation.fold(weights, D, trajectory, x0, true);
    }

    static Scheduler of(SchedulerConfig config, int numInferenceSteps) {
        return new Heun(config, Sigmas.closed(config, config.solver(Config.class).sigma(), numInferenceSteps));
    }

    @Override
    public double[] timesteps() {
        return trajectory.timesteps().clone();
    }

    @Override
    public double initNoiseSigma() {
        return initNoiseSigma;
    }

    @Override
    public Run start(int n, int c, int h, int w) {
        return new HeunRun(n, c, h, w);
    }

    private final class HeunRun implements Run {

        private final Observation observation;
        private final Tensor[] terms = new Tensor[5];

        HeunRun(int n, int c, int h, int w) {
            observation = new Observation(trajectory, x0, true, n, c, h, w);
            for (int k = D; k < terms.length; k++) {
                terms[k] = Tensor.allocate(n, c, h, w);
            }
        }

        @Override
        public Tensor modelInput(int i, Tensor sample) {
            return observation.modelInput(i, sample);
        }

        @Override
        public void step(int i, Tensor modelOutput, Tensor sample, NoiseSource noise) {
            terms[Mix.X] = sample;
            terms[Mix.OUT] = observation.observe(i, modelOutput, sample, terms[D]);
            if (i % 2 == 0) {
                terms[BEGIN].buffer().put(0, sample.buffer(), 0, sample.size());
                terms[D_BEGIN].buffer().put(0, terms[D].buffer(), 0, sample.size());
            }
            Mix.sum(weights[i], terms, sample);
        }

        @Override
        public Tensor predOriginalSample() {
            return observation.predOriginalSample();
        }
    }
}
