// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Sampling;
import io.github.sumi.pipeline.TranslateOptions;
import io.github.sumi.pipeline.Translator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi translate IN OUT}. */
@Command(name = "translate", mixinStandardHelpOptions = true,
        description = "Make TIFF images into better ones, plane by plane, by a model that was trained on pairs of images.")
final class TranslateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "IN", description = "a TIFF file, a glob such as 'raw/*.tif', or a folder")
    String in;
    @Parameters(index = "1", paramLabel = "OUT", description = "the TIFF file to write; for a glob or folder, a folder")
    Path out;
    @Mixin
    CommonOptions common;
    @Mixin
    FolderOptions folders;
    @Mixin
    TileOptions tiles;
    @Mixin
    PlaneOptions planes;
    @Option(names = "--model", required = true, paramLabel = "MODEL", description = "name, folder or .zip of a model that was trained on such pairs; none is shipped (docs/models.md)")
    String modelName;
    @Option(names = "--mode", defaultValue = "mean", description = "mean, sample or uncertainty (also writes OUT-sd.tif)")
    String mode;
    @Option(names = "--samples", defaultValue = "8", description = "chains of uncertainty (default: ${DEFAULT-VALUE})")
    int samples;
    @Option(names = "--steps", defaultValue = "20", description = "steps of a chain (default: ${DEFAULT-VALUE})")
    int steps;
    @Option(names = "--sampler", defaultValue = Sampling.MODEL,
            description = "of sample and uncertainty: one of those of generate (default: the model's own)")
    String sampler;
    @Option(names = "--eta", defaultValue = "0", description = "how much noise ddim adds, 0 to 1 (default: ${DEFAULT-VALUE})")
    double eta;
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        TranslateOptions options = new TranslateOptions(Mode.of(mode), samples, steps, common.seed, tiles.tile, tiles.overlap,
                Sampling.of(sampler, eta), tiles.device());
        ImageOptions imageOptions = planes.imageOptions();
        folders.check(common);
        LargeFormats.refuse(in, "translate");
        List<Jobs.Job> jobs = Jobs.of(in, out, folders);
        Model model = ModelLibrary.standard(null).find(modelName);
        PlaneFiles files = new PlaneFiles(options.mode(), common.overwrite, spec.commandLine().getErr());
        try (Translator translator = new Translator(model, options)) {
            files.announce(translator);
            return new Batch(jobs, folders, spec.commandLine()).run(files::last, job -> files.restore(job, translator, imageOptions,
                    result -> {
                        RunInfo.add(result, model, options, imageOptions, translator);
                        return "";
                    }));
        }
    }
}
