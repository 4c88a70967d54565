// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.ImagePlus;
import ij.macro.Interpreter;
import ij.process.ByteProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TitlesTest {

    @AfterEach
    void close() {
        Interpreter.batchMode = false;
    }

    private static String title(String wanted) {
        ImagePlus image = new ImagePlus(wanted, new ByteProcessor(2, 2));
        Titles.makeUnique(image);
        Interpreter.addBatchModeImage(image);
        return image.getTitle();
    }

    @Test
    void aTakenTitleIsNumbered() {
        Interpreter.batchMode = true;
        assertEquals("TitlesTest.v2-denoised", title("TitlesTest.v2-denoised"));
        assertEquals("TitlesTest.v2-denoised-1", title("TitlesTest.v2-denoised"));
        assertEquals("TitlesTest.v2-denoised-2", title("TitlesTest.v2-denoised"));
    }
}
