// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import ij.ImagePlus;
import io.github.sumi.imagej.ImageInverter;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.Inverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi invert IN OUT}. */
@Command(name = "invert", mixinStandardHelpOptions = true,
        description = "DDIM backwards: an image to noise (OUT-latent.tif) and back (OUT), or the images between two.")
final class InvertCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "IN", description = "a TIFF file; its first plane is used")
    Path in;
    @Parameters(index = "1", paramLabel = "OUT", description = "the TIFF file to write; the noise goes to OUT-latent.tif")
    Path out;
    @Option(names = "--model", defaultValue = ModelLibrary.GENERATOR, description = "name, folder or .zip of a model (default: ${DEFAULT-VALUE})")
    String model;
    @Option(names = "--steps", defaultValue = "100", description = "steps each way (default: ${DEFAULT-VALUE})")
    int steps;
    @Option(names = "--other", description = "a second TIFF file of the same size: OUT gets the images between the two")
    Path other;
    @Option(names = "--frames", defaultValue = "9", description = "images from the one to the other, 2 to 1000 (default: ${DEFAULT-VALUE})")
    int frames;
    @Option(names = "--overwrite", description = "replace files that exist")
    boolean overwrite;
    @Mixin
    TileOptions tiles;
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Device device = tiles.device();
        Path latent = out.resolveSibling(out.getFileName().toString().replaceFirst("(?i)\\.tiff?$", "-latent.tif"));
        for (Path input : other == null ? new Path[] {in} : new Path[] {in, other}) {
            TiffFiles.checkTarget(input, out, overwrite);
            TiffFiles.checkTarget(input, latent, overwrite);
        }
        ImagePlus first = TiffFiles.open(in);
        ImagePlus last = other == null ? null : TiffFiles.open(other);
        Model found = ModelLibrary.standard(null).find(model);
        try (Inverter inverter = new Inverter(found, steps, tiles.tile, tiles.overlap, device);
                ConsoleProgress progress = new ConsoleProgress(out.getFileName().toString(), spec.commandLine().getErr())) {
            ImageInverter.Result result = ImageInverter.invert(inverter, found, first, last, frames, progress);
            TiffFiles.save(result.latent(), latent, overwrite);
            TiffFiles.save(result.image(), out, overwrite);
            if (!RunInfo.note(result.image()).isEmpty()) {
                spec.commandLine().getErr().println(out + ": " + RunInfo.note(result.image()));
            }
            spec.commandLine().getOut().println(out + ": " + ImageInverter.summary(result, steps));
        }
        return 0;
    }
}
