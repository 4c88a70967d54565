// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.schedule.Tensor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A large image is denoised in parts of which nothing shows. */
class SeamsTest {

    private static final int SIZE = 120;
    private static final double SIGMA = 15;
    private static final DenoiseOptions OPTIONS = DenoiseOptions.defaults().withSigma(SIGMA).withSteps(3);

    /** Remembers the largest call. */
    private static final class Measured implements GreyPredictor {
        private int height;
        private int width;
        private int pixels;

        @Override
        public void predict(Tensor sample, double timestep, Tensor output) {
            height = Math.max(height, sample.h());
            width = Math.max(width, sample.w());
            pixels = Math.max(pixels, sample.size());
        }
    }

    @Test
    @DisplayName("Pain 10: the whole image goes to the device before it is cut into tiles")
    void onlyTilesGoToTheNetwork() {
        Measured unet = new Measured();
        Tensor image = Tensor.allocate(1, 1, 1500, 1100);
        new TiledNoisePredictor(unet, 64, 16, Progress.NONE).predict(image, 10, Tensor.allocate(1, 1, 1500, 1100));
        assertEquals(64, unet.height);
        assertEquals(64, unet.width);
        assertTrue(unet.pixels < image.size() / 20, unet.pixels + " pixels at once");
    }

    /** What tiles change, in the SDs of the noise that is taken away; tiles that don't overlap change up to half of one. */
    @ParameterizedTest
    @EnumSource(value = Mode.class, names = {"MEAN", "SAMPLE"})
    @DisplayName("Pains 14, 16, 35: seams between tiles, each scaled and given noise by itself")
    void tilesDoNotShow(Mode mode) {
        float[] noisy = DenoiserTest.cells(SIZE, SIZE, SIGMA);
        // one side far brighter than the other, which scaling each tile would even out
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] += i % SIZE > SIZE / 2 ? 400 : 0;
        }
        float[] whole = DenoiserTest.denoise(noisy, SIZE, OPTIONS.withMode(mode).withTile(120));
        float[] tiled = DenoiserTest.denoise(noisy, SIZE, OPTIONS.withMode(mode).withTile(64));
        double largest = 0;
        double squares = 0;
        for (int i = 0; i < noisy.length; i++) {
            largest = Math.max(largest, Math.abs(whole[i] - tiled[i]));
            squares += Math.pow(whole[i] - tiled[i], 2);
        }
        double rms = Math.sqrt(squares / noisy.length);
        assertTrue(rms < 0.02 * SIGMA && largest < 0.2 * SIGMA, "rms " + rms + ", largest " + largest);
    }

    @Test
    @DisplayName("Pain 16: the camera's offset is ignored")
    void anOffsetShiftsTheResultAndNothingElse() {
        float[] noisy = DenoiserTest.cells(80, 80, SIGMA);
        float[] result = DenoiserTest.denoise(noisy, 80, DenoiseOptions.defaults());
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] += 1000;
        }
        float[] shifted = DenoiserTest.denoise(noisy, 80, DenoiseOptions.defaults());
        for (int i = 0; i < noisy.length; i++) {
            assertEquals(result[i] + 1000, shifted[i], 0.01);
        }
    }
}
