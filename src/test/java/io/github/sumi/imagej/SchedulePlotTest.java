// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ColorProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.Sampling;
import io.github.sumi.pipeline.ScheduleTable;
import io.github.sumi.schedule.SchedulerConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulePlotTest {

    private static final Model MODEL = ModelLibrary.standard(null).find("nuclei");

    /** By hand: beta_t = 1e-4 + t (0.02 - 1e-4) / 999, alphaCumprod_0 = 1 - beta_0. */
    @Test
    void theTableIsThatOfTheLinearSchedule() {
        List<String> lines = SchedulePlot.lines(ScheduleTable.of(MODEL.scheduler(), Sampling.of("ddim", 0), 2), true);
        assertEquals(3, lines.size());
        assertEquals("t,beta,alphaCumprod,snr", lines.get(0));
        assertTrue(lines.get(1).startsWith("500,0.010059960,0.077"), lines.get(1));
        assertEquals("0,0.00010000000,0.99990000,9999.0000", lines.get(2));
        assertEquals(2 + 1, SchedulePlot.lines(ScheduleTable.of(MODEL.scheduler(), Sampling.of("ddim", 0), 2), false).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "ddim", "dpmpp", "unipc", "euler", "heun", "pndm"})
    void threePlotsWithMarks(String sampler) {
        ImagePlus plot = SchedulePlot.of(MODEL, Sampling.of(sampler, 0), 20);
        assertEquals("nuclei-schedule", plot.getTitle());
        assertEquals(3, plot.getStackSize());
        assertEquals("alphaCumprod", plot.getStack().getSliceLabel(2));
        for (int slice = 1; slice <= 3; slice++) {
            assertTrue(red(plot, slice) > 100, sampler + ": circles in plot " + slice);
        }
        assertTrue(plot.getInfoProperty().contains("run(\"DDPM Schedule Plot...\", \"model=nuclei@2 sampler=" + sampler + " eta=0.0 steps=20\");"),
                plot.getInfoProperty());
    }

    private static int red(ImagePlus plot, int slice) {
        int[] pixels = (int[]) ((ColorProcessor) plot.getStack().getProcessor(slice)).getPixels();
        int count = 0;
        for (int pixel : pixels) {
            count += (pixel & 0xFFFFFF) == 0xFF0000 ? 1 : 0;
        }
        return count;
    }

    @Test
    void withoutSignalAtTheEndThereIsNoPlaceOnTheLogarithmicAxis() {
        SchedulerConfig config = SchedulerConfig.parse("{\"rescale_betas_zero_snr\": true, \"prediction_type\": \"v_prediction\","
                + " \"timestep_spacing\": \"trailing\"}");
        ScheduleTable table = ScheduleTable.of(config, new Sampling(null, 0), 5);
        assertEquals(0, table.visited().get(0).snr());
        assertTrue(SchedulePlot.lines(table, true).get(1).startsWith("999,1.0000000,0.0000000,0.0000000"), SchedulePlot.lines(table, true).get(1));
    }

    @Test
    void impossibleChainsAreSentences() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> SchedulePlot.of(MODEL, Sampling.of("ddim", 0), 0)).getMessage()
                .contains("steps is 0"));
        SchedulerConfig edm = SchedulerConfig.parse("{\"_class_name\": \"EDMEulerScheduler\"}");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ScheduleTable.of(edm, new Sampling(null, 0), 5)).getMessage()
                .contains("no timesteps"));
    }
}
