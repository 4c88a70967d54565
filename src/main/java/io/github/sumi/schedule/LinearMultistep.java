// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/**
 * A scheduler each of whose steps is a weighted sum of x, of noise z, and of the network's newest estimates m_0, m_1, ...
 * (of x_0, or of epsilon where it solves for that). The weights are all that such methods differ in.
 *
 * <pre>x' = weights[X] x + weights[Z] z + weights[M0] m_0 + weights[M0 + 1] m_1 + ...</pre>
 */
final class LinearMultistep implements Scheduler {

    static final int X = Mix.X;
    static final int Z = 2;
    static final int M0 = 3;

    private final Trajectory trajectory;
    private final double[][] weights;
    private final X0Config x0Config;
    private final double initNoiseSigma;
    private final boolean ofEpsilon;

    /** @param weights of each step, all of one length; taken over */
    LinearMultistep(Trajectory trajectory, double[][] weights, X0Config x0Config, double initNoiseSigma, boolean ofEpsilon) {
        this.trajectory = trajectory;
        this.weights = weights;
        this.x0Config = x0Config;
        this.initNoiseSigma = initNoiseSigma;
        this.ofEpsilon = ofEpsilon;
        Observation.fold(weights, M0, trajectory, x0Config, ofEpsilon);
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
        return new MultistepRun(n, c, h, w);
    }

    private final class MultistepRun implements Run {

        private final Observation observation;
        private final Tensor[] terms = new Tensor[weights[0].length];

        MultistepRun(int n, int c, int h, int w) {
            observation = new Observation(trajectory, x0Config, ofEpsilon, n, c, h, w);
            for (int k = Z; k < terms.length; k++) {
                terms[k] = Tensor.allocate(n, c, h, w);
            }
        }

        @Override
        public Tensor modelInput(int i, Tensor sample) {
            return observation.modelInput(i, sample);
        }

        @Override
        public void step(int i, Tensor modelOutput, Tensor sample, NoiseSource noise) {
            Mix.rotate(terms, M0);
            terms[Mix.OUT] = observation.observe(i, modelOutput, sample, terms[M0]);
            if (weights[i][Z] != 0) {
                noise.fill(i, terms[Z]);
            }
            terms[X] = sample;
            Mix.sum(weights[i], terms, sample);
        }

        @Override
        public Tensor predOriginalSample() {
            return observation.predOriginalSample();
        }
    }
}
