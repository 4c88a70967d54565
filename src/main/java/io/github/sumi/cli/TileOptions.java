// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.model.Device;
import picocli.CommandLine.Option;

/** How and on what the network runs; what denoise and generate share. */
final class TileOptions {

    @Option(names = "--tile", description = "tile size in pixels (default: the model's)")
    Integer tile;
    @Option(names = "--overlap", description = "pixels that tiles share (default: the model's)")
    Integer overlap;
    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu, cuda (cuda:1 for the second GPU, cuda+tf32, cuda+4gb) or coreml")
    String device;

    /** @throws IllegalArgumentException if there is no such device */
    Device device() {
        return Device.parse(device);
    }
}
