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
    void withoutItsJarOneSentenceSaysWhatAClusterNeeds() throws IOException {
        Files.createFile(folder.resolve("a.tif"));
        CommandLineRun run = new CommandLineRun();
        assertEquals(2, run.sumi("denoise", folder, folder.resolve("out"), "--cluster"));
        assertTrue(run.said().startsWith("--cluster shares files among the executors of Spark; start the jar for Spark by spark-submit"), run.said());
        assertEquals(1, run.sumi("denoise", "s3://pictures/in.zarr", "s3://pictures/out.zarr"));
        assertTrue(run.said().contains("s3://pictures/in.zarr is an address. Images in S3 are denoised by the jar for Spark"), run.said());
    }

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
