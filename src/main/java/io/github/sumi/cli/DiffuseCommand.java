// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import ij.ImagePlus;
import io.github.sumi.imagej.ImageDiffuser;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.model.ModelLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
    @Option(names = "--model", defaultValue = ModelLibrary.GENERATOR, description = "name, folder or .zip of a model (default: ${DEFAULT-VALUE})")
    String model;
    @Option(names = "--timesteps", defaultValue = ImageDiffuser.TIMESTEPS, description = "timesteps (default: ${DEFAULT-VALUE})")
    String timesteps;
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        TiffFiles.checkTarget(in, out, common.overwrite);
        ImagePlus input = TiffFiles.open(in);
        int[] steps = ImageDiffuser.timesteps(timesteps);
        ImagePlus film = ImageDiffuser.film(ModelLibrary.standard(null).find(model), input, steps, common.seed);
        TiffFiles.save(film, out, common.overwrite);
        spec.commandLine().getOut().println(out + ": " + steps.length + " frames");
        return 0;
    }
}
