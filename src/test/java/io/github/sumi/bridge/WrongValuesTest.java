// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.Macro;
import ij.WindowManager;
import ij.macro.Interpreter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Without a display, by ImageJ's interpreter. */
class WrongValuesTest {

    @BeforeAll
    static void register() throws Exception {
        MacrosTest.table().set(null, new Hashtable<>(Desktop.commands()));
    }

    @AfterAll
    static void forget() throws Exception {
        MacrosTest.table().set(null, null);
    }

    /** All that it prints, to stderr too. */
    private static String run(String code) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream caught = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(caught);
            System.setErr(caught);
            Thread thread = new Thread(() -> new Interpreter().run(code), "test_Macro$");
            // how ImageJ ends a macro
            thread.setUncaughtExceptionHandler((ended, reason) -> assertEquals(Macro.MACRO_CANCELED, reason.getMessage()));
            thread.start();
            thread.join();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertEquals(0, WindowManager.getImageCount());
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }

    @ParameterizedTest
    @MethodSource("io.github.sumi.bridge.WrongValues#options")
    @DisplayName("Pain 18: headless, a wrong value is a stack trace, or unseen, and the macro goes on")
    void aWrongValueStopsTheMacroWithOneSentence(String options, String sentence) throws Exception {
        String said = run(WrongValues.code("setBatchMode(true); " + WrongValues.OPEN, options));
        assertTrue(said.contains(sentence), said);
        assertEquals(1, said.lines().count(), said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"mode=mean | There is no model to translate with", "model=nuclei | Model nuclei isn't given an image",
        "model=src/test/resources/models/unet2d-condition mode=best | mode is \"best\""})
    void translateStopsTheMacroToo(String options, String sentence) throws Exception {
        String said = run(WrongValues.code("setBatchMode(true); " + WrongValues.OPEN, "DDPM Translate...", options));
        assertTrue(said.contains(sentence), said);
        assertEquals(1, said.lines().count(), said);
    }

    @Test
    @DisplayName("Pain 18: without an image the command fails with an exception")
    void noImageIsASentence() throws Exception {
        assertEquals("Open an image first.", run(WrongValues.code("setBatchMode(true); ", "mode=mean")));
    }
}
