// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.NoiseSource;
import io.github.sumi.schedule.Tensor;
import io.github.sumi.schedule.VariationalBound;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * Measures the training objective, L_simple and L_vlb, of planes under a model, one after the other. Of a plane that is larger
 * than 128 x 128 pixels, or the model's tile, the middle is taken. The network's range is that of 8-bit images, which the bound is about: 8-bit planes
 * are mapped to it as they are, others by the model's percentiles, rounded to 256 levels.
 */
public final class LossEvaluator implements AutoCloseable {

    private static final int LEVELS = 255;
    private static final int PATCH = 128;
    /** Noise is told apart by 24 bits of the step; each draw is one. */
    private static final int MAX_SAMPLES = 10000;

    private final Model model;
    private final int strata;
    private final long seed;
    private final NoiseField noise;
    private final OnnxNoisePredictor network;
    /** Where the parts begin, and the number of timesteps. */
    private final int[] starts;
    private final double[] simple;
    private final double[] bits;
    private double sum;
    private double variance;
    private double prior;
    private int images;
    private boolean scaled;
    private String patch = "";

    /**
     * Loads the network.
     *
     * @param samples timesteps drawn for each plane, even: two from each of samples / 2 parts
     * @param seed 0 to 2^53 - 1
     * @throws ModelException if the network can't be loaded or takes several channels
     * @throws IllegalArgumentException if samples doesn't go with the model, or the network knows no timesteps
     */
    public LossEvaluator(Model model, int samples, long seed) {
        Checks.needsNoImage(model);
        this.model = model;
        int trainSteps = NoiseSchedule.of(model.scheduler()).numTrainTimesteps();
        int most = Math.min(MAX_SAMPLES, 2 * trainSteps);
        if (samples < 2 || samples > most || samples % 2 != 0) {
            throw new IllegalArgumentException("samples is " + samples + "; it must be an even number from 2 to " + most
                    + ", two timesteps from each part.");
        }
        if (model.info().channels() != 1) {
            throw new ModelException("Model " + model.id() + " takes images of " + model.info().channels()
                    + " channels; the loss of those of one can be measured. Choose another model.");
        }
        this.strata = samples / 2;
        this.starts = VariationalBound.strata(trainSteps, strata);
        this.seed = seed;
        this.noise = new NoiseField(seed);
        this.simple = new double[strata];
        this.bits = new double[strata];
        this.network = model.open();
    }

    /**
     * Measures a plane.
     *
     * @param eightBit whether its grey values are whole ones from 0 to 255, to be taken as they are
     * @throws IllegalArgumentException if a pixel isn't finite
     * @throws ModelException if the network fails, or has another variance than its scheduler says
     * @throws java.util.concurrent.CancellationException if the user cancels
     */
    public void add(RandomAccessibleInterval<? extends RealType<?>> plane, boolean eightBit, Progress progress) {
        Tensor x0 = patch(plane, eightBit);
        int plane0 = images;
        NoiseSource source = (step, epsilon) -> noise.fill(step, plane0, epsilon);
        Progress draws = progress.parts(2 * strata);
        TiledNoisePredictor any = new TiledNoisePredictor(network, Tiles.of(model.info(), null, null), draws);
        VariationalBound bound = new VariationalBound(model.scheduler(), (x, t, output) -> {
            draws.check();
            checkVariance(output);
            any.predict(x, t, output);
        });
        // a stream of its own for each plane, whatever planes come before
        SplittableRandom random = new SplittableRandom(seed ^ (long) plane0 << 53);
        try (CancelWatch watch = new CancelWatch(progress, network)) {
            VariationalBound.Estimate estimate = bound.estimate(x0, source, strata, random, (stratum, t, losses) -> {
                simple[stratum] += losses.simple() / 2;
                bits[stratum] += losses.term() * (starts[stratum + 1] - starts[stratum]) / 2;
            });
            sum += estimate.bitsPerDim();
            variance += estimate.standardError() * estimate.standardError();
            prior += estimate.prior();
            images++;
        }
    }

    private void checkVariance(Tensor output) {
        if (output.c() != network.outChannels()) {
            throw new ModelException("The network of model " + model.id() + " puts out " + network.outChannels() + " channels, but by variance_type of "
                    + model.location() + "/scheduler/scheduler_config.json it should be " + output.c() + "; correct variance_type.");
        }
    }

    private Tensor patch(RandomAccessibleInterval<? extends RealType<?>> plane, boolean eightBit) {
        float[] pixels = Planes.pixels(plane);
        int width = (int) plane.dimension(0);
        int height = (int) plane.dimension(1);
        int most = Math.min(PATCH, model.info().tile());
        int w = Math.min(width, most);
        int h = Math.min(height, most);
        String taken = w < width || h < height ? "the middle " + w + " x " + h + " of " + width + " x " + height + " pixels" : "all pixels";
        patch = images == 0 || patch.equals(taken) ? taken : "the middle, " + most + " x " + most + " pixels at most,";
        scaled |= !eightBit;
        Scaling scaling = eightBit ? new Scaling(0, LEVELS, NoiseModel.gaussian(0)) : Scaling.of(pixels, width, height, NoiseModel.gaussian(0),
                model.info().lowPercentile(), model.info().highPercentile());
        Tensor x0 = Tensor.allocate(1, 1, h, w);
        int corner = (height - h) / 2 * width + (width - w) / 2;
        for (int i = 0; i < x0.size(); i++) {
            double level = (scaling.normalize(pixels[corner + i / w * width + i % w]) + 1) / 2 * LEVELS;
            x0.buffer().put(i, (float) (Math.max(0, Math.min(LEVELS, Math.rint(level))) * 2 / LEVELS - 1));
        }
        return x0;
    }

    /** The mean of all planes so far. @throws IllegalStateException if there is none */
    public TrainingLoss loss() {
        if (images == 0) {
            throw new IllegalStateException("no plane was measured");
        }
        List<TrainingLoss.Bin> bins = new ArrayList<>();
        for (int i = 0; i < strata; i++) {
            bins.add(new TrainingLoss.Bin(starts[i], starts[i + 1] - 1, 2 * images, simple[i] / images, bits[i] / images));
        }
        return new TrainingLoss(bins, sum / images, Math.sqrt(variance) / images, prior / images, images, patch, scaled
                ? "8-bit ones as they are, others by the model's percentiles, rounded to 256 levels" : "0 to 255 became -1 to 1");
    }

    @Override
    public void close() {
        network.close();
    }
}
