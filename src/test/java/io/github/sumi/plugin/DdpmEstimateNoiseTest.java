// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import io.github.sumi.imagej.ImageNoiseTest;
import io.github.sumi.pipeline.NoiseModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;

class DdpmEstimateNoiseTest {

    private final ImagePlus image = new ImagePlus("cells.tif", ImageNoiseTest.plane(new NoiseModel(2, 100, 5), 1));
    private Context context;

    @BeforeEach
    void start() {
        context = new Context();
        ResultsTable.getResultsTable().reset();
    }

    @AfterEach
    void end() {
        context.dispose();
        ResultsTable.getResultsTable().reset();
    }

    private CommandModule run(Class<? extends org.scijava.command.Command> command, Object... inputs) throws Exception {
        return context.service(CommandService.class).run(command, true, inputs).get();
    }

    @Test
    @DisplayName("Pain 37: what was estimated can't be seen or changed")
    void theTableHoldsWhatDenoisingTakes() throws Exception {
        CommandModule module = run(DdpmEstimateNoise.class, "input", image);
        assertFalse(module.isCanceled(), module.getCancelReason());
        assertEquals("cells-noise", ((ImagePlus) module.getOutput("plot")).getTitle());
        ResultsTable table = ResultsTable.getResultsTable();
        assertEquals(1, table.size());
        assertEquals("cells.tif", table.getLabel(0));
        assertEquals(2, table.getValue("Gain", 0), 0.3);
        assertEquals(1, table.getValue("Confident", 0));
        List<Object> inputs = new ArrayList<>(List.of("input", image));
        for (String option : table.getStringValue("Options", 0).split(" ")) {
            inputs.addAll(List.of(option.split("=")));
        }
        ImagePlus denoised = (ImagePlus) run(DdpmDenoise.class, inputs.toArray()).getOutput("denoised");
        assertTrue(denoised.getInfoProperty().contains("Sumi noise: camera, gain "), denoised.getInfoProperty());
        assertFalse(denoised.getInfoProperty().contains("estimated"), denoised.getInfoProperty());
    }

    @Test
    void faultsAreSentences() throws Exception {
        assertTrue(run(DdpmEstimateNoise.class, "input", new ImagePlus()).getCancelReason().contains("open one first"));
        assertTrue(run(DdpmEstimateNoise.class, "input", image, "scope", "all").getCancelReason().contains("scope is \"all\""));
        assertEquals(0, ResultsTable.getResultsTable().size());
    }
}
