// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDiffuserTest {

    private static final Model MODEL = ModelLibrary.standard(null).find("nuclei");

    private static ImagePlus stack() {
        ImageStack stack = new ImageStack(24, 16);
        for (int plane = 0; plane < 2; plane++) {
            ImageProcessor pixels = new ShortProcessor(24, 16);
            for (int i = 0; i < 384; i++) {
                pixels.set(i, 1000 * (plane + 1) + 7 * (i * i % 97));
            }
            stack.addSlice(pixels);
        }
        ImagePlus input = new ImagePlus("cells.tif", stack);
        input.getCalibration().pixelWidth = 0.25;
        input.getCalibration().setUnit("micron");
        input.setSlice(2);
        input.setDisplayRange(2000, 2700);
        return input;
    }

    @Test
    void theCurrentPlaneDissolves() {
        ImagePlus film = ImageDiffuser.film(MODEL, stack(), ImageDiffuser.timesteps("0, 100,999"), 1);
        assertEquals("cells-film", film.getTitle());
        assertArrayEquals(new int[] {24, 16, 1, 1, 3}, film.getDimensions());
        assertEquals("t = 100", film.getStack().getSliceLabel(2));
        assertEquals(0.25, film.getCalibration().pixelWidth);
        assertEquals("micron", film.getCalibration().getUnit());
        assertEquals(2700, film.getDisplayRangeMax());
        assertEquals(stack().getStack().getProcessor(2).getStats().mean, film.getStack().getProcessor(1).getStats().mean, 20);
        assertTrue(difference(film, 1, 3) > 3 * difference(film, 1, 2), difference(film, 1, 3) + " against " + difference(film, 1, 2));
        assertTrue(film.getInfoProperty().contains("run(\"DDPM Forward Diffusion...\", \"model=nuclei@2 timesteps=0,100,999 seed=1\");"));
    }

    private static double difference(ImagePlus film, int one, int other) {
        double sum = 0;
        for (int i = 0; i < 384; i++) {
            sum += Math.abs(film.getStack().getProcessor(one).getf(i) - film.getStack().getProcessor(other).getf(i));
        }
        return sum / 384;
    }

    @Test
    void signedPixelsStayNegative() {
        ImagePlus input = stack();
        input.getCalibration().setSigned16BitCalibration();
        ImagePlus film = ImageDiffuser.film(MODEL, input, new int[] {0}, 1);
        assertEquals(2000 + 7 * 48 - 32768, film.getProcessor().getStats().mean, 40);
        assertTrue(!film.getCalibration().calibrated());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0,", "many", "-1", "1.5", "0;5", "99999999999"})
    void timestepsAreNumbers(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> ImageDiffuser.timesteps(text)).getMessage();
        assertTrue(message.contains("\"" + text + "\""), message);
    }

    @Test
    void whatCannotBeDiffusedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ImageDiffuser.film(MODEL, stack(), new int[] {1000}, 1));
        ImagePlus rgb = new ImagePlus("rgb", new ColorProcessor(8, 8));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ImageDiffuser.film(MODEL, rgb, new int[] {1}, 1)).getMessage().contains("RGB"));
    }
}
