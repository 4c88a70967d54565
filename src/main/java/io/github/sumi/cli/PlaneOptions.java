// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.imagej.ImageOptions;
import picocli.CommandLine.Option;

/** Which planes are done, and what the result is; what denoise and translate share. */
final class PlaneOptions {

    @Option(names = "--scope", defaultValue = "stack", description = "stack or plane (the first)")
    String scope;
    @Option(names = "--channels", defaultValue = "all", description = "all, or numbers such as 1,3")
    String channels;
    @Option(names = "--range", defaultValue = "stack", description = "grey values measured over the stack or each plane")
    String range;
    @Option(names = "--type", defaultValue = "input", description = "input (its bit depth) or float")
    String type;

    /** @throws IllegalArgumentException naming option, value and what is allowed */
    ImageOptions imageOptions() {
        return ImageOptions.of(scope, channels, range, type);
    }
}
