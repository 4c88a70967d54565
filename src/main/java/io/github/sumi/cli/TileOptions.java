// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.model.DeviceReport;
import picocli.CommandLine.Option;

/** How and on what the network runs; what denoise and generate share. */
final class TileOptions {

    @Option(names = "--tile", description = "tile size in pixels (default: the model's)")
    Integer tile;
    @Option(names = "--overlap", description = "pixels that tiles share (default: the model's)")
    Integer overlap;
    @Option(names = "--device", defaultValue = "auto", description = "auto or cpu")
    String device;

    /** @throws IllegalArgumentException unless the processor was asked for */
    void checkDevice() {
        DeviceReport.check(device);
    }
}
