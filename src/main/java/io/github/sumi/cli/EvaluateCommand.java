// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.imagej.LossReport;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.LossEvaluator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi evaluate IN...}. */
@Command(name = "evaluate", mixinStandardHelpOptions = true,
        description = "The training loss of images under a model: L_simple over the timesteps, and L_vlb in bits per value.")
final class EvaluateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "IN", arity = "1..*", description = "TIFF files; all their planes are measured together")
    List<Path> in;
    @Option(names = "--model", defaultValue = ModelLibrary.GENERATOR, description = "name, folder or .zip of a model (default: ${DEFAULT-VALUE})")
    String model;
    @Option(names = "--samples", defaultValue = "40", description = "timesteps for each plane, an even number (default: ${DEFAULT-VALUE})")
    int samples;
    @Option(names = "--seed", defaultValue = "1", description = "seed of timesteps and noise, 0 to 2^53-1 (default: ${DEFAULT-VALUE})")
    long seed;
    @Option(names = "--csv", description = "the table alone, with commas between the values")
    boolean csv;
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (LossEvaluator evaluator = new LossEvaluator(ModelLibrary.standard(null).find(model), samples, seed);
                ConsoleProgress progress = new ConsoleProgress("evaluate", spec.commandLine().getErr())) {
            for (int i = 0; i < in.size(); i++) {
                LossReport.measure(evaluator, TiffFiles.open(in.get(i)), progress.part(i, in.size()));
            }
            LossReport.lines(evaluator.loss(), csv).forEach(spec.commandLine().getOut()::println);
        }
        return 0;
    }
}
