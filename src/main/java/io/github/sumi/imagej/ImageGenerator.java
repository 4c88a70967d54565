// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import ij.plugin.MontageMaker;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Generator;
import io.github.sumi.pipeline.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/** Generates images as a 32-bit stack, the model's -1..1 shown as 0..255. */
public final class ImageGenerator {

    private static final double WHITE = 255;

    /**
     * What the images come as.
     *
     * @param montage side by side in one image, not as a stack; of a film, the last frames
     * @param keep images that are finished when the user cancels are the result; or else there is none
     */
    public record Form(boolean montage, boolean keep) {

        /** A stack of all images, or nothing. */
        public static final Form STACK = new Form(false, false);
    }

    /**
     * What came out.
     *
     * @param image a slice for each image, or a montage of them; with a film also frames, from noise to image
     * @param missing images that were not reached since the user cancelled; 0 unless finished ones are kept
     */
    public record Result(ImagePlus image, int missing) {
    }

    private ImageGenerator() {
    }

    /**
     * Generates.
     *
     * @throws ModelException if the model has several channels, or fails
     * @throws CancellationException if the user cancels
     */
    public static Result generate(Model model, GenerateOptions options, Form form, Progress progress) {
        if (model.info().inChannels() != 1) {
            throw new ModelException("Model " + model.id() + " makes images of " + model.info().inChannels()
                    + " channels; only those of one can be shown. Choose another model.");
        }
        int frames = Math.max(1, options.film());
        List<Img<FloatType>> images = new ArrayList<>();
        try (Generator generator = new Generator(model, options)) {
            try {
                generator.generate(progress, images::addAll);
            } catch (CancellationException e) {
                if (!form.keep() || images.isEmpty()) {
                    throw e;
                }
            }
            int count = images.size() / frames;
            ImageStack stack = new ImageStack(options.width(), options.height());
            for (int frame = 0; frame < frames; frame++) {
                for (int image = 0; image < count; image++) {
                    String label = "image " + (image + 1) + (generator.label(image).isEmpty() ? "" : ", " + generator.label(image)) + (frames > 1 ? ", frame " + (frame + 1) : "");
                    stack.addSlice(label, PlaneImages.processor(images.get(image * frames + frame)));
                }
            }
            int missing = options.count() - count;
            ImagePlus result = new ImagePlus(model.id() + "-generated" + (missing > 0 ? "-partial" : ""), stack);
            result.setDimensions(1, count, frames);
            result.setOpenAsHyperStack(count > 1 && frames > 1);
            result.setDisplayRange(0, WHITE);
            RunInfo.add(result, model, generator, form);
            return new Result(form.montage() ? montage(result) : result, missing);
        }
    }

    /** In rows of equal length, about as many rows as columns. */
    private static ImagePlus montage(ImagePlus generated) {
        int count = generated.getNSlices();
        int first = generated.getStackSize() - count + 1;
        int columns = (int) Math.ceil(Math.sqrt(count));
        ImagePlus montage = new MontageMaker().makeMontage2(generated, columns, (count + columns - 1) / columns, 1, first,
                generated.getStackSize(), 1, 0, false);
        montage.setTitle(generated.getTitle() + "-montage");
        montage.setDisplayRange(0, WHITE);
        montage.setProperty("Info", generated.getInfoProperty());
        return montage;
    }
}
