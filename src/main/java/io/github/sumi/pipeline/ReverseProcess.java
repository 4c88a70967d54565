// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.ModelException;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.NoiseSource;
import io.github.sumi.schedule.Scheduler;
import io.github.sumi.schedule.Tensor;

/** The reverse process on a whole image, with any scheduler and any predictor (Ho et al. 2020, algorithm 2, is one). */
public final class ReverseProcess {

    /** Sees x_t after each step as the network would, and x_0 in the end; the tensor is a live one. */
    @FunctionalInterface
    public interface Observer {
        /** @param step number of steps done; 0 for the start */
        void accept(int step, Tensor x);
    }

    private final Scheduler scheduler;
    private final NoisePredictor unet;

    /** @param unet must take a sample of the size that {@link #run} gets */
    public ReverseProcess(Scheduler scheduler, NoisePredictor unet) {
        this.scheduler = scheduler;
        this.unet = unet;
    }

    /**
     * Replaces x at the first timestep by x_0.
     *
     * @param progress asked before each step; it is told by the predictor
     * @throws ModelException if a value stops being finite
     * @throws java.util.concurrent.CancellationException if the user cancels
     */
    public void run(Tensor x, NoiseSource noise, Progress progress, Observer observer) {
        double[] timesteps = scheduler.timesteps();
        Tensor modelOutput = Tensor.allocate(x.n(), unet.outChannels(), x.h(), x.w());
        Scheduler.Run chain = scheduler.start(x.n(), x.c(), x.h(), x.w());
        for (int i = 0; i < timesteps.length; i++) {
            progress.check();
            Tensor input = chain.modelInput(i, x);
            observer.accept(i, input);
            unet.predict(input, timesteps[i], modelOutput);
            chain.step(i, modelOutput, x, noise);
            if (x.firstNotFinite() >= 0) {
                throw new ModelException("Step " + (i + 1) + " of " + timesteps.length + " (timestep " + timesteps[i]
                        + ") gives values that are not finite. Check the model with 'sumi models verify', or choose more steps.");
            }
        }
        observer.accept(timesteps.length, x);
    }
}
