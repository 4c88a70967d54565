// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.imagej.SchedulePlot;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.Sampling;
import io.github.sumi.pipeline.ScheduleTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sumi schedule}. */
@Command(name = "schedule", mixinStandardHelpOptions = true,
        description = "The noise schedule of a model at the timesteps that a sampler visits, a line for each evaluation of the network.")
final class ScheduleCommand implements Runnable {

    @Option(names = "--model", defaultValue = ModelLibrary.GENERATOR, description = "name, folder or .zip of a model (default: ${DEFAULT-VALUE})")
    String model;
    @Option(names = "--sampler", defaultValue = Sampling.MODEL, description = "as of generate (default: the model's own)")
    String sampler;
    @Option(names = "--eta", defaultValue = "0", description = "how much noise ddim adds, 0 to 1 (default: ${DEFAULT-VALUE})")
    double eta;
    @Option(names = "--steps", defaultValue = "20", description = "steps of the chain (default: ${DEFAULT-VALUE})")
    int steps;
    @Option(names = "--csv", description = "commas between the values")
    boolean csv;
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        ScheduleTable table = ScheduleTable.of(ModelLibrary.standard(null).find(model).scheduler(), Sampling.of(sampler, eta), steps);
        SchedulePlot.lines(table, csv).forEach(spec.commandLine().getOut()::println);
    }
}
