// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Tensor;

/** Counts and times the calls of a network. */
final class TimedPredictor implements NoisePredictor {

    private final NoisePredictor unet;
    private long calls;
    private long nanos;

    TimedPredictor(NoisePredictor unet) {
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

    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        long begin = System.nanoTime();
        unet.predict(sample, timestep, output);
        nanos += System.nanoTime() - begin;
        calls++;
    }

    long calls() {
        return calls;
    }

    /** Mean of all calls; 0 before the first. */
    double millisecondsPerCall() {
        return calls == 0 ? 0 : nanos / 1e6 / calls;
    }
}
