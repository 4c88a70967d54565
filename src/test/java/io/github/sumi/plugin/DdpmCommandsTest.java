// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import io.github.sumi.imagej.TiffFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
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

    /** What the result's Info records is the same run again. */
    @Test
    @DisplayName("Pain 30: nobody can tell which values a result was made with")
    void theRecordedLineRepeatsTheRun() throws Exception {
        ImagePlus input = TiffFiles.open(Path.of("models/nuclei/example.tif"));
        ImagePlus first = (ImagePlus) run(DdpmDenoise.class, "input", input, "mode", "sample", "steps", 2, "seed", 7L, "sampler", "dpmpp-sde", "type", "float",
                "range", "plane", "channels", "1", "overlap", 16).getOutput("denoised");
        Matcher line = Pattern.compile("Sumi macro: run\\(\"DDPM Denoise...\", \"(.*)\"\\);").matcher(first.getInfoProperty());
        assertTrue(line.find(), first.getInfoProperty());
        List<Object> inputs = new ArrayList<>(List.of("input", input));
        for (String option : line.group(1).split(" ")) {
            inputs.addAll(List.of(option.split("=")));
        }
        ImagePlus second = (ImagePlus) run(DdpmDenoise.class, inputs.toArray()).getOutput("denoised");
        assertArrayEquals((float[]) first.getProcessor().getPixels(), (float[]) second.getProcessor().getPixels());
        assertEquals(first.getInfoProperty().replaceAll("[0-9.]+ ms", ""), second.getInfoProperty().replaceAll("[0-9.]+ ms", ""));
    }

    @Test
    void gaussianNeedsASigma() throws Exception {
        ImagePlus input = TiffFiles.open(Path.of("models/nuclei/example.tif"));
        assertTrue(run(DdpmDenoise.class, "input", input, "noise", "gaussian").getCancelReason().contains("sigma"));
        assertTrue(run(DdpmDenoise.class, "input", input, "sigma", 5.0).getCancelReason().contains("noise is auto"));
        assertTrue(run(DdpmDenoise.class, "input", new ImagePlus()).getCancelReason().contains("open one first"));
    }
}
