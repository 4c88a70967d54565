// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The commands that show what a model does. */
class SeeingTest {

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
}
