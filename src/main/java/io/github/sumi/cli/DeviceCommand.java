// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.model.DeviceReport;
import io.github.sumi.model.ModelLibrary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sumi device}. */
@Command(name = "device", mixinStandardHelpOptions = true, description = "What runs the network here, and how fast.")
final class DeviceCommand implements Runnable {

    @Option(names = "--model", defaultValue = ModelLibrary.GENERATOR, description = "name, folder or .zip of the model to time (default: ${DEFAULT-VALUE})")
    String model;
    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        DeviceReport.lines(ModelLibrary.standard(null).find(model)).forEach(spec.commandLine().getOut()::println);
    }
}
