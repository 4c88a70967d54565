// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.schedule.Tensor;
import java.util.List;
import java.util.concurrent.CancellationException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/** Makes better planes of planes, in their grey values: what {@link Denoiser} and {@link Translator} share. */
public abstract sealed class PlaneRestorer implements AutoCloseable permits Denoiser, Translator {

    /** Pixels to each side of a call that is timed. */
    private static final int PROBE = 128;

    final Model model;
    final Tiles tiles;
    final OnnxNoisePredictor network;
    final TimedPredictor unet;

    private final RestoreOptions asked;

    /** Loads the network. */
    PlaneRestorer(Model model, RestoreOptions options) {
        this.model = model;
        this.asked = options;
        this.tiles = Tiles.of(model.info(), options.tile(), options.overlap());
        this.network = model.open(options.device());
        this.unet = new TimedPredictor(network);
    }

    /** What a result comes of, in words: the noise that was taken, or else the mode. */
    public abstract String describe(NoiseFit noise);

    /** Pixels around a part of a plane that the network should see too. */
    public final int halo() {
        return model.info().overlap();
    }

    /** What it does, in a word: denoise or translate. */
    public abstract String verb();

    /** What is computed. */
    public final Mode mode() {
        return asked.mode();
    }

    /** How many samples of noise a plane has for itself. */
    public final int samples() {
        return asked.samples();
    }

    /** UNet evaluations that one plane needs, were it one tile. */
    public final int evaluations() {
        return asked.evaluations();
    }

    /** Whether {@link #noise} looks at the planes. */
    public abstract boolean estimatesNoise();

    /**
     * The noise of planes that one camera took.
     *
     * @param curves of the planes, from {@link Denoiser#curve}; not looked at unless {@link #estimatesNoise}
     * @throws IllegalArgumentException if the noise can't be estimated
     */
    public abstract NoiseFit noise(List<VarianceCurve> curves);

    /**
     * Restores one plane.
     *
     * @param firstSample key of its noise; planes of a stack that shall not share their noise need different ones,
     *     {@link #samples} apart
     * @throws IllegalArgumentException if a pixel isn't finite
     * @throws ModelException if the network fails
     * @throws CancellationException if the user cancels
     */
    public abstract Restored restore(RandomAccessibleInterval<? extends RealType<?>> plane, Scaling scaling, int firstSample, Progress progress);

    /** What takes a chain's steps; null where the mode needs no chain. */
    public abstract String sampler();

    /**
     * Measures the grey values of one plane.
     *
     * @throws IllegalArgumentException if a pixel isn't finite
     */
    public final Scaling measure(RandomAccessibleInterval<? extends RealType<?>> plane, NoiseModel noiseOfPlane) {
        return measure(List.of(Planes.of(plane)), noiseOfPlane).get(0);
    }

    /** The same of planes of one size, in their order; cell by cell, each cell of all of them before the next. */
    public final List<Scaling> measure(List<? extends PlanePixels> planes, NoiseModel noiseOfPlanes) {
        return RangeMeter.measure(planes, GreyValues.stabilizer(noiseOfPlanes), Scaling.sigma(noiseOfPlanes)).stream()
                .map(meter -> Scaling.of(meter, noiseOfPlanes, model.info().lowPercentile(), model.info().highPercentile())).toList();
    }

    /** Measures noise and grey values of a plane that has no others beside it. */
    public final Scaling measure(RandomAccessibleInterval<? extends RealType<?>> plane) {
        return measure(plane, noise(estimatesNoise() ? List.of(Denoiser.curve(plane)) : List.of()).model());
    }

    /** About how long one plane takes for each million of its pixels, seconds; from one small call of the network. */
    public final double secondsPerMegapixel() {
        int size = TileAxis.roundUp(PROBE, network.sizeMultiple());
        Tensor x = Tensor.allocate(1, network.inChannels(), size, size);
        Tensor output = Tensor.allocate(1, network.outChannels(), size, size);
        network.predict(x, 0, output);
        long begin = System.nanoTime();
        network.predict(x, 0, output);
        return evaluations() * (System.nanoTime() - begin) / 1e9 * 1e6 / ((double) size * size);
    }

    /** What memory forced so far, such as "memory was short: tiles of 256 instead of 512"; empty if nothing. */
    public final String memoryNote() {
        return tiles.note();
    }

    /** Calls of the network so far. */
    public final long unetCalls() {
        return unet.calls();
    }

    /** Mean time of a call of the network in milliseconds; 0 before the first. */
    public final double msPerCall() {
        return unet.millisecondsPerCall();
    }

    /** What runs the network; with why it isn't what auto would have preferred, such as "cpu (CUDA: libcuda.so.1 is missing)". */
    public final String device() {
        return network.device();
    }

    @Override
    public final void close() {
        network.close();
    }
}
