// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.ForwardFilm;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/** The forward process as a film: a frame labelled "t = 100" for each timestep. */
public final class ImageDiffuser {

    /** The timesteps that are shown unless others are asked for. */
    public static final String TIMESTEPS = "0,50,100,200,400,700,999";

    private ImageDiffuser() {
    }

    /**
     * From the value of the key timesteps.
     *
     * @throws IllegalArgumentException unless it is numbers between commas
     */
    public static int[] timesteps(String text) {
        String[] parts = text.strip().split("\\s*,\\s*", -1);
        if (!Arrays.stream(parts).allMatch(part -> part.matches("[0-9]{1,6}"))) {
            throw new IllegalArgumentException("timesteps is \"" + text + "\"; it must be whole numbers such as 0,100,500.");
        }
        return Arrays.stream(parts).mapToInt(Integer::parseInt).toArray();
    }

    /**
     * The film of the current plane, in its grey values as 32-bit pixels.
     *
     * @param seed 0 to 2^53 - 1
     * @throws IllegalArgumentException if the image is RGB, a pixel isn't finite, or a timestep is out of the model's range
     */
    public static ImagePlus film(Model model, ImagePlus input, int[] timesteps, long seed) {
        PlaneImages.refuseRgb(input);
        ImagePlus plane = Dressing.currentPlane(input);
        List<Img<FloatType>> frames = new ForwardFilm(model, seed).frames(PlaneImages.image(plane.getProcessor()), timesteps);
        GreyLevels levels = new GreyLevels(plane, true);
        ImageStack stack = new ImageStack(plane.getWidth(), plane.getHeight());
        for (int i = 0; i < timesteps.length; i++) {
            stack.addSlice("t = " + timesteps[i], levels.convert(PlaneImages.processor(frames.get(i))));
        }
        ImagePlus film = Dressing.like(plane, stack, "-film", levels.calibrated());
        film.setDimensions(1, 1, timesteps.length);
        RunInfo.add(film, model, Arrays.stream(timesteps).mapToObj(String::valueOf).collect(Collectors.joining(",")), seed);
        return film;
    }

    /** The film of an image that the model generates for it. @throws ModelException if the model has several channels, or fails */
    public static ImagePlus filmOfSample(Model model, int[] timesteps, long seed, Progress progress) {
        if (model.info().channels() > 1) {
            throw new ModelException("Model " + model.id() + " makes images of " + model.info().channels()
                    + " channels; a film is of one. Open an image, or choose another model.");
        }
        ImagePlus sample = ImageGenerator.generate(model, GenerateOptions.defaults().withSeed(seed), ImageGenerator.Form.STACK, progress).image();
        sample.setTitle(model.id());
        return film(model, sample, timesteps, seed);
    }
}
