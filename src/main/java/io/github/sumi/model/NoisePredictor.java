// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import io.github.sumi.schedule.Tensor;

/** The network epsilon_theta(x_t, t), or whatever its prediction type says that it predicts. */
public interface NoisePredictor {

    /** For a prediction without classes. */
    int[] NO_CLASSES = {};

    /** Channels of the sample, those of a condition among them. */
    int inChannels();

    /** Channels of the output: those of x_t, or twice as many where the variance is learned. */
    int outChannels();

    /** Height and width of a sample must be multiples of this. */
    int sizeMultiple();

    /** Whether timesteps between two steps are understood; otherwise only whole ones may be asked for. */
    boolean fractionalTimesteps();

    /** What to do where its output isn't finite, a sentence; empty where nothing is known but the usual. */
    default String advice() {
        return "";
    }

    /**
     * Predicts for every sample of the batch at one timestep; a network with classes, for no label.
     *
     * @param sample [n, inChannels, h, w], h and w multiples of the size multiple
     * @param timestep 0 to numTrainTimesteps - 1, fractions allowed
     * @param output [n, outChannels, h, w], overwritten
     * @throws ModelException if the network fails
     * @throws java.util.concurrent.CancellationException if the run was cancelled
     */
    void predict(Tensor sample, double timestep, Tensor output);

    /**
     * The same for samples of given classes.
     *
     * @param classes the class of each sample, n numbers; none at all for a prediction without classes
     * @throws IllegalArgumentException if the network takes no classes
     */
    default void predict(Tensor sample, double timestep, int[] classes, Tensor output) {
        if (classes.length > 0) {
            throw new IllegalArgumentException("This network takes no class labels.");
        }
        predict(sample, timestep, output);
    }
}
