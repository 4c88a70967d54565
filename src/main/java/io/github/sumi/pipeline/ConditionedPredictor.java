// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Tensor;

/**
 * Predicts for samples beside an image that the network is given too, as the last of its channels (Saharia et al. 2021,
 * arXiv 2104.07636, section 2.4). Around the predictor that cuts tiles, so that a tile has its part of the image.
 */
final class ConditionedPredictor extends WrappedPredictor {

    private final Tensor condition;
    private Tensor joined;

    /** @param condition [1, k, h, w], for each sample of a batch; the network takes k channels more than the samples have */
    ConditionedPredictor(NoisePredictor unet, Tensor condition) {
        super(unet);
        this.condition = condition;
    }

    @Override
    public int inChannels() {
        return unet.inChannels() - condition.c();
    }

    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        if (joined == null || joined.n() != sample.n()) {
            joined = Tensor.allocate(sample.n(), unet.inChannels(), sample.h(), sample.w());
            for (int n = 0; n < sample.n(); n++) {
                joined.buffer().put(joined.planeStart(n, sample.c()), condition.buffer(), 0, condition.size());
            }
        }
        int length = sample.c() * sample.h() * sample.w();
        for (int n = 0; n < sample.n(); n++) {
            joined.buffer().put(joined.planeStart(n, 0), sample.buffer(), n * length, length);
        }
        unet.predict(joined, timestep, output);
    }
}
