// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Generator;
import io.github.sumi.pipeline.Progress;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/** Generates images as a 32-bit stack, the model's -1..1 shown as 0..255. */
public final class ImageGenerator {

    private static final double WHITE = 255;

    private ImageGenerator() {
    }

    /**
     * Generates.
     *
     * @return a slice for each image; with a film also frames, from noise to image
     * @throws ModelException if the model has several channels, or fails
     */
    public static ImagePlus generate(Model model, GenerateOptions options, Progress progress) {
        if (model.info().inChannels() != 1) {
            throw new ModelException("Model " + model.id() + " makes images of " + model.info().inChannels()
                    + " channels; only those of one can be shown. Choose another model.");
        }
        int frames = Math.max(1, options.film());
        ImageStack stack = new ImageStack(options.width(), options.height());
        try (Generator generator = new Generator(model, options)) {
            List<Img<FloatType>> images = generator.generate(progress);
            for (int frame = 0; frame < frames; frame++) {
                for (int image = 0; image < options.count(); image++) {
                    String label = "image " + (image + 1) + (frames > 1 ? ", frame " + (frame + 1) : "");
                    stack.addSlice(label, PlaneImages.processor(images.get(image * frames + frame)));
                }
            }
            ImagePlus result = new ImagePlus(model.id() + "-generated", stack);
            result.setDimensions(1, options.count(), frames);
            result.setOpenAsHyperStack(options.count() > 1 && frames > 1);
            result.setDisplayRange(0, WHITE);
            RunInfo.add(result, model, generator);
            return result;
        }
    }
}
