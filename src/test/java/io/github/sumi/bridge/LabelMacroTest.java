// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.WindowManager;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Labels in macro options, with and without spaces. */
class LabelMacroTest {

    private static final String OPTIONS = "model=src/test/resources/models/unet2d-labels count=2 width=16 height=16 steps=3";

    private static MacroCall generate(String options) throws Exception {
        return MacroCall.run("io.github.sumi.plugin.DdpmGenerate", options, null);
    }

    @AfterEach
    void forget() {
        WindowManager.setTempCurrentImage(null);
    }

    @Test
    void theLineInTheInfoGivesTheSameImages() throws Exception {
        MacroCall first = generate(OPTIONS + " label=[dense nuclei] guidance=2.5");
        ImagePlus made = first.current();
        assertNotNull(made, first.printed());
        assertEquals("image 2, dense nuclei", made.getStack().getSliceLabel(2));
        Matcher line = Pattern.compile("Sumi macro: run\\(\"DDPM Generate...\", \"(.*)\"\\);").matcher(made.getInfoProperty());
        assertTrue(line.find() && line.group(1).contains("label=[dense nuclei] guidance=2.5"), made.getInfoProperty());
        ImagePlus second = generate(line.group(1)).current();
        assertEquals(0, difference(made, second), 0.01);
        assertTrue(difference(made, generate(OPTIONS).current()) > 1, "without a label it is something else");
    }

    private static double difference(ImagePlus one, ImagePlus other) {
        double largest = 0;
        for (int i = 0; i < 256; i++) {
            largest = Math.max(largest, Math.abs(one.getStack().getProcessor(2).getf(i) - other.getStack().getProcessor(2).getf(i)));
        }
        return largest;
    }

    @Test
    void anotherLabelStopsTheMacroWithTheNames() throws Exception {
        MacroCall wrong = generate(OPTIONS + " label=cells");
        assertNull(wrong.current());
        assertTrue(wrong.printed().contains("one of filaments, dense nuclei, puncta."), wrong.printed());
    }
}
