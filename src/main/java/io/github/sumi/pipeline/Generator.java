// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.ClassLabels;
import io.github.sumi.model.Model;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.schedule.Scheduler;
import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.Schedulers;
import io.github.sumi.schedule.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;

/** Generates images: pure noise, then the whole reverse process. */
public final class Generator implements AutoCloseable {

    /** Pixels of all images that are made at once. */
    private static final int BATCH_PIXELS = 1 << 18;
    private static final float WHITE = 255;

    private final GenerateOptions options;
    private final Model model;
    private final SchedulerConfig config;
    private final Scheduler scheduler;
    private final Tiles tiles;
    private final OnnxNoisePredictor network;
    private final TimedPredictor unet;

    /**
     * @throws io.github.sumi.model.ModelException if the model makes an image of another, or its network can't be loaded
     * @throws IllegalArgumentException if the label isn't one of the model's, or the sampler can't do this with this model
     */
    public Generator(Model model, GenerateOptions options) {
        Checks.needsNoImage(model);
        this.model = model;
        this.options = options;
        options.choice().check(model);
        this.config = options.sampling().of(model.scheduler());
        this.scheduler = Schedulers.of(config, options.steps());
        this.tiles = Tiles.of(model.info(), options.tile(), options.overlap());
        this.network = model.open(options.device());
        this.unet = new TimedPredictor(network);
    }

    /**
     * Generates the images.
     *
     * @return {@code count} images [width, height], or [width, height, channels] of a model with several; or, with a film,
     *     the frames of each image from noise to image, image by image. The model's -1..1 becomes 0..255, not clipped.
     * @throws io.github.sumi.model.ModelException if the network fails
     * @throws java.util.concurrent.CancellationException if the user cancels
     */
    public List<Img<FloatType>> generate(Progress progress) {
        List<Img<FloatType>> images = new ArrayList<>();
        generate(progress, images::addAll);
        return images;
    }

    /**
     * The same, batch by batch: what was handed over before the user cancelled is whole.
     *
     * @param finished is given the images, or the frames, of one or more images in their order
     */
    public void generate(Progress progress, Consumer<List<Img<FloatType>>> finished) {
        NoiseField noise = new NoiseField(options.seed());
        int batch = Math.max(1, Math.min(options.count(), BATCH_PIXELS / (options.width() * options.height())));
        int batches = (options.count() + batch - 1) / batch;
        try (CancelWatch watch = new CancelWatch(progress, network)) {
            for (int first = 0; first < options.count(); first += batch) {
                int count = Math.min(batch, options.count() - first);
                finished.accept(generateBatch(first, count, noise, progress.part(first / batch, batches)));
            }
        }
    }

    private List<Img<FloatType>> generateBatch(int first, int count, NoiseField noise, Progress progress) {
        Tensor x = Tensor.allocate(count, model.info().channels(), options.height(), options.width());
        noise.begin(first, scheduler.initNoiseSigma(), x);
        int frames = Math.max(1, options.film());
        List<List<Img<FloatType>>> films = new ArrayList<>();
        for (int sample = 0; sample < count; sample++) {
            films.add(new ArrayList<>());
        }
        int steps = scheduler.timesteps().length;
        NoisePredictor tiled = new TiledNoisePredictor(unet, tiles, progress.parts(steps));
        new ReverseProcess(scheduler, ofClasses(tiled, options.choice().classes(model.info().labels(), first, count))).run(x, noise.from(first), progress, (step, now) -> {
            while (films.get(0).size() < frames && step == frameStep(films.get(0).size(), frames, steps)) {
                for (int sample = 0; sample < count; sample++) {
                    films.get(sample).add(image(now, sample));
                }
            }
        });
        return films.stream().flatMap(List::stream).toList();
    }

    private NoisePredictor ofClasses(NoisePredictor tiled, int[] classes) {
        return options.choice().guided() ? new GuidedPredictor(tiled, classes, model.info().labels().unconditional(), options.choice().guidance())
                : new LabelledPredictor(tiled, classes);
    }

    /** The step after which a frame is kept: evenly spaced, the start first and the image last. */
    private static int frameStep(int frame, int frames, int steps) {
        return frames == 1 ? steps : (int) Math.round((double) frame * steps / (frames - 1));
    }

    private static Img<FloatType> image(Tensor x, int sample) {
        int length = x.c() * x.h() * x.w();
        float[] pixels = new float[length];
        FloatBuffer buffer = x.buffer();
        for (int i = 0; i < length; i++) {
            pixels[i] = (buffer.get(sample * length + i) + 1) / 2 * WHITE;
        }
        return x.c() == 1 ? Planes.image(pixels, x.w(), x.h()) : ArrayImgs.floats(pixels, x.w(), x.h(), x.c());
    }

    /** The label of an image of the run, 0 for the first; empty where the model has none. */
    public String label(int image) {
        ClassLabels labels = model.info().labels();
        return labels.isEmpty() ? "" : labels.names().get(options.choice().classes(labels, image, 1)[0]);
    }

    /** What takes the steps. */
    public String sampler() {
        return config.describe();
    }

    /** What repeats what was really done: the options, with a smaller tile where memory was short. */
    public GenerateOptions used() {
        return tiles.smaller() ? options.withTiles(tiles.tile(), tiles.overlap()) : options;
    }

    /** What memory forced so far, such as "memory was short: tiles of 256 instead of 512"; empty if nothing. */
    public String memoryNote() {
        return tiles.note();
    }

    /** What runs the network; with why it isn't what auto would have preferred, such as "cpu (CUDA: libcuda.so.1 is missing)". */
    public String device() {
        return network.device();
    }

    /** Mean time of a call of the network in milliseconds; 0 before the first. */
    public double msPerCall() {
        return unet.millisecondsPerCall();
    }

    @Override
    public void close() {
        network.close();
    }
}
