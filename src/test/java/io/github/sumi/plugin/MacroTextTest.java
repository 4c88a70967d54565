// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.Macro;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.Context;
import org.scijava.ItemIO;
import org.scijava.plugin.Parameter;

/** As in Fiji, where the command's thread has the macro's options and SciJava has read them before. */
class MacroTextTest {

    /** An input of each type. */
    static final class Numbers extends SumiCommand {

        @Parameter
        private String model = "nuclei";
        @Parameter
        private int steps;
        @Parameter
        private Long seed;
        @Parameter
        private double sigma;
        @Parameter
        private Float readNoise;
        @Parameter
        private boolean overwrite;
        @Parameter(type = ItemIO.OUTPUT)
        private int count;
        private boolean executed;

        @Override
        void execute() {
            executed = true;
        }
    }

    private static Numbers run(String options) throws InterruptedException {
        Numbers command = new Numbers();
        try (Context context = new Context()) {
            context.inject(command);
            // Macro.getOptions answers on threads of this name alone, in Fiji on their children too
            Thread thread = new Thread(() -> {
                Macro.setOptions(options);
                command.run();
            }, "Run$_test");
            thread.start();
            thread.join();
        }
        return command;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "steps=abc | steps is \"abc\"; it must be a whole number.",
        "steps=2.5 | steps is \"2.5\"; it must be a whole number.",
        "steps=[two three] | steps is \"two three\"; it must be a whole number.",
        "steps= | steps is \"\"; it must be a whole number.",
        "model=x steps=99999999999 | steps is \"99999999999\"; it must be a whole number.",
        "seed=one | seed is \"one\"; it must be a whole number.",
        "sigma=5,3 | sigma is \"5,3\"; it must be a number.",
        "sigma=1e999 | sigma is \"1e999\"; it must be a number.",
        "sigma=NaN | sigma is \"NaN\"; it must be a number.",
        "readnoise=abc | readnoise is \"abc\"; it must be a number.",
        "overwrite=1 | overwrite is \"1\"; it must be true or false.",
        "model=[/x/my steps=3/m] | model=/x/my steps=3/m would also be read as the option steps; a value must not contain \"steps=\".",
    })
    void aTextThatDoesNotFitIsRefusedAsItWasWritten(String options, String sentence) throws InterruptedException {
        Numbers command = run(options);
        assertEquals(sentence, command.getCancelReason());
        assertFalse(command.executed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "model=[two words] steps=20 seed=9007199254740991 sigma=-1e-3 readnoise=0 overwrite=true", "count=abc",
        "model=/x/mysteps=3", "overwrite", "unknown=abc"})
    void whatFitsRuns(String options) throws InterruptedException {
        Numbers command = run(options);
        assertTrue(command.executed, String.valueOf(command.getCancelReason()));
    }

    @Test
    void withoutAMacroNothingIsChecked() {
        MacroText.check(new Numbers());
    }
}
