// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import picocli.CommandLine.Option;

/** Which files of a folder are processed, and how it is told. */
final class FolderOptions {

    @Option(names = "--recursive", description = "also the folders in the folder IN; OUT gets the same ones")
    boolean recursive;
    @Option(names = "--include", defaultValue = "*", paramLabel = "GLOB",
            description = "of a folder IN only files whose name fits, such as '*_c1.tif'")
    String include;
    @Option(names = "--skip-existing", description = "leave out files whose output exists already")
    boolean skipExisting;
    @Option(names = "--json", description = "a summary of all files on standard output as one JSON object; everything else goes to standard error")
    boolean json;

    /** @throws IllegalArgumentException if files that exist shall be both kept and replaced */
    void check(CommonOptions common) {
        if (skipExisting && common.overwrite) {
            throw new IllegalArgumentException("--skip-existing keeps files that exist, --overwrite replaces them; give one of the two.");
        }
    }
}
