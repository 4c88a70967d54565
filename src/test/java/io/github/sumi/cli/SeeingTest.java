// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import io.github.sumi.imagej.TiffFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that show what a model does. */
class SeeingTest {

    @TempDir
    Path folder;
    private final CommandLineRun run = new CommandLineRun();

    @Test
    void theScheduleIsATable() {
        assertEquals(0, run.sumi("schedule", "--sampler", "dpmpp", "--steps", 20), run.said());
        assertEquals(21, run.said().lines().count(), run.said());
        assertEquals(0, run.sumi("schedule", "--steps", 3, "--csv"), run.said());
        assertTrue(run.said().startsWith("t,beta,alphaCumprod,snr"), run.said());
        assertTrue(run.said().lines().allMatch(line -> line.split(",").length == 4), run.said());
        assertEquals(2, run.sumi("schedule", "--steps", 2000), run.said());
        assertEquals(2, run.sumi("schedule", "--sampler", "magic"), run.said());
    }

    @Test
    void theLossIsATable() throws IOException {
        Path in = folder.resolve("in.tif");
        TiffFiles.save(new ImagePlus("in", new ByteProcessor(16, 16)), in, false);
        assertEquals(0, run.sumi("evaluate", in, in, "--samples", 4), run.said());
        assertTrue(run.said().contains("bits/dim") && run.said().contains("planes 2, of each all pixels"), run.said());
        assertEquals(0, run.sumi("evaluate", in, "--samples", 4, "--csv"), run.said());
        assertEquals(3, run.said().lines().count(), run.said());
        assertEquals(2, run.sumi("evaluate", in, "--samples", 3), run.said());
        assertEquals(1, run.sumi("evaluate", folder.resolve("none.tif")), run.said());
    }

    @Test
    void inversionWritesImageAndNoise() throws IOException {
        Path in = folder.resolve("in.tif");
        Path out = folder.resolve("out.tif");
        ByteProcessor pixels = new ByteProcessor(16, 16);
        pixels.setValue(200);
        pixels.fillOval(3, 4, 9, 8);
        TiffFiles.save(new ImagePlus("in", pixels), in, false);
        assertEquals(0, run.sumi("invert", in, out, "--steps", 5), run.said());
        assertTrue(run.said().contains("5 steps each way"), run.said());
        assertEquals(32, TiffFiles.open(folder.resolve("out-latent.tif")).getBitDepth());
        assertEquals(1, run.sumi("invert", in, out, "--steps", 5), run.said());
        assertEquals(0, run.sumi("invert", in, out, "--steps", 5, "--other", in, "--frames", 3, "--overwrite"), run.said());
        assertEquals(3, TiffFiles.open(out).getStackSize());
        assertEquals(2, run.sumi("invert", in, out, "--steps", 0, "--overwrite"), run.said());
    }
}
