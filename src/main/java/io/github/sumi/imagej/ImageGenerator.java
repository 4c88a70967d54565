// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.plugin.MontageMaker;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Generator;
import io.github.sumi.pipeline.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

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
     * @param image a slice for each image, or a montage of them; of a model with several channels with these; with a film also frames, from noise to image
     * @param missing images that were not reached since the user cancelled; 0 unless finished ones are kept
     */
    public record Result(ImagePlus image, int missing) {
    }

    private ImageGenerator() {
    }

    /**
     * Generates.
     *
     * @throws io.github.sumi.model.ModelException if the model fails
     * @throws CancellationException if the user cancels
     */
    public static Result generate(Model model, GenerateOptions options, Form form, Progress progress) {
        int channels = model.info().channels();
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
                    Img<FloatType> made = images.get(image * frames + frame);
                    for (int channel = 0; channel < channels; channel++) {
                        stack.addSlice(label + (channels > 1 ? ", channel " + (channel + 1) : ""),
                                PlaneImages.processor(channels > 1 ? Views.hyperSlice(made, 2, channel) : made));
                    }
                }
            }
            int missing = options.count() - count;
            ImagePlus result = new ImagePlus(model.id() + "-generated" + (missing > 0 ? "-partial" : ""), stack);
            result.setDimensions(channels, count, frames);
            result.setOpenAsHyperStack(channels > 1 || count > 1 && frames > 1);
            result = shown(result);
            RunInfo.add(result, model, generator, form);
            return new Result(form.montage() ? montage(result) : result, missing);
        }
    }

    /** The range from 0 to 255; channels in one picture, each in its colour, as far as ImageJ has colours for them. */
    private static ImagePlus shown(ImagePlus image) {
        int channels = image.getNChannels();
        if (channels == 1) {
            image.setDisplayRange(0, WHITE);
            return image;
        }
        CompositeImage composite = new CompositeImage(image, channels <= CompositeImage.MAX_CHANNELS ? IJ.COMPOSITE : IJ.GRAYSCALE);
        for (int channel = channels; channel >= 1; channel--) {
            composite.setC(channel);
            composite.setDisplayRange(0, WHITE);
        }
        return composite;
    }

    /** In rows of equal length, about as many rows as columns; channel by channel. */
    private static ImagePlus montage(ImagePlus generated) {
        int count = generated.getNSlices();
        int columns = (int) Math.ceil(Math.sqrt(count));
        ImageStack stack = new ImageStack();
        for (int channel = 1; channel <= generated.getNChannels(); channel++) {
            ImageStack planes = new ImageStack();
            for (int image = 1; image <= count; image++) {
                planes.addSlice(generated.getStack().getProcessor(generated.getStackIndex(channel, image, generated.getNFrames())));
            }
            ImagePlus last = new ImagePlus("", planes);
            stack.addSlice(count == 1 ? last.getProcessor()
                    : new MontageMaker().makeMontage2(last, columns, (count + columns - 1) / columns, 1, 1, count, 1, 0, false).getProcessor());
        }
        ImagePlus montage = new ImagePlus(generated.getTitle() + "-montage", stack);
        montage.setDimensions(generated.getNChannels(), 1, 1);
        montage.setOpenAsHyperStack(generated.getNChannels() > 1);
        ImagePlus result = shown(montage);
        result.setProperty("Info", generated.getInfoProperty());
        return result;
    }
}
