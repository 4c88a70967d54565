// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Scheduler;
import io.github.sumi.schedule.Tensor;
import java.util.function.IntToDoubleFunction;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/**
 * Where chains of a plane end: one of them, or mean and SD of several.
 *
 * @param options of {@link Mode#SAMPLE} or {@link Mode#UNCERTAINTY}
 * @param sdFactor what the SD over samples is multiplied by, above 0
 */
record Chains(RestoreOptions options, double sdFactor, NoiseField noise) {

    /** Pixels of all samples that are in memory at once. */
    private static final int BATCH_PIXELS = 1 << 20;

    /** What the chains begin with, go through and end as. */
    interface Plane {

        /** Fills x_t of samples of one channel. @param firstSample key of their noise */
        void begin(Tensor x, int firstSample);

        /** @param steps the progress of each step in turn */
        NoisePredictor predictor(Progress steps);

        /** Grey value of pixel i of a sample's x_0. */
        double grey(Tensor x0, int sample, int i);
    }

    /** @param firstSample key of the plane's noise */
    Restored run(Scheduler scheduler, int width, int height, int firstSample, Plane plane, Progress progress) {
        int chains = options.mode() == Mode.SAMPLE ? 1 : options.samples();
        int pixels = width * height;
        Moments moments = new Moments(pixels);
        int batch = Math.max(1, Math.min(chains, BATCH_PIXELS / pixels));
        int batches = (chains + batch - 1) / batch;
        for (int first = 0; first < chains; first += batch) {
            int count = Math.min(batch, chains - first);
            Tensor x = Tensor.allocate(count, 1, height, width);
            plane.begin(x, firstSample + first);
            Progress part = progress.part(first / batch, batches);
            NoisePredictor predictor = plane.predictor(part.parts(scheduler.timesteps().length));
            new ReverseProcess(scheduler, predictor).run(x, noise.from(firstSample + first), part, (step, now) -> { });
            for (int sample = 0; sample < count; sample++) {
                int which = sample;
                moments.add(i -> plane.grey(x, which, i));
            }
        }
        return new Restored(image(moments::mean, width, height),
                options.mode() == Mode.UNCERTAINTY ? image(i -> sdFactor * moments.sd(i), width, height) : null, scheduler.timesteps()[0], null);
    }

    private static Img<FloatType> image(IntToDoubleFunction pixels, int width, int height) {
        float[] image = new float[width * height];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) pixels.applyAsDouble(i);
        }
        return Planes.image(image, width, height);
    }
}
