// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.FloatProcessor;
import io.github.sumi.plugin.DdpmDenoise;
import org.junit.jupiter.api.Test;

class FlipsMacroTest {

    private static ImagePlus image() {
        FloatProcessor pixels = new FloatProcessor(40, 32);
        for (int i = 0; i < 40 * 32; i++) {
            pixels.setf(i, 1000 + 13 * (i * (i + 3) % 29));
        }
        return new ImagePlus("cells", pixels);
    }

    private static MacroCall denoise(String options) throws InterruptedException {
        return MacroCall.run(DdpmDenoise.class.getName(), options, image());
    }

    @Test
    void theRecordedLineRepeatsThem() throws Exception {
        ImagePlus turned = denoise("noise=gaussian sigma=40 flips=true").current();
        String info = turned.getInfoProperty();
        assertTrue(info.contains("8 flips and turns") && info.contains(" mode=mean flips=true "), info);
        String line = info.substring(info.lastIndexOf("run("));
        ImagePlus again = denoise(line.substring(line.indexOf("\", \"") + 4, line.lastIndexOf("\")"))).current();
        assertArrayEquals((float[]) turned.getProcessor().getPixels(), (float[]) again.getProcessor().getPixels());
        ImagePlus plain = denoise("noise=gaussian sigma=40").current();
        assertFalse(plain.getInfoProperty().contains("flips"), plain.getInfoProperty());
        assertTrue(Math.abs(plain.getProcessor().getf(500) - turned.getProcessor().getf(500)) > 1e-3);
    }

    @Test
    void anotherModeIsRefused() throws Exception {
        String said = denoise("mode=uncertainty flips=true").printed();
        assertTrue(said.contains("flips is true, but mode is uncertainty"), said);
    }
}
