// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.Schedulers;
import io.github.sumi.schedule.Tensor;

/** One draw from {@code p(x_0 | y)} of a whole plane, or mean and SD of several: chains from the step whose noise is the plane's. */
final class PosteriorSamples {

    private final NoisePredictor unet;
    private final SchedulerConfig chain;
    private final NoiseSchedule schedule;
    private final int steps;
    private final Chains chains;

    /**
     * @param chain draws from the posterior
     * @param sdFactor what the SD over samples is multiplied by, above 0
     */
    PosteriorSamples(NoisePredictor unet, SchedulerConfig chain, NoiseSchedule schedule, DenoiseOptions options, double sdFactor) {
        this.unet = unet;
        this.chain = chain;
        this.schedule = schedule;
        this.steps = options.steps();
        this.chains = new Chains(options, sdFactor, new NoiseField(options.seed()));
    }

    /**
     * Denoises a plane.
     *
     * @param y its grey values, which are overwritten
     * @param firstSample key of its noise
     */
    Restored of(float[] y, int width, int height, Tiles tiles, Scaling scaling, int firstSample, Progress progress) {
        GreyValues values = new GreyValues(scaling);
        values.toRange(y);
        Entry entry = Entry.at(scaling.normalizedSigma(), schedule, unet.fractionalTimesteps());
        return chains.run(Schedulers.of(chain, entry.timesteps(steps, unet.fractionalTimesteps())), width, height, firstSample, new Chains.Plane() {
            @Override
            public void begin(Tensor x, int sample) {
                entry.fill(y, x);
            }

            @Override
            public NoisePredictor predictor(Progress each) {
                return new TiledNoisePredictor(unet, tiles, each);
            }

            @Override
            public double grey(Tensor x0, int sample, int i) {
                return values.toGrey(x0, sample, i, y, entry);
            }
        }, progress);
    }

    /** What takes the chain's steps. */
    String sampler() {
        return chain.describe();
    }
}
