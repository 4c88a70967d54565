// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import ij.ImagePlus;
import ij.WindowManager;
import ij.measure.ResultsTable;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each command of the menu, called by a macro without a display. */
class EveryCommandTest {

    /** What keeps the long ones short. */
    private static final Map<String, String> OPTIONS = Map.of("DDPM Denoise...", "noise=gaussian sigma=20", "DDPM Generate...", "width=16 height=16 steps=2",
            "DDPM Translate...", "model=src/test/resources/models/unet2d-condition",
            "DDPM Training Loss...", "samples=2", "DDPM Invert...", "steps=1", "DDPM Forward Diffusion...", "timesteps=0,500");

    /** Those that tell something; the others make an image. */
    private static final Set<String> REPORTS = Set.of("DDPM About...", "DDPM Device...", "DDPM Models...");

    @AfterEach
    void forget() {
        WindowManager.setTempCurrentImage(null);
        ResultsTable.getResultsTable().reset();
    }

    private static Set<String> commands() throws IOException {
        return Desktop.commands().keySet();
    }

    private static ImagePlus open() {
        ShortProcessor pixels = new ShortProcessor(48, 40);
        for (int i = 0; i < pixels.getPixelCount(); i++) {
            pixels.set(i, 1000 + 13 * (i * i % 29));
        }
        return new ImagePlus("open.tif", pixels);
    }

    @ParameterizedTest
    @MethodSource("commands")
    @DisplayName("Pain 18: headless exceptions, results unseen")
    void everyCommandRunsHeadless(String command) throws Exception {
        ImagePlus open = open();
        String className = Desktop.commands().get(command).replaceFirst(".*\\(\"(.*)\"\\)", "$1");
        MacroCall call = MacroCall.run(className, OPTIONS.getOrDefault(command, " "), open);
        assertFalse(call.printed().contains("\tat ") || call.printed().contains("Exception") || call.printed().contains("[ERROR]"), call.printed());
        if (REPORTS.contains(command)) {
            assertFalse(call.printed().isEmpty());
            assertSame(open, call.current());
        } else {
            assertFalse(call.current() == open || call.current() == null, "its result is the current image");
        }
    }
}
