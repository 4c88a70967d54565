// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.Roi;
import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import ij.plugin.frame.RoiManager;
import ij.process.ImageProcessor;
import io.github.sumi.imagej.ImageNoiseTest;
import io.github.sumi.pipeline.NoiseModel;
import java.awt.Rectangle;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;

/** A command makes its results, where a macro finds them, and leaves everything else alone. */
class NothingElseTest {

    private final ImagePlus input = new ImagePlus("cells.tif", ImageNoiseTest.plane(new NoiseModel(2, 100, 5), 1));
    private final ImagePlus other = new ImagePlus("other", ImageNoiseTest.plane(new NoiseModel(2, 100, 5), 2));
    private final ResultsTable table = ResultsTable.getResultsTable();
    private Context context;

    /** As in a macro in batch mode. */
    @BeforeEach
    void start() {
        context = new Context();
        Interpreter.batchMode = true;
        Interpreter.addBatchModeImage(other);
        Interpreter.addBatchModeImage(input);
        input.setRoi(new Roi(8, 8, 90, 70));
        table.reset();
        table.incrementCounter();
        table.addValue("Area", 42);
    }

    @AfterEach
    void end() {
        while (WindowManager.getImageCount() > 0) {
            Interpreter.removeBatchModeImage(WindowManager.getImage(WindowManager.getIDList()[0]));
        }
        Interpreter.batchMode = false;
        table.reset();
        context.dispose();
    }

    private CommandModule run(Class<? extends SumiCommand> command, Object... inputs) throws Exception {
        CommandModule module = context.service(CommandService.class).run(command, true, inputs).get();
        assertFalse(module.isCanceled(), module.getCancelReason());
        return module;
    }

    private void runAll() throws Exception {
        ModelName nuclei = ModelName.DENOISER;
        run(DdpmDenoise.class, "input", input, "model", nuclei);
        run(DdpmTranslate.class, "input", input, "model", new ModelName("src/test/resources/models/unet2d-condition"));
        run(DdpmEstimateNoise.class, "input", input);
        run(DdpmForwardDiffusion.class, "input", input, "timesteps", "0,500");
        run(DdpmGenerate.class, "width", 16, "height", 16, "steps", 2);
        run(DdpmTrainingLoss.class, "input", input, "samples", 2);
        run(DdpmInvert.class, "input", input, "steps", 1);
        run(DdpmSchedulePlot.class);
    }

    @Test
    @DisplayName("Pain 22: the ROI Manager is wiped, results and selections are lost")
    void resultsTableRoisAndImagesStay() throws Exception {
        ImageProcessor before = input.getProcessor().duplicate();
        Roi roi = input.getRoi();
        runAll();
        assertEquals(42, table.getValue("Area", 0));
        assertNull(RoiManager.getInstance());
        assertSame(roi, input.getRoi());
        assertEquals(new Rectangle(8, 8, 90, 70), roi.getBounds());
        assertArrayEquals((short[]) before.getPixels(), (short[]) input.getProcessor().getPixels());
        assertFalse(input.changes);
        assertNull(other.getInfoProperty());
        assertEquals("other", other.getTitle());
    }

    /** What a macro of a Fiji without windows sees after two runs. */
    public static final class InMacro {

        private static NothingElseTest test;
        private static List<String> titles;

        private InMacro() {
        }

        /** Called by the macro. */
        public static void run() throws Exception {
            Interpreter.addBatchModeImage(test.input);
            test.run(DdpmDenoise.class, "input", test.input);
            test.run(DdpmDenoise.class, "input", test.input, "mode", "uncertainty", "samples", 2, "steps", 1);
            titles = List.of(WindowManager.getImageTitles());
        }
    }

    /** Fiji shows no output there, so the command lists it itself. */
    @Test
    @DisplayName("Pain 22: results can't be reached in batch mode")
    void headlessResultsAreListedOnceUnderTitlesOfTheirOwn() {
        InMacro.test = this;
        InMacro.titles = List.of();
        new Interpreter().run("setBatchMode(true); call(\"" + InMacro.class.getName() + ".run\");");
        assertEquals(List.of("cells-denoised", "cells-denoised-1", "cells-residual", "cells-sd", "cells.tif"),
                InMacro.titles.stream().sorted().toList());
    }
}
