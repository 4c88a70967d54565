// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Tensor;

/** Predicts for samples of given classes, in one evaluation. */
final class LabelledPredictor extends WrappedPredictor {

    private final int[] classes;

    /** @param classes of each sample of a batch; empty where the network takes none */
    LabelledPredictor(NoisePredictor unet, int[] classes) {
        super(unet);
        this.classes = classes;
    }

    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        unet.predict(sample, timestep, classes, output);
    }
}
