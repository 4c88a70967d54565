// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/**
 * A reverse process with its timesteps fixed: {@code x_t} to {@code x_{t-1}}, {@code timesteps().length} times.
 * Immutable and thread-safe; what a multistep method remembers lives in the {@link Run}.
 */
public interface Scheduler {

    /** The timesteps that the network is asked for, descending, perhaps fractional. A fresh copy. */
    double[] timesteps();

    /** The standard deviation of the noise that the chain starts from. */
    double initNoiseSigma();

    /** Begins a chain for tensors of this shape. Everything that its steps need is allocated here. */
    Run start(int n, int c, int h, int w);

    /** One chain under way. Not thread-safe. */
    interface Run {

        /**
         * What the network is given in step i: x_t, of variance 1 where the data's is.
         *
         * @param sample x at timestep i as {@link #step} gets it
         * @return {@code sample} itself, or a scaled copy that the next call overwrites
         */
        default Tensor modelInput(int i, Tensor sample) {
            return sample;
        }

        /**
         * Replaces {@code sample}, x at timestep i, by x at timestep i + 1 (after the last, by x_0).
         *
         * @param i index into {@link Scheduler#timesteps()}, counted up from 0 without gaps
         * @param modelOutput [n, c, h, w], or [n, 2c, h, w] where the variance is learned; left as it is
         * @param sample [n, c, h, w]
         * @param noise asked for step {@code i} where the step is stochastic
         */
        void step(int i, Tensor modelOutput, Tensor sample, NoiseSource noise);

        /** The estimate of x_0 that the last step used, [n, c, h, w]; overwritten by the next step. */
        Tensor predOriginalSample();
    }
}
