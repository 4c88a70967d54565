// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Tensor;

/** Counts and times the calls of a network. */
final class TimedPredictor extends WrappedPredictor {

    private long calls;
    private long nanos;

    TimedPredictor(NoisePredictor unet) {
        super(unet);
    }

    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        predict(sample, timestep, NO_CLASSES, output);
    }

    @Override
    public void predict(Tensor sample, double timestep, int[] classes, Tensor output) {
        long begin = System.nanoTime();
        unet.predict(sample, timestep, classes, output);
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
