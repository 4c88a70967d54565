// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import io.github.sumi.imagej.TiffFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;

class DdpmCommandsTest {

    private Context context;

    @BeforeEach
    void start() {
        context = new Context();
    }

    @AfterEach
    void end() {
        context.dispose();
    }

    private CommandModule run(Class<? extends org.scijava.command.Command> command, Object... inputs) throws Exception {
        return context.service(CommandService.class).run(command, true, inputs).get();
    }

    @Test
    void denoiseKeepsTypeAndNamesTheResult() throws Exception {
        ImagePlus input = TiffFiles.open(Path.of("models/nuclei/example.tif"));
        ImagePlus result = (ImagePlus) run(DdpmDenoise.class, "input", input).getOutput("denoised");
        assertEquals("example-denoised", result.getTitle());
        assertEquals(8, result.getBitDepth());
        assertTrue(result.getInfoProperty().contains("run(\"DDPM Denoise...\""));
    }

    @Test
    void generateMakesAStack() throws Exception {
        ImagePlus result = (ImagePlus) run(DdpmGenerate.class, "count", 2, "width", 16, "height", 16, "steps", 3).getOutput("generated");
        assertEquals(2, result.getStackSize());
    }

    @Test
    void badValuesCancelWithASentence() throws Exception {
        CommandModule module = run(DdpmDenoise.class, "input", TiffFiles.open(Path.of("models/nuclei/example.tif")), "mode", "best");
        assertTrue(module.isCanceled());
        assertTrue(module.getCancelReason().contains("mode is \"best\""), module.getCancelReason());
        assertNull(module.getOutput("denoised"));
    }
}
