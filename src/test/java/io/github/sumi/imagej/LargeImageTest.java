// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ij.ImagePlus;
import ij.VirtualStack;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.TinyModel;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Progress;
import java.io.File;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More pixels than an int can count. */
class LargeImageTest {

    private static final int WIDTH = 1024;
    private static final int HEIGHT = 1024;
    private static final int PLANES = 2049;
    private static final double SIGMA = 9;

    @TempDir
    Path folder;

    private static ByteProcessor noise(double level, int seed) {
        ByteProcessor plane = new ByteProcessor(WIDTH, HEIGHT);
        byte[] pixels = (byte[]) plane.getPixels();
        Random random = new Random(seed);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.rint(level + SIGMA * random.nextGaussian());
        }
        return plane;
    }

    /** The first and the last plane are noise around a level of their own, the others blank. */
    private static ImagePlus image() {
        ImageProcessor blank = new ByteProcessor(WIDTH, HEIGHT);
        VirtualStack stack = new VirtualStack(WIDTH, HEIGHT, PLANES) {
            @Override
            public ImageProcessor getProcessor(int n) {
                return n == 1 || n == PLANES ? noise(60 + 100.0 * n / PLANES, n) : blank;
            }
        };
        stack.setBitDepth(8);
        return new ImagePlus("large", stack);
    }

    @Test
    @DisplayName("Pain 13: the number of pixels overflows")
    void moreThanTwoBillionPixelsAreDenoised() {
        long pixels = (long) WIDTH * HEIGHT * PLANES;
        assertTrue(pixels > Integer.MAX_VALUE);
        File temporary = new File(System.getProperty("java.io.tmpdir"));
        assumeTrue(temporary.getUsableSpace() > 2 * pixels, "the result takes " + pixels + " bytes in " + temporary);
        Model model = Model.load(TinyModel.folder(folder, "timestep-float-n"));
        DenoiseOptions options = DenoiseOptions.defaults();
        try (Denoiser denoiser = new Denoiser(model, options);
                ImageDenoiser.Result result = new ImageDenoiser(denoiser, options, ImageOptions.defaults()).denoise(image(), Progress.NONE)) {
            assertEquals(2, result.planes());
            assertEquals(PLANES - 2, result.constant());
            assertEquals(SIGMA, result.noise().model().sigma(110), 0.5);
            assertEquals(60, result.image().getStack().getProcessor(1).getStats().mean, 8);
            assertEquals(160, result.image().getStack().getProcessor(PLANES).getStats().mean, 8, "its offset in the file is beyond 2^31");
            assertEquals(0, result.image().getStack().getProcessor(PLANES - 1).getStats().max);
        }
    }
}
