// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.process.ShortProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final Model MODEL = ModelLibrary.standard(null).find("nuclei");
    private static final DenoiseOptions SIGMA = DenoiseOptions.defaults().withSigma(30.0);
    private static final int WIDTH = 24;

    private static ImagePlus image() {
        ShortProcessor plane = new ShortProcessor(WIDTH, 20);
        for (int i = 0; i < plane.getPixelCount(); i++) {
            plane.set(i, 1000 + 13 * (i * i % 29));
        }
        return new ImagePlus("cells.tif", plane);
    }

    private static ImageRestorer.Result denoise(Roi selection, DenoiseOptions options, boolean toFloat) {
        ImageOptions imageOptions = new ImageOptions(true, Set.of(), false, toFloat);
        try (Denoiser denoiser = new Denoiser(MODEL, options)) {
            return new ImageRestorer(denoiser, imageOptions).restore(image(), selection, Progress.NONE);
        }
    }

    /** Inside as without a selection, outside as the input. */
    private static void assertOnlyInside(Roi selection, int inside, boolean toFloat) {
        ImagePlus whole = denoise(null, SIGMA, toFloat).image();
        ImageRestorer.Result result = denoise(selection, SIGMA, toFloat);
        int changed = 0;
        for (int i = 0; i < image().getProcessor().getPixelCount(); i++) {
            boolean in = selection.contains(i % WIDTH, i / WIDTH);
            changed += in ? 1 : 0;
            ImagePlus expected = in ? whole : image();
            assertEquals(expected.getProcessor().getf(i), result.image().getProcessor().getf(i), "pixel " + i);
        }
        assertEquals(inside, changed);
        assertTrue(result.notes().contains("outside are as they were"), result.notes());
    }

    @Test
    void outsideARectanglePixelsStay() {
        assertOnlyInside(new Roi(5, 6, 7, 8), 56, false);
        assertOnlyInside(new Roi(5, 6, 7, 8), 56, true);
        assertOnlyInside(new Roi(-3, -3, 8, 8), 25, false);
    }

    @Test
    void outsideAnOvalPixelsStay() {
        OvalRoi oval = new OvalRoi(4, 3, 12, 10);
        assertOnlyInside(oval, oval.getContainedPoints().length, false);
    }

    @Test
    void outsideThereIsNoSpread() {
        ImagePlus sd = denoise(new Roi(5, 6, 7, 8), SIGMA.withMode(Mode.UNCERTAINTY).withSteps(2).withSamples(2), false).sd();
        assertEquals(0, sd.getProcessor().getf(4, 6));
        assertTrue(sd.getProcessor().getf(5, 6) > 0);
    }

    @Test
    void aLineSelectsNoArea() {
        ImageRestorer.Result result = denoise(new Line(1, 1, 9, 9), SIGMA, false);
        assertArrayEquals((short[]) denoise(null, SIGMA, false).image().getProcessor().getPixels(), (short[]) result.image().getProcessor().getPixels());
        assertEquals("", result.notes());
    }

    @Test
    void aSelectionBesideTheImageIsRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> denoise(new Roi(100, 100, 5, 5), SIGMA, false)).getMessage().contains("beside"));
    }
}
