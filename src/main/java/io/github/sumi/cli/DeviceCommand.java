// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.model.RuntimeReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sumi device}. */
@Command(name = "device", mixinStandardHelpOptions = true, description = "What runs the network here.")
final class DeviceCommand implements Runnable {

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        RuntimeReport report = RuntimeReport.read();
        spec.commandLine().getOut().println("ONNX Runtime  " + report.version() + " from " + report.jar());
        spec.commandLine().getOut().println("compiled in   " + String.join(", ", report.providers()));
        spec.commandLine().getOut().println("in use        cpu, " + Runtime.getRuntime().availableProcessors() + " processors");
    }
}
