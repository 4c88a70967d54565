// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import picocli.CommandLine.Option;

/** What denoise, generate and diffuse share. */
final class CommonOptions {

    @Option(names = "--seed", defaultValue = "1", description = "seed of the noise, 0 to 2^53-1 (default: ${DEFAULT-VALUE})")
    long seed;

    @Option(names = "--overwrite", description = "replace files that exist")
    boolean overwrite;
}
