// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;
import ij.process.ByteProcessor;
import java.awt.EventQueue;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SciJavaBridgeTest {

    private static final String DUMMY = DummyCommand.class.getName();

    private final ImagePlus open = new ImagePlus("open", new ByteProcessor(8, 8));

    @AfterEach
    void forget() {
        DummyCommand.last = null;
        WindowManager.setTempCurrentImage(null);
    }

    private static Map<String, Object> values(String model, double offset, int count, long seed, boolean overwrite) {
        return Map.of("input", "open", "model", model, "noise", "auto", "readNoise", "null", "offset", offset, "count", count,
                "seed", seed, "overwrite", overwrite, "shade", DummyCommand.Shade.DARK, "ui", "none");
    }

    @Test
    void missingKeysTakeTheCommandsValues() throws Exception {
        MacroCall call = MacroCall.run(DUMMY, " ", open);
        assertEquals(values("nuclei", 0.5, 3, 1, false), DummyCommand.last);
        assertEquals("", call.printed());
    }

    @Test
    void valuesAreRead() throws Exception {
        MacroCall.run(DUMMY, "model=[my own model] offset=-1e-3 count=7.0 seed=9007199254740991 overwrite=true", open);
        assertEquals(values("my own model", -0.001, 7, 9007199254740991L, true), DummyCommand.last);
    }

    @Test
    void aFlagAloneIsTrue() throws Exception {
        MacroCall.run(DUMMY, "count=4 overwrite", open);
        assertEquals(true, DummyCommand.last.get("overwrite"));
        MacroCall.run(DUMMY, "model=[do overwrite it] overwrite=false", open);
        assertEquals(false, DummyCommand.last.get("overwrite"));
    }

    @Test
    void keysAreFieldNamesInLowerCase() throws Exception {
        MacroCall.run(DUMMY, "readnoise=2 shade=LIGHT", open);
        assertEquals("2.0", DummyCommand.last.get("readNoise"));
        assertEquals(DummyCommand.Shade.LIGHT, DummyCommand.last.get("shade"));
    }

    @Test
    void unknownKeysAreTold() throws Exception {
        MacroCall call = MacroCall.run(DUMMY, "cuont=4 quick", open);
        assertEquals("Dummy... has no option cuont=4; it is ignored." + System.lineSeparator()
                + "Dummy... has no option quick; it is ignored.", call.printed());
        assertEquals(3, DummyCommand.last.get("count"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "offset=abc | offset is \"abc\"; it must be a number.",
        "offset=NaN | offset is \"NaN\"; it must be a number.",
        "offset= | offset is \"\"; it must be a number.",
        "offset=1e999 | offset is \"1e999\"; it must be a number that fits.",
        "count=2.5 | count is \"2.5\"; it must be a whole number.",
        "count=0 | count is \"0\"; it must be at least 1.",
        "count=99999 | count is \"99999\"; it must be at most 10.",
        "overwrite=yes | overwrite is \"yes\"; it must be true or false.",
        "shade=RED | shade is \"RED\"; it must be one of LIGHT, DARK.",
        "input=nowhere | input is \"nowhere\"; it must be the title or ID of an open image.",
        "model=[/x/my noise=3/m] | model=[/x/my noise=3/m] would also be read as the option noise; a value must not contain \"noise=\".",
        "my_noise=3 | my_noise=3 would also be read as the option noise; a value must not contain \"noise=\".",
        "model=[/x | The options end inside a bracket or quote: model=[/x",
        "failure=refuse | noise is wrong.",
        "failure=escape | Cancelled.",
        "failure=throw | Dummy... failed: the dummy broke in two lines",
    })
    void faultsAreOneSentence(String options, String sentence) throws Exception {
        MacroCall call = MacroCall.run(DUMMY, options, open);
        assertEquals(sentence, call.printed());
        assertNull(DummyCommand.last);
        assertEquals(open, call.current());
    }

    @Test
    void anImageIsNeeded() throws Exception {
        assertEquals("Open an image first.", MacroCall.run(DUMMY, "count=4", null).printed());
        assertNull(DummyCommand.last);
    }

    @Test
    void outputsAreShownAndTheLastIsCurrent() throws Exception {
        assertEquals("second", MacroCall.run(DUMMY, "count=4", open).current().getTitle());
    }

    @Test
    void theMacroStopsAtOnce() throws Exception {
        MacroSteps.DONE.clear();
        long start = System.nanoTime();
        String steps = MacroSteps.class.getName();
        Thread thread = new Thread(() -> new Interpreter().run("call(\"" + steps + ".dummy\", \"offset=abc\");"
                + " call(\"" + steps + ".step\", \"after\");"), "Run$_interpreter");
        thread.start();
        thread.join();
        assertEquals(List.of("before", "returned"), MacroSteps.DONE);
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 1900, "the macro waited for itself");
    }

    /** Listeners of other plugins' windows call so; SciJava publishes its events on this thread, so waiting on it would never end. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theEventThreadIsNotLocked() throws Exception {
        EventQueue.invokeAndWait(() -> {
            WindowManager.setTempCurrentImage(open);
            new SciJavaBridge().run(DUMMY);
            WindowManager.setTempCurrentImage(null);
        });
        assertEquals(values("nuclei", 0.5, 3, 1, false), DummyCommand.last);
    }

    @Test
    void unknownCommandsAreTold() throws Exception {
        assertEquals("There is no command org.example.None.", MacroCall.run("org.example.None", "a=b", null).printed());
    }

    @Test
    void theRealGenerateRuns() throws Exception {
        MacroCall call = MacroCall.run("io.github.sumi.plugin.DdpmGenerate", "model=nuclei width=16 height=16 steps=2", null);
        assertEquals("nuclei-generated", call.current().getTitle());
        assertEquals(16, call.current().getWidth());
        assertEquals("", call.printed());
    }

    @Test
    void theRealGenerateRefuses() throws Exception {
        MacroCall call = MacroCall.run("io.github.sumi.plugin.DdpmGenerate", "width=16 height=16 steps=2 device=tpu", null);
        assertTrue(call.printed().contains("device is \"tpu\""), call.printed());
        // not among the choices of the dialog
        call = MacroCall.run("io.github.sumi.plugin.DdpmGenerate", "width=16 height=16 steps=2 device=cuda:1+tf32", null);
        assertTrue(call.printed().contains("CUDA can't be used: it is not in this build"), call.printed());
        assertFalse(call.printed().contains("\tat "), call.printed());
        assertNull(call.current());
    }

    @Test
    void fijiIsRecognised() {
        ClassLoader plain = getClass().getClassLoader();
        assertFalse(SciJavaBridge.isFiji(plain));
        assertTrue(SciJavaBridge.isFiji(new ClassLoader(plain) {
            @Override
            protected URL findResource(String name) {
                return name.equals("net/imagej/legacy/LegacyService.class") ? SciJavaBridge.class.getResource("SciJavaBridge.class") : null;
            }
        }));
    }
}
