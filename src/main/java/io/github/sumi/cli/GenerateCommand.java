// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import ij.ImagePlus;
import ij.ImageStack;
import io.github.sumi.imagej.ImageDenoiser;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Generator;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi generate OUT}. */
@Command(name = "generate", mixinStandardHelpOptions = true, description = "Generate images as a 32-bit TIFF stack.")
final class GenerateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "OUT", description = "the TIFF file to write")
    Path out;
    @Mixin
    CommonOptions common;
    @Option(names = "--count", defaultValue = "1", description = "number of images (default: ${DEFAULT-VALUE})")
    int count;
    @Option(names = "--width", defaultValue = "64", description = "pixels (default: ${DEFAULT-VALUE})")
    int width;
    @Option(names = "--height", defaultValue = "64", description = "pixels (default: ${DEFAULT-VALUE})")
    int height;
    @Option(names = "--steps", defaultValue = "250", description = "steps of the chain (default: ${DEFAULT-VALUE})")
    int steps;
    @Option(names = "--film", defaultValue = "0", description = "frames from noise to image; 0 for the image alone")
    int film;
    @Option(names = "--tile", description = "tile size in pixels (default: the model's)")
    Integer tile;
    @Option(names = "--overlap", description = "pixels that tiles share (default: the model's)")
    Integer overlap;
    @Option(names = "--device", defaultValue = "auto", description = "auto or cpu")
    String device;
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CommonOptions.checkDevice(device);
        GenerateOptions options = new GenerateOptions(count, width, height, steps, common.seed, film, tile, overlap);
        TiffFiles.checkTarget(out, common.overwrite);
        Model model = common.model();
        if (model.info().inChannels() != 1) {
            throw new ModelException("Model " + model.id() + " makes images of " + model.info().inChannels()
                    + " channels; the command line writes those of one.");
        }
        ImageStack stack = new ImageStack(width, height);
        try (Generator generator = new Generator(model, options); ConsoleProgress progress = new ConsoleProgress(spec.commandLine().getErr())) {
            List<Img<FloatType>> images = generator.generate(progress);
            images.forEach(image -> stack.addSlice(ImageDenoiser.processor(image)));
            ImagePlus result = new ImagePlus("generated", stack);
            if (film > 0) {
                result.setDimensions(1, count, film);
                result.setStack(byFrame(stack, count, film), 1, count, film);
            }
            result.setDisplayRange(0, 255);
            result.setProperty("Info", String.format(Locale.ROOT, "Sumi model: %s@%d, SHA-256 %s%nSumi chain: ddpm, %d steps, seed %d%n"
                    + "Sumi device: %s, %.1f ms per UNet call%n", model.id(), model.info().version(), model.sha256(), steps,
                    common.seed, generator.device(), generator.msPerCall()));
            TiffFiles.save(result, out, common.overwrite);
        }
        spec.commandLine().getOut().println(out + ": " + count + " images of " + width + " x " + height + " pixels");
        return 0;
    }

    /** From image by image to frame by frame, as ImageJ orders slices within frames. */
    private static ImageStack byFrame(ImageStack stack, int count, int frames) {
        ImageStack ordered = new ImageStack(stack.getWidth(), stack.getHeight());
        for (int frame = 0; frame < frames; frame++) {
            for (int image = 0; image < count; image++) {
                ordered.addSlice(stack.getProcessor(image * frames + frame + 1));
            }
        }
        return ordered;
    }
}
