// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.WindowManager;
import java.awt.Dialog;
import java.awt.Window;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In a real ImageJ window. */
class WrongValuesDisplayTest extends DisplayTest {

    private static void assertNoDialog() {
        assertEquals(0, Arrays.stream(Window.getWindows()).filter(window -> window.isShowing() && window instanceof Dialog).count());
    }

    @ParameterizedTest
    @MethodSource("io.github.sumi.bridge.WrongValues#options")
    @DisplayName("Pains 19, 23: a wrong value of a macro opens a dialog that it waits for")
    void aWrongValueStopsTheMacroWithOneSentence(String options, String sentence) throws Exception {
        Desktop.macro(WrongValues.code(WrongValues.OPEN, options));
        assertNoDialog();
        assertEquals(1, WindowManager.getImageCount());
        assertEquals("open", WindowManager.getCurrentImage().getTitle());
        assertTrue(IJ.getLog().contains(sentence), IJ.getLog());
        assertEquals(1, IJ.getLog().strip().lines().count(), IJ.getLog());
    }

    @Test
    void noImageIsASentence() throws Exception {
        Desktop.macro(WrongValues.code("", "mode=mean"));
        assertNoDialog();
        assertEquals(0, WindowManager.getImageCount());
        assertEquals("Open an image first.", IJ.getLog().strip());
    }

    /** Each run shows its result and nothing else. */
    @Test
    @DisplayName("Pains 19, 21, 23: in a loop dialogs and progress windows pop up, and results come late")
    void aLoopIsQuietAndEachResultIsThereAtOnce() throws Exception {
        int before = (int) Arrays.stream(Window.getWindows()).filter(Window::isShowing).count();
        Desktop.macro("for (i = 0; i < 3; i++) { " + WrongValues.OPEN + "run(\"DDPM Denoise...\", \"noise=gaussian sigma=900\");"
                + " if (getTitle() != \"open-denoised\") exit(); run(\"Close\"); selectImage(\"open\"); run(\"Close\"); }"
                + " newImage(\"after\", \"8-bit\", 8, 8, 1);");
        assertNoDialog();
        assertEquals("after", WindowManager.getCurrentImage().getTitle());
        assertEquals(before + 1, Arrays.stream(Window.getWindows()).filter(Window::isShowing).count());
    }
}
