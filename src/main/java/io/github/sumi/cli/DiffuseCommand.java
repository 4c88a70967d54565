// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import ij.ImagePlus;
import ij.ImageStack;
import io.github.sumi.imagej.PlaneImages;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.pipeline.ForwardFilm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi diffuse IN OUT}. */
@Command(name = "diffuse", mixinStandardHelpOptions = true, description = "Film of the forward process: an image dissolving into noise.")
final class DiffuseCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "IN", description = "a TIFF file; its first plane is used")
    Path in;
    @Parameters(index = "1", paramLabel = "OUT", description = "the TIFF file to write")
    Path out;
    @Mixin
    CommonOptions common;
    @Option(names = "--timesteps", split = ",", defaultValue = "0,50,100,200,400,700,999", description = "timesteps (default: ${DEFAULT-VALUE})")
    int[] timesteps;
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        TiffFiles.checkTarget(in, out, common.overwrite);
        ImagePlus input = TiffFiles.open(in);
        if (input.getBitDepth() == 24) {
            throw new IllegalArgumentException(in + " is RGB; split it first with Image > Color > Split Channels.");
        }
        Img<FloatType> plane = PlaneImages.image(input.getStack().getProcessor(1));
        List<Img<FloatType>> frames = new ForwardFilm(common.model(), common.seed).frames(plane, timesteps);
        ImageStack stack = new ImageStack(input.getWidth(), input.getHeight());
        for (int i = 0; i < timesteps.length; i++) {
            stack.addSlice("t = " + timesteps[i], PlaneImages.processor(frames.get(i)));
        }
        ImagePlus film = new ImagePlus("film", stack);
        film.setDimensions(1, 1, timesteps.length);
        film.setCalibration(input.getCalibration().copy());
        film.setDisplayRange(input.getDisplayRangeMin(), input.getDisplayRangeMax());
        TiffFiles.save(film, out, common.overwrite);
        spec.commandLine().getOut().println(out + ": " + timesteps.length + " frames");
        return 0;
    }
}
