// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.SchedulerConfig;
import java.util.List;
import java.util.concurrent.CancellationException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * Denoises planes: the reverse process, entered at the timestep whose noise is that of the image.
 *
 * <pre>{@code
 * try (Denoiser denoiser = new Denoiser(model, DenoiseOptions.defaults())) {
 *     Scaling scaling = denoiser.measure(plane);
 *     Img<FloatType> clean = denoiser.denoise(plane, scaling, 0, Progress.NONE).image();
 * }
 * }</pre>
 */
public final class Denoiser extends PlaneRestorer {

    private final DenoiseOptions options;
    private final PosteriorMean mean;
    /** Null where the mode needs no chain. */
    private final PosteriorSamples samples;

    /**
     * @throws ModelException if the model can't denoise single planes, or its network can't be loaded
     * @throws IllegalArgumentException if the chain that is asked for doesn't draw from the posterior
     */
    public Denoiser(Model model, DenoiseOptions options) {
        super(checked(model, options), options);
        this.options = options;
        // an estimate of x_0 that was cut at the range would lose what is brighter than the range
        SchedulerConfig config = model.scheduler().withoutClipping();
        SchedulerConfig chain = chain(model, options);
        NoiseSchedule schedule = NoiseSchedule.of(config);
        this.mean = new PosteriorMean(options.flips() ? new FlippedPredictor(unet) : unet, config, schedule);
        this.samples = chain == null ? null : new PosteriorSamples(unet, chain, schedule, options, model.info().uncertainty().factor());
    }

    private static Model checked(Model model, DenoiseOptions options) {
        chain(model, options);
        NoiseSchedule.of(model.scheduler());
        Checks.needsNoImage(model);
        if (model.info().channels() != 1) {
            throw new ModelException("Model " + model.id() + " works on images of " + model.info().channels()
                    + " channels; denoising needs a model of one channel.");
        }
        return model;
    }

    /** Null where the mode needs no chain. */
    private static SchedulerConfig chain(Model model, DenoiseOptions options) {
        return options.mode() == Mode.MEAN ? null : options.sampling().ofPosterior(model.scheduler()).withoutClipping();
    }

    /**
     * Measures how the variance of a plane's noise rises with its brightness.
     *
     * @throws IllegalArgumentException if a pixel isn't finite
     */
    public static VarianceCurve curve(RandomAccessibleInterval<? extends RealType<?>> plane) {
        return curve(Planes.of(plane));
    }

    /** The same of a plane that may be larger than the memory. */
    public static VarianceCurve curve(PlanePixels plane) {
        return FlatPlaces.curve(plane);
    }

    @Override
    public String describe(NoiseFit fit) {
        return fit.model().describe() + (fit.confident() ? "" : " (estimated with little confidence)");
    }

    @Override
    public String verb() {
        return "denoise";
    }

    @Override
    public boolean estimatesNoise() {
        return options.noise() == null;
    }

    /** That of the options, or else what fits. */
    @Override
    public NoiseFit noise(List<VarianceCurve> curves) {
        return options.noise() != null ? NoiseFit.given(options.noise()) : NoiseFit.of(curves);
    }

    @Override
    public Restored restore(RandomAccessibleInterval<? extends RealType<?>> plane, Scaling scaling, int firstSample, Progress progress) {
        return denoise(plane, scaling, firstSample, progress);
    }

    /**
     * Denoises one plane.
     *
     * @param firstSample key of its noise; planes of a stack that shall not share their noise need different ones,
     *     {@code samples} apart
     * @throws IllegalArgumentException if a pixel isn't finite
     * @throws ModelException if the network fails
     * @throws CancellationException if the user cancels
     */
    public Restored denoise(RandomAccessibleInterval<? extends RealType<?>> plane, Scaling scaling, int firstSample,
            Progress progress) {
        float[] y = Planes.pixels(plane);
        int width = (int) plane.dimension(0);
        int height = (int) plane.dimension(1);
        Region whole = new Region(0, 0, width, height);
        HotPixels hot = HotPixels.replace(y, whole, scaling);
        try (CancelWatch watch = new CancelWatch(progress, network)) {
            Restored result = options.mode() == Mode.MEAN ? mean.of(y, whole, whole, tiles, scaling, progress)
                    : samples.of(y, width, height, tiles, scaling, firstSample, progress);
            hot.restore(result.image(), whole);
            return result;
        }
    }

    /**
     * What of a plane has to be read to denoise a part of it.
     *
     * @param width of the plane
     * @param height of the plane
     */
    public Region window(int width, int height, Region part) {
        return TileWindow.of(tiles, width, height, part).region();
    }

    /**
     * Denoises a part of a plane that may be larger than the memory, by {@link Mode#MEAN}: the same pixels as of the whole plane, whatever
     * the other parts are, bit by bit where a tile has more than 256 x 256 pixels, or else within float error.
     *
     * @throws IllegalArgumentException if a pixel isn't finite
     * @throws ModelException if the network fails
     * @throws CancellationException if the user cancels
     */
    public Restored denoise(PlanePixels plane, Region part, Scaling scaling, Progress progress) {
        if (options.mode() != Mode.MEAN) {
            throw new IllegalArgumentException("mode is " + options.mode().key() + "; parts of planes can be denoised by mean alone.");
        }
        TileWindow window = TileWindow.of(tiles, plane.width(), plane.height(), part);
        Region seen = scaling.hotPixels() == 0 ? window.region() : window.region().grown(HotPixels.REACH, plane.width(), plane.height());
        float[] y = Planes.pixels(plane, seen);
        HotPixels hot = HotPixels.replace(y, seen, scaling);
        try (CancelWatch watch = new CancelWatch(progress, network)) {
            Restored result = mean.of(Planes.crop(y, seen, window.region()), window.region(), part, window, scaling, progress);
            hot.restore(result.image(), part);
            return result;
        }
    }

    /** What repeats what was really done: the options, with a smaller tile where memory was short. */
    public DenoiseOptions used(DenoiseOptions asked) {
        return tiles.smaller() ? asked.withTile(tiles.tile()).withOverlap(tiles.overlap()) : asked;
    }

    @Override
    public String sampler() {
        return samples == null ? null : samples.sampler();
    }
}
