// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import io.github.sumi.schedule.Tensor;

/** The network epsilon_theta(x_t, t), or whatever its prediction type says that it predicts. */
public interface NoisePredictor extends AutoCloseable {

    /** Channels of the sample. */
    int inChannels();

    /** Channels of the output: those of the sample, or twice as many where the variance is learned. */
    int outChannels();

    /**
     * Predicts for every sample of the batch at one timestep.
     *
     * @param sample [n, inChannels, h, w], any size of 1 pixel and more
     * @param timestep 0 to numTrainTimesteps - 1, fractions allowed
     * @param output [n, outChannels, h, w], overwritten
     * @throws ModelException if the network fails, or predicts a value that is not finite
     * @throws java.util.concurrent.CancellationException if the run was cancelled
     */
    void predict(Tensor sample, double timestep, Tensor output);

    /** Frees what the predictor holds. */
    @Override
    void close();
}
