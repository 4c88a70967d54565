// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.schedule.DdimInversion;
import io.github.sumi.schedule.NoiseSource;
import io.github.sumi.schedule.Sampler;
import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.Schedulers;
import io.github.sumi.schedule.Tensor;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;

/** Images to the noise that DDIM makes them of, and back; also what lies between two images there. */
public final class Inverter implements AutoCloseable {

    /** The noise source of a chain that adds none. */
    private static final NoiseSource NONE = (step, noise) -> {
        throw new AssertionError("ddim with eta 0 adds no noise");
    };

    /**
     * What inversion gives.
     *
     * @param latents the noise of each image, [width, height]
     * @param images made of it, in the grey values of the plane: of one plane its reconstruction, of two those between them
     * @param psnr of the first plane's reconstruction in dB, the model's range as its peak
     */
    public record Result(List<Img<FloatType>> latents, List<Img<FloatType>> images, double psnr) {
        public Result {
            latents = List.copyOf(latents);
            images = List.copyOf(images);
        }
    }

    private final Model model;
    private final SchedulerConfig config;
    private final int steps;
    private final Device asked;
    private final Tiles tiles;
    private final DdimInversion inversion;
    private final OnnxNoisePredictor network;

    /**
     * Loads the network.
     *
     * @param steps of each way, 1 to 1000
     * @param tile height and width of a tile in pixels, or null for the model's
     * @param overlap pixels that tiles share, or null for the model's
     * @param device what the network runs on
     * @throws ModelException if the network can't be loaded or takes several channels
     * @throws IllegalArgumentException if a value is out of range
     */
    public Inverter(Model model, int steps, Integer tile, Integer overlap, Device device) {
        Checks.range("steps", steps, 1, 1000);
        Checks.tiles(tile, overlap);
        Checks.needsNoImage(model);
        if (model.info().channels() != 1) {
            throw new ModelException("Model " + model.id() + " makes images of " + model.info().channels()
                    + " channels; only those of one can be inverted. Choose another model.");
        }
        this.model = model;
        this.steps = steps;
        this.asked = device;
        // clipping can't be undone
        this.config = model.scheduler().with(Sampler.DDIM, 0).withoutClipping();
        this.inversion = new DdimInversion(config, steps);
        this.tiles = Tiles.of(model.info(), tile, overlap);
        this.network = model.open(device);
    }

    /**
     * From a plane to noise, and back.
     *
     * @throws IllegalArgumentException if a pixel isn't finite
     * @throws ModelException if the network fails
     * @throws java.util.concurrent.CancellationException if the user cancels
     */
    public Result roundTrip(RandomAccessibleInterval<? extends RealType<?>> plane, Progress progress) {
        return run(List.of(plane), 1, progress);
    }

    /**
     * Images between two planes: made of the noise on the great circle from the one's to the other's.
     *
     * @param frames 2 to 1000, the two planes' own reconstructions among them
     * @throws IllegalArgumentException if the planes differ in size, a pixel isn't finite or frames is out of range
     */
    public Result between(RandomAccessibleInterval<? extends RealType<?>> first, RandomAccessibleInterval<? extends RealType<?>> last,
            int frames, Progress progress) {
        Checks.range("frames", frames, 2, 1000);
        if (first.dimension(0) != last.dimension(0) || first.dimension(1) != last.dimension(1)) {
            throw new IllegalArgumentException("the images have " + first.dimension(0) + " x " + first.dimension(1) + " and " + last.dimension(0)
                    + " x " + last.dimension(1) + " pixels; only those of one size have images between them.");
        }
        return run(List.of(first, last), frames, progress);
    }

    private Result run(List<RandomAccessibleInterval<? extends RealType<?>>> planes, int frames, Progress progress) {
        int width = (int) planes.get(0).dimension(0);
        int height = (int) planes.get(0).dimension(1);
        Tensor x = Tensor.allocate(planes.size(), 1, height, width);
        List<Scaling> scalings = new ArrayList<>();
        for (int n = 0; n < planes.size(); n++) {
            float[] pixels = Planes.pixels(planes.get(n));
            Scaling scaling = Scaling.of(pixels, width, height, NoiseModel.gaussian(0), model.info().lowPercentile(), model.info().highPercentile());
            for (int i = 0; i < pixels.length; i++) {
                x.buffer().put(x.planeStart(n, 0) + i, scaling.normalize(pixels[i]));
            }
            scalings.add(scaling);
        }
        float[] clean = values(x, 0);
        try (CancelWatch watch = new CancelWatch(progress, network)) {
            invert(x, progress.part(0, 2));
            Tensor made = frames == 1 ? copy(x) : Slerp.between(x, frames);
            Progress back = progress.part(1, 2);
            new ReverseProcess(Schedulers.of(config, steps), predictor(back)).run(made, NONE, back, (step, now) -> { });
            List<Img<FloatType>> latents = new ArrayList<>();
            for (int n = 0; n < x.n(); n++) {
                latents.add(Planes.image(values(x, n), width, height));
            }
            return new Result(latents, grey(made, scalings), psnr(clean, values(made, 0)));
        }
    }

    /** What the network was to run on. */
    public Device asked() {
        return asked;
    }

    /** What runs the network; with why it isn't what auto would have preferred, such as "cpu (CUDA: libcuda.so.1 is missing)". */
    public String device() {
        return network.device();
    }

    /** Steps of each way. */
    public int steps() {
        return steps;
    }

    /** The tile that was used, smaller than asked where memory was short. */
    public int tile() {
        return tiles.tile();
    }

    /** Pixels that tiles shared. */
    public int overlap() {
        return tiles.overlap();
    }

    /** What memory forced so far; empty if nothing. */
    public String memoryNote() {
        return tiles.note();
    }

    private NoisePredictor predictor(Progress progress) {
        return new TiledNoisePredictor(network, tiles, progress.parts(inversion.steps()));
    }

    private void invert(Tensor x, Progress progress) {
        NoisePredictor unet = predictor(progress);
        Tensor output = Tensor.allocate(x.n(), unet.outChannels(), x.h(), x.w());
        for (int i = 0; i < inversion.steps(); i++) {
            progress.check();
            unet.predict(x, inversion.timestep(i), output);
            inversion.step(i, output, x);
        }
    }

    /** Between two images the scale of grey values goes from the one's to the other's. */
    private static List<Img<FloatType>> grey(Tensor made, List<Scaling> scalings) {
        Scaling first = scalings.get(0);
        Scaling last = scalings.get(scalings.size() - 1);
        List<Img<FloatType>> images = new ArrayList<>();
        for (int n = 0; n < made.n(); n++) {
            double share = made.n() == 1 ? 0 : (double) n / (made.n() - 1);
            float[] pixels = values(made, n);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) ((1 - share) * first.denormalize(pixels[i]) + share * last.denormalize(pixels[i]));
            }
            images.add(Planes.image(pixels, made.w(), made.h()));
        }
        return images;
    }

    private static float[] values(Tensor x, int n) {
        float[] values = new float[x.h() * x.w()];
        x.buffer().get(x.planeStart(n, 0), values);
        return values;
    }

    private static Tensor copy(Tensor x) {
        Tensor copy = Tensor.allocate(x.n(), x.c(), x.h(), x.w());
        copy.buffer().put(0, x.buffer(), 0, x.size());
        return copy;
    }

    private static double psnr(float[] clean, float[] made) {
        double sum = 0;
        for (int i = 0; i < clean.length; i++) {
            sum += ((double) clean[i] - made[i]) * ((double) clean[i] - made[i]);
        }
        return 10 * Math.log10(4 * clean.length / sum);
    }

    @Override
    public void close() {
        network.close();
    }
}
