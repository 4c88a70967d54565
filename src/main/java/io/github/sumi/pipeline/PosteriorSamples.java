// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.NoiseSource;
import io.github.sumi.schedule.Scheduler;
import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.Schedulers;
import io.github.sumi.schedule.Tensor;
import java.util.function.IntToDoubleFunction;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/** One draw from {@code p(x_0 | y)} of a whole plane, or mean and SD of several: chains from the step whose noise is the plane's. */
final class PosteriorSamples {

    /** Pixels of all samples that are in memory at once. */
    private static final int BATCH_PIXELS = 1 << 20;

    private final NoisePredictor unet;
    private final SchedulerConfig chain;
    private final NoiseSchedule schedule;
    private final DenoiseOptions options;
    private final double sdFactor;
    private final NoiseField noise;

    /**
     * @param chain draws from the posterior
     * @param sdFactor what the SD over samples is multiplied by, above 0
     */
    PosteriorSamples(NoisePredictor unet, SchedulerConfig chain, NoiseSchedule schedule, DenoiseOptions options, double sdFactor) {
        this.unet = unet;
        this.chain = chain;
        this.schedule = schedule;
        this.options = options;
        this.sdFactor = sdFactor;
        this.noise = new NoiseField(options.seed());
    }

    /**
     * Denoises a plane.
     *
     * @param y its grey values, which are overwritten
     * @param firstSample key of its noise
     */
    Denoised of(float[] y, int width, int height, Tiles tiles, Scaling scaling, int firstSample, Progress progress) {
        GreyValues values = new GreyValues(scaling);
        values.toRange(y);
        Entry entry = Entry.at(scaling.normalizedSigma(), schedule, unet.fractionalTimesteps());
        int samples = options.mode() == Mode.SAMPLE ? 1 : options.samples();
        Scheduler scheduler = Schedulers.of(chain, entry.timesteps(options.steps(), unet.fractionalTimesteps()));
        Moments moments = new Moments(y.length);
        int batch = Math.max(1, Math.min(samples, BATCH_PIXELS / y.length));
        int batches = (samples + batch - 1) / batch;
        for (int first = 0; first < samples; first += batch) {
            int count = Math.min(batch, samples - first);
            Tensor x = Tensor.allocate(count, 1, height, width);
            entry.fill(y, x);
            NoiseSource source = noise.from(firstSample + first);
            Progress part = progress.part(first / batch, batches);
            NoisePredictor tiled = new TiledNoisePredictor(unet, tiles, part.parts(scheduler.timesteps().length));
            new ReverseProcess(scheduler, tiled).run(x, source, part, (step, now) -> { });
            for (int sample = 0; sample < count; sample++) {
                int which = sample;
                moments.add(i -> values.toGrey(x, which, i, y, entry));
            }
        }
        return new Denoised(image(moments::mean, width, height),
                options.mode() == Mode.UNCERTAINTY ? image(i -> sdFactor * moments.sd(i), width, height) : null, entry.timestep(), null);
    }

    private static Img<FloatType> image(IntToDoubleFunction pixels, int width, int height) {
        float[] image = new float[width * height];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) pixels.applyAsDouble(i);
        }
        return Planes.image(image, width, height);
    }

    /** What takes the chain's steps. */
    String sampler() {
        return chain.describe();
    }
}
