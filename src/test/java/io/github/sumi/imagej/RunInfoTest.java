// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.FloatProcessor;
import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Progress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RunInfoTest {

    private static final String SAID = "Sumi ran on the processor: CUDA: libcublasLt.so.12 is missing (DDPM Device..., or sumi device, says what to do)";

    private static final ImageGenerator.Form FORM = new ImageGenerator.Form(false, false);

    private static String note(String info) {
        ImagePlus image = new ImagePlus("x", new FloatProcessor(1, 1));
        image.setProperty("Info", info);
        return RunInfo.note(image);
    }

    @Test
    void whatFellBackOrRanShortIsTold() {
        assertEquals(SAID, note("Sumi model: nuclei@2\nSumi device: cpu (CUDA: libcublasLt.so.12 is missing), 35.0 ms per UNet call\nSumi planes: 1"));
        assertEquals(SAID, note("Sumi model: nuclei@2\nSumi device: cpu (CUDA: libcublasLt.so.12 is missing)\n"));
        assertEquals(SAID + ". Sumi memory was short: 2 tiles at once",
                note("Sumi model: nuclei@2\nSumi device: cpu (CUDA: libcublasLt.so.12 is missing), 35.0 ms per UNet call\nSumi memory was short: 2 tiles at once\n"));
        assertEquals("", note("Sumi model: nuclei@2\nSumi device: cuda:0, 3.5 ms per UNet call\n"));
        assertEquals("", note("Sumi model: nuclei@2\nSumi device: cpu (CUDA: x), 9 ms per UNet call\nSumi model: nuclei@2\nSumi device: cpu, 35.0 ms per UNet call\n"),
                "of the last run alone");
        assertEquals("", RunInfo.note(new ImagePlus("x", new FloatProcessor(1, 1))));
        assertEquals(SAID, RunInfo.fallback("cpu (CUDA: libcublasLt.so.12 is missing)"));
        assertTrue(RunInfo.fallback("cpu (CUDA: /a (b)/c.so can't be loaded (file too short))").contains("/a (b)/c.so can't be loaded (file too short) ("));
    }

    @Test
    void theMacroLineNamesADeviceThatWasChosen() {
        Model nuclei = Model.load(Path.of("models/nuclei"));
        GenerateOptions options = GenerateOptions.defaults().withSize(16, 16).withSteps(2);
        assertFalse(ImageGenerator.generate(nuclei, options, FORM, Progress.NONE).image().getInfoProperty().contains("device="));
        String info = ImageGenerator.generate(nuclei, options.withDevice(Device.CPU), FORM, Progress.NONE).image().getInfoProperty();
        assertTrue(info.contains("Sumi device: cpu, ") && info.contains(" device=cpu\");"), info);
    }
}
