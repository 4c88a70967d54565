// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.PredictionType;
import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.Tensor;

/**
 * {@code E[x_0 | y]} of a plane, or of a part of one, by one evaluation of the network. Where a network that predicts epsilon finds
 * none at all, which is in blank tiles alone, grey values stay as they are.
 */
final class PosteriorMean {

    private final NoisePredictor unet;
    private final SchedulerConfig config;
    private final NoiseSchedule schedule;
    private final boolean epsilon;

    PosteriorMean(NoisePredictor unet, SchedulerConfig config, NoiseSchedule schedule) {
        this.unet = unet;
        this.config = config;
        this.schedule = schedule;
        this.epsilon = config.predictionType() == PredictionType.EPSILON;
    }

    /**
     * Denoises the part of what the network sees.
     *
     * @param y grey values of the window, which are overwritten
     * @param window of the plane
     * @param part within the window, in the plane's coordinates
     */
    Restored of(float[] y, Region window, Region part, TileLayout tiles, Scaling scaling, Progress progress) {
        Entry entry = Entry.at(scaling.normalizedSigma(), schedule, unet.fractionalTimesteps());
        float[] image = Planes.crop(y, window, part);
        int first = (part.y() - window.y()) * window.width() + part.x() - window.x();
        if (epsilon && Planes.isBlank(y)) {
            return new Restored(Planes.image(image, part.width(), part.height()), null, entry.timestep(), null);
        }
        GreyValues values = new GreyValues(scaling);
        values.toRange(y);
        Tensor x = Tensor.allocate(1, 1, window.height(), window.width());
        entry.fill(y, x);
        NoisePredictor tiled = new TiledNoisePredictor(new BlankTiles(unet, config.predictionType(), entry.alphaCumprod()), tiles, progress);
        Tensor modelOutput = Tensor.allocate(1, tiled.outChannels(), window.height(), window.width());
        tiled.predict(x, entry.timestep(), modelOutput);
        config.predictionType().predOriginalSample(modelOutput, x, entry.alphaCumprod(), x);
        for (int i = 0; i < image.length; i++) {
            int at = first + i / part.width() * window.width() + i % part.width();
            if (!epsilon || modelOutput.buffer().get(at) != 0) {
                image[i] = (float) values.toGrey(x, 0, at, y, entry);
            }
        }
        double sigma = scaling.normalizedSigma();
        Residual residual = sigma == 0 ? null : Residual.of(i -> {
            int at = first + i / part.width() * window.width() + i % part.width();
            return entry.weight() * (y[at] - x.buffer().get(at) / entry.scale());
        }, sigma, part.width(), part.height());
        return new Restored(Planes.image(image, part.width(), part.height()), null, entry.timestep(), residual);
    }
}
