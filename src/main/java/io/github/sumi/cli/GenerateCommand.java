// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import ij.ImagePlus;
import io.github.sumi.imagej.ImageGenerator;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.model.ClassLabels;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.ClassChoice;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi generate OUT}. */
@Command(name = "generate", mixinStandardHelpOptions = true, description = "Generate images as a 32-bit TIFF.")
final class GenerateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "OUT", description = "the TIFF file to write")
    Path out;
    @Mixin
    CommonOptions common;
    @Mixin
    TileOptions tiles;
    @Option(names = "--model", defaultValue = ModelLibrary.GENERATOR, description = "name, folder or .zip of a model (default: ${DEFAULT-VALUE})")
    String model;
    @Option(names = "--count", defaultValue = "1", description = "number of images (default: ${DEFAULT-VALUE})")
    int count;
    @Option(names = "--width", defaultValue = "64", description = "pixels (default: ${DEFAULT-VALUE})")
    int width;
    @Option(names = "--height", defaultValue = "64", description = "pixels (default: ${DEFAULT-VALUE})")
    int height;
    @Option(names = "--steps", defaultValue = "50", description = "steps of the chain (default: ${DEFAULT-VALUE})")
    int steps;
    @Option(names = "--sampler", defaultValue = Sampling.MODEL, description = "ddpm, ddim, dpmpp, dpmpp-sde, unipc, euler, euler-ancestral, heun, pndm or lcm (default: the model's own)")
    String sampler;
    @Option(names = "--eta", defaultValue = "0", description = "how much noise ddim adds, 0 to 1 (default: ${DEFAULT-VALUE})")
    double eta;
    @Option(names = "--label", defaultValue = ClassLabels.ALL, description = "what to make, for a model with labels: one of them, or all in turn "
            + "(default: ${DEFAULT-VALUE})")
    String label;
    @Option(names = "--guidance", defaultValue = "1", description = "how strongly the label is kept to, 0 to 20; other than 1 takes two evaluations "
            + "of the network a step (default: ${DEFAULT-VALUE})")
    double guidance;
    @Option(names = "--film", defaultValue = "0", description = "frames from noise to image; 0 for the image alone")
    int film;
    @Option(names = "--montage", description = "the images side by side, not as a stack")
    boolean montage;
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        GenerateOptions options = new GenerateOptions(count, width, height, steps, common.seed, film, tiles.tile, tiles.overlap,
                Sampling.of(sampler, eta), tiles.device(), new ClassChoice(label, guidance));
        TiffFiles.checkTarget(null, out, common.overwrite);
        long begin = System.nanoTime();
        ImagePlus result;
        try (ConsoleProgress progress = new ConsoleProgress(out.getFileName().toString(), spec.commandLine().getErr())) {
            result = ImageGenerator.generate(ModelLibrary.standard(null).find(model), options, new ImageGenerator.Form(montage, false), progress).image();
        }
        TiffFiles.save(result, out, common.overwrite);
        if (!RunInfo.note(result).isEmpty()) {
            spec.commandLine().getErr().println(out + ": " + RunInfo.note(result));
        }
        spec.commandLine().getOut().printf(Locale.ROOT, "%s: %d images of %d x %d pixels%s, %.1f s%n", out, count, width, height,
                film > 0 ? ", " + film + " frames each" : "", (System.nanoTime() - begin) / 1e9);
        return 0;
    }
}
