// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;

/** What does something around the calls of a network, and says of itself what the network says. */
abstract class WrappedPredictor implements NoisePredictor {

    final NoisePredictor unet;

    WrappedPredictor(NoisePredictor unet) {
        this.unet = unet;
    }

    @Override
    public int inChannels() {
        return unet.inChannels();
    }

    @Override
    public int outChannels() {
        return unet.outChannels();
    }

    @Override
    public int sizeMultiple() {
        return unet.sizeMultiple();
    }

    @Override
    public boolean fractionalTimesteps() {
        return unet.fractionalTimesteps();
    }

    @Override
    public String advice() {
        return unet.advice();
    }
}
