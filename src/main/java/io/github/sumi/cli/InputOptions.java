// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import picocli.CommandLine.Option;

/** Which files of a folder are read, and how it is told. */
class InputOptions {

    @Option(names = "--recursive", description = "also the folders in the folder IN")
    boolean recursive;
    @Option(names = "--include", defaultValue = "*", paramLabel = "GLOB",
            description = "of a folder IN only files whose name fits, such as '*_c1.tif'")
    String include;
    @Option(names = "--json", description = "a summary of all files on standard output as one JSON object; everything else goes to standard error")
    boolean json;
}
