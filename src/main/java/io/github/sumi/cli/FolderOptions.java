// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import picocli.CommandLine.Option;

/** What a folder of results needs too. */
final class FolderOptions extends InputOptions {

    @Option(names = "--skip-existing", description = "leave out files whose output exists already")
    boolean skipExisting;

    /** @throws IllegalArgumentException if files that exist shall be both kept and replaced */
    void check(CommonOptions common) {
        if (skipExisting && common.overwrite) {
            throw new IllegalArgumentException("--skip-existing keeps files that exist, --overwrite replaces them; give one of the two.");
        }
    }
}
