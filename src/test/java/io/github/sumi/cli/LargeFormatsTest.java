// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeFormatsTest {

    @TempDir
    Path folder;

    @Test
    void withoutItsJarOneSentenceSaysWhatAZarrImageNeeds() throws IOException {
        for (String file : new String[] {".zattrs", "zarr.json"}) {
            Path in = Files.createDirectories(folder.resolve(file + "-in.zarr"));
            Files.writeString(in.resolve(file), "{}");
            CommandLineRun run = new CommandLineRun();
            assertEquals(1, run.sumi("denoise", in, folder.resolve("out.zarr")));
            assertTrue(run.said().startsWith(in + " is a Zarr image. Put the jar of the same version whose name ends with -zarr.jar beside"), run.said());
        }
    }
}
