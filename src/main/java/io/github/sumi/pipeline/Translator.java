// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.PredictionType;
import io.github.sumi.schedule.Scheduler;
import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.Schedulers;
import io.github.sumi.schedule.Tensor;
import java.util.List;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * Translates planes into others of the same quantity, such as those taken in little light into those taken in much: by the reverse process
 * from pure noise, of a network that is given the plane in each step (Saharia et al. 2021, arXiv 2104.07636, algorithm 2).
 *
 * <pre>{@code
 * try (Translator translator = new Translator(model, TranslateOptions.defaults())) {
 *     Scaling scaling = translator.measure(plane);
 *     Img<FloatType> restored = translator.restore(plane, scaling, 0, Progress.NONE).image();
 * }
 * }</pre>
 */
public final class Translator extends PlaneRestorer {

    /** What the network is given is the plane as it is. */
    private static final NoiseModel NONE = NoiseModel.gaussian(0);

    private final TranslateOptions options;
    private final SchedulerConfig config;
    private final NoiseField noise;

    /**
     * Loads the network.
     *
     * @throws ModelException if the model isn't given an image, or not one of one channel to make one of one channel, or can't be loaded
     * @throws IllegalArgumentException if the sampler or the mode can't do this with this model
     */
    public Translator(Model model, TranslateOptions options) {
        super(checked(model, options), options);
        this.options = options;
        this.config = config(model, options);
        this.noise = new NoiseField(options.seed());
    }

    private static Model checked(Model model, TranslateOptions options) {
        if (!model.info().isConditioned()) {
            throw new ModelException("Model " + model.id() + " isn't given an image to make another of, as a model that was trained on pairs of images is."
                    + " For this one take DDPM Denoise... or 'sumi denoise'.");
        }
        if (model.info().channels() != 1 || model.info().conditionChannels() != 1) {
            throw new ModelException("Model " + model.id() + " makes images of " + model.info().channels() + " channels of images of "
                    + model.info().conditionChannels() + "; only models that make one channel of one can be used, since they work channel by channel.");
        }
        SchedulerConfig config = config(model, options);
        if (options.mode() != Mode.MEAN) {
            Schedulers.of(config, options.steps());
            return model;
        }
        if (config.predictionType() == PredictionType.EPSILON) {
            throw new IllegalArgumentException("mode is mean, but model " + model.id() + " predicts noise (epsilon), from which the mean can't be told where"
                    + " there is nothing but noise; choose mode sample or uncertainty.");
        }
        NoiseSchedule.of(config);
        return model;
    }

    /** An estimate of x_0 that was cut at the range would lose what is brighter than the range. */
    private static SchedulerConfig config(Model model, TranslateOptions options) {
        return options.sampling().of(model.scheduler()).withoutClipping();
    }

    @Override
    public String describe(NoiseFit noise) {
        return "mode " + options.mode().key();
    }

    @Override
    public String verb() {
        return "translate";
    }

    @Override
    public boolean estimatesNoise() {
        return false;
    }

    @Override
    public NoiseFit noise(List<VarianceCurve> curves) {
        return NoiseFit.given(NONE);
    }

    @Override
    public Restored restore(RandomAccessibleInterval<? extends RealType<?>> plane, Scaling scaling, int firstSample, Progress progress) {
        float[] pixels = Planes.pixels(plane);
        Tensor condition = Tensor.allocate(1, 1, (int) plane.dimension(1), (int) plane.dimension(0));
        for (int i = 0; i < pixels.length; i++) {
            condition.buffer().put(i, scaling.normalize(pixels[i]));
        }
        try (CancelWatch watch = new CancelWatch(progress, network)) {
            return options.mode() == Mode.MEAN ? mean(condition, scaling, firstSample, progress) : samples(condition, scaling, firstSample, progress);
        }
    }

    /** {@code E[x_0 | condition]}: what the network takes for x_0 where x_t holds next to nothing of it. */
    private Restored mean(Tensor condition, Scaling scaling, int firstSample, Progress progress) {
        NoiseSchedule schedule = NoiseSchedule.of(config);
        int last = schedule.numTrainTimesteps() - 1;
        NoisePredictor conditioned = predictor(condition, progress);
        Tensor x = Tensor.allocate(1, 1, condition.h(), condition.w());
        Tensor modelOutput = Tensor.allocate(1, conditioned.outChannels(), x.h(), x.w());
        noise.begin(firstSample, 1, x);
        conditioned.predict(x, last, modelOutput);
        config.predictionType().predOriginalSample(modelOutput, x, schedule.alphaCumprod(last), x);
        float[] image = new float[x.size()];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) scaling.denormalize(x.buffer().get(i));
        }
        return new Restored(Planes.image(image, x.w(), x.h()), null, last, null);
    }

    private Restored samples(Tensor condition, Scaling scaling, int firstSample, Progress progress) {
        Scheduler scheduler = Schedulers.of(config, options.steps());
        Chains chains = new Chains(options, model.info().uncertainty().factor(), noise);
        return chains.run(scheduler, condition.w(), condition.h(), firstSample, new Chains.Plane() {
            @Override
            public void begin(Tensor x, int sample) {
                noise.begin(sample, scheduler.initNoiseSigma(), x);
            }

            @Override
            public NoisePredictor predictor(Progress steps) {
                return Translator.this.predictor(condition, steps);
            }

            @Override
            public double grey(Tensor x0, int sample, int i) {
                return scaling.denormalize(x0.buffer().get(x0.planeStart(sample, 0) + i));
            }
        }, progress);
    }

    private NoisePredictor predictor(Tensor condition, Progress progress) {
        return new ConditionedPredictor(new TiledNoisePredictor(unet, tiles, progress), condition);
    }

    /** What repeats what was really done: the options, with a smaller tile where memory was short. */
    public TranslateOptions used(TranslateOptions asked) {
        return tiles.smaller() ? asked.withTiles(tiles.tile(), tiles.overlap()) : asked;
    }

    @Override
    public String sampler() {
        return options.mode() == Mode.MEAN ? null : config.describe();
    }
}
