// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.Tensor;
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
public final class Denoiser implements AutoCloseable {

    /** Pixels to each side of a call that is timed. */
    private static final int PROBE = 128;

    private final DenoiseOptions options;
    private final Model model;
    private final Tiles tiles;
    private final OnnxNoisePredictor network;
    private final TimedPredictor unet;
    private final PosteriorMean mean;
    /** Null where the mode needs no chain. */
    private final PosteriorSamples samples;

    /**
     * @throws ModelException if the model can't denoise single planes, or its network can't be loaded
     * @throws IllegalArgumentException if the chain that is asked for doesn't draw from the posterior
     */
    public Denoiser(Model model, DenoiseOptions options) {
        this.model = model;
        this.options = options;
        // an estimate of x_0 that was cut at the range would lose what is brighter than the range
        SchedulerConfig config = model.scheduler().withoutClipping();
        SchedulerConfig chain = options.mode() == Mode.MEAN ? null : options.sampling().ofPosterior(model.scheduler()).withoutClipping();
        NoiseSchedule schedule = NoiseSchedule.of(config);
        if (model.info().inChannels() != 1) {
            throw new ModelException("Model " + model.id() + " works on images of " + model.info().inChannels()
                    + " channels; denoising needs a model of one channel.");
        }
        this.tiles = Tiles.of(model.info(), options.tile(), options.overlap());
        this.network = model.open(options.device());
        this.unet = new TimedPredictor(network);
        this.mean = new PosteriorMean(options.flips() ? new FlippedPredictor(unet) : unet, config, schedule);
        this.samples = chain == null ? null : new PosteriorSamples(unet, chain, schedule, options, model.info().uncertainty().factor());
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

    /**
     * The noise of planes that one camera took: that of the options, or else what fits.
     *
     * @param curves of the planes, from {@link #curve}; not looked at where the options give the noise
     * @throws IllegalArgumentException if the noise can't be estimated
     */
    public NoiseFit noise(List<VarianceCurve> curves) {
        return options.noise() != null ? NoiseFit.given(options.noise()) : NoiseFit.of(curves);
    }

    /**
     * Measures the grey values of one plane.
     *
     * @throws IllegalArgumentException if a pixel isn't finite
     */
    public Scaling measure(RandomAccessibleInterval<? extends RealType<?>> plane, NoiseModel noiseOfPlane) {
        return measure(List.of(Planes.of(plane)), noiseOfPlane).get(0);
    }

    /** The same of planes of one size, in their order; cell by cell, each cell of all of them before the next. */
    public List<Scaling> measure(List<? extends PlanePixels> planes, NoiseModel noiseOfPlanes) {
        return RangeMeter.measure(planes, GreyValues.stabilizer(noiseOfPlanes), Scaling.sigma(noiseOfPlanes)).stream()
                .map(meter -> Scaling.of(meter, noiseOfPlanes, model.info().lowPercentile(), model.info().highPercentile())).toList();
    }

    /** Measures noise and grey values of a plane that has no others beside it. */
    public Scaling measure(RandomAccessibleInterval<? extends RealType<?>> plane) {
        return measure(plane, noise(options.noise() != null ? List.of() : List.of(curve(plane))).model());
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
    public Denoised denoise(RandomAccessibleInterval<? extends RealType<?>> plane, Scaling scaling, int firstSample,
            Progress progress) {
        float[] y = Planes.pixels(plane);
        int width = (int) plane.dimension(0);
        int height = (int) plane.dimension(1);
        Region whole = new Region(0, 0, width, height);
        HotPixels hot = HotPixels.replace(y, whole, scaling);
        try (CancelWatch watch = new CancelWatch(progress, network)) {
            Denoised result = options.mode() == Mode.MEAN ? mean.of(y, whole, whole, tiles, scaling, progress)
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
    public Denoised denoise(PlanePixels plane, Region part, Scaling scaling, Progress progress) {
        if (options.mode() != Mode.MEAN) {
            throw new IllegalArgumentException("mode is " + options.mode().key() + "; parts of planes can be denoised by mean alone.");
        }
        TileWindow window = TileWindow.of(tiles, plane.width(), plane.height(), part);
        Region seen = scaling.hotPixels() == 0 ? window.region() : window.region().grown(HotPixels.REACH, plane.width(), plane.height());
        float[] y = Planes.pixels(plane, seen);
        HotPixels hot = HotPixels.replace(y, seen, scaling);
        try (CancelWatch watch = new CancelWatch(progress, network)) {
            Denoised result = mean.of(Planes.crop(y, seen, window.region()), window.region(), part, window, scaling, progress);
            hot.restore(result.image(), part);
            return result;
        }
    }

    /** About how long one plane takes for each million of its pixels, seconds; from one small call of the network. */
    public double secondsPerMegapixel() {
        int size = TileAxis.roundUp(PROBE, network.sizeMultiple());
        Tensor x = Tensor.allocate(1, 1, size, size);
        Tensor output = Tensor.allocate(1, network.outChannels(), size, size);
        network.predict(x, 0, output);
        long begin = System.nanoTime();
        network.predict(x, 0, output);
        return options.evaluations() * (System.nanoTime() - begin) / 1e9 * 1e6 / ((double) size * size);
    }

    /** What repeats what was really done: the options, with a smaller tile where memory was short. */
    public DenoiseOptions used(DenoiseOptions asked) {
        return tiles.smaller() ? asked.withTile(tiles.tile()).withOverlap(tiles.overlap()) : asked;
    }

    /** What memory forced so far, such as "memory was short: tiles of 256 instead of 512"; empty if nothing. */
    public String memoryNote() {
        return tiles.note();
    }

    /** Calls of the network so far. */
    public long unetCalls() {
        return unet.calls();
    }

    /** Mean time of a call of the network in milliseconds; 0 before the first. */
    public double msPerCall() {
        return unet.millisecondsPerCall();
    }

    /** What takes a chain's steps; null where the mode needs no chain. */
    public String sampler() {
        return samples == null ? null : samples.sampler();
    }

    /** What runs the network; with why it isn't what auto would have preferred, such as "cpu (CUDA: libcuda.so.1 is missing)". */
    public String device() {
        return network.device();
    }

    @Override
    public void close() {
        network.close();
    }
}
