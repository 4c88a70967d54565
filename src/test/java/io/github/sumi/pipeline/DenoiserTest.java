// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.ModelLibrary;
import io.github.sumi.schedule.Tensor;
import java.util.concurrent.CancellationException;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenoiserTest {

    /** Round nuclei of 180 on 20 with Gaussian noise. */
    static float[] cells(int width, int height, double sigma) {
        Tensor noise = Tensor.allocate(1, 1, height, width);
        new NoiseField(11).fill(0, 0, noise);
        float[] pixels = new float[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (clean(i % width, i / width) + sigma * noise.buffer().get(i));
        }
        return pixels;
    }

    private static double clean(int x, int y) {
        double distance = Math.hypot(x % 40 - 20, y % 40 - 20);
        return 20 + 160 / (1 + Math.exp(distance - 11));
    }

    static float[] denoise(float[] pixels, int width, DenoiseOptions options) {
        Img<FloatType> plane = ArrayImgs.floats(pixels, width, pixels.length / width);
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), options)) {
            return values(denoiser.denoise(plane, denoiser.measure(plane), 0, Progress.NONE).image());
        }
    }

    private static float[] values(Img<FloatType> image) {
        float[] values = new float[(int) image.size()];
        int i = 0;
        for (FloatType value : image) {
            values[i++] = value.get();
        }
        return values;
    }

    private static double rms(float[] pixels, int width) {
        double sum = 0;
        for (int i = 0; i < pixels.length; i++) {
            double difference = pixels[i] - clean(i % width, i / width);
            sum += difference * difference;
        }
        return Math.sqrt(sum / pixels.length);
    }

    @Test
    void meanRemovesMostOfTheNoiseThatItEstimates() {
        float[] noisy = cells(160, 120, 15);
        assertEquals(15, NoiseEstimate.sigma(noisy, 160, 120), 1);
        assertTrue(rms(denoise(noisy, 160, DenoiseOptions.defaults()), 160) < 5);
    }

    @Test
    @DisplayName("Pain 39: there is only the smoothest answer")
    void sampleAndUncertaintyAreNearTheTruthToo() {
        float[] noisy = cells(80, 80, 15);
        DenoiseOptions options = DenoiseOptions.defaults().withSigma(15.0).withSteps(10);
        assertTrue(rms(denoise(noisy, 80, options.withMode(Mode.SAMPLE)), 80) < 8);
        Img<FloatType> plane = ArrayImgs.floats(noisy, 80, 80);
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), options.withMode(Mode.UNCERTAINTY).withSamples(4))) {
            Restored result = denoiser.denoise(plane, denoiser.measure(plane), 0, Progress.NONE);
            assertTrue(rms(values(result.image()), 80) < 6);
            double sum = 0;
            for (float sd : values(result.sd())) {
                sum += sd;
            }
            assertTrue(sum / 6400 > 0.3 && sum / 6400 < 10, "mean SD " + sum / 6400);
        }
    }

    @Test
    void theSameSeedGivesTheSameImageAndAnotherSeedAnother() {
        float[] noisy = cells(40, 40, 15);
        DenoiseOptions options = DenoiseOptions.defaults().withSigma(15.0).withMode(Mode.SAMPLE).withSteps(3);
        float[] first = denoise(noisy, 40, options);
        assertArrayEquals(first, denoise(noisy, 40, options));
        assertTrue(Math.abs(first[820] - denoise(noisy, 40, options.withSeed(2))[820]) > 1e-3);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,513", "2,3"})
    @DisplayName("Pain 17: the network wants multiples of 16")
    void anySizeWorks(int width, int height) {
        float[] result = denoise(cells(width, height, 10), width, DenoiseOptions.defaults().withSigma(10.0));
        assertEquals(width * height, result.length);
        for (float value : result) {
            assertTrue(Float.isFinite(value));
        }
    }

    @Test
    void noNoiseMeansNoChange() {
        float[] pixels = cells(48, 48, 5);
        assertArrayEquals(pixels, denoise(pixels, 48, DenoiseOptions.defaults().withSigma(0.0)), 1e-3f);
    }

    @Test
    @DisplayName("Pain 36: every image takes a thousand steps")
    void aPlaneTakesOneEvaluationOrTens() {
        Img<FloatType> plane = ArrayImgs.floats(cells(40, 40, 15), 40, 40);
        for (Mode mode : Mode.values()) {
            try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), DenoiseOptions.defaults().withMode(mode))) {
                denoiser.denoise(plane, denoiser.measure(plane), 0, Progress.NONE);
                assertEquals(mode == Mode.MEAN ? 1 : 20, denoiser.unetCalls(), "the samples of so small a plane are one call");
            }
        }
    }

    /** A blank plane is not stretched until its noise looks like structure. */
    @Test
    @DisplayName("Pain 38: noise becomes structure")
    void aBlankPlaneStaysBlank() {
        float[] pixels = new float[64 * 64];
        Tensor noise = Tensor.allocate(1, 1, 64, 64);
        new NoiseField(5).fill(0, 0, noise);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 100 + 10 * noise.buffer().get(i);
        }
        for (float value : denoise(pixels, 64, DenoiseOptions.defaults().withSigma(10.0))) {
            assertEquals(100, value, 12);
        }
    }

    /** Spots on 0.1 % of the pixels at 4x the 99.8 percentile keep their integrated intensity. */
    @Test
    void brightSpotsKeepTheirIntensity() {
        int width = 256;
        float[] clean = new float[width * width];
        for (int i = 0; i < clean.length; i++) {
            clean[i] = (float) clean(i % width, i / width);
        }
        float[] noisy = cells(width, width, 5);
        for (int spot = 0; spot < 16; spot++) {
            int x = 4 + spot % 4 * 60;
            int y = 3 + spot / 4 * 60;
            for (int k = 0; k < 4; k++) {
                int i = (y + k / 2) * width + x + k % 2;
                noisy[i] += 4 * 180 - clean[i];
                clean[i] = 4 * 180;
            }
        }
        float[] result = denoise(noisy, width, DenoiseOptions.defaults().withSigma(5.0));
        double before = 0;
        double after = 0;
        for (int spot = 0; spot < 16; spot++) {
            for (int y = -3; y < 6; y++) {
                for (int x = -3; x < 6; x++) {
                    int i = (3 + spot / 4 * 60 + y) * width + 4 + spot % 4 * 60 + x;
                    before += clean[i];
                    after += result[i];
                }
            }
        }
        assertEquals(1, after / before, 0.02);
    }

    @Test
    void pixelsThatAreNotNumbersAndConstantImagesAreRefused() {
        float[] pixels = cells(20, 20, 5);
        pixels[43] = Float.NaN;
        String message = assertThrows(IllegalArgumentException.class, () -> denoise(pixels, 20, DenoiseOptions.defaults())).getMessage();
        assertTrue(message.contains("x = 3, y = 2"), message);
        assertThrows(IllegalArgumentException.class, () -> denoise(new float[400], 20, DenoiseOptions.defaults()));
    }

    @Test
    void cancellingEndsTheRun() {
        Img<FloatType> plane = ArrayImgs.floats(cells(40, 40, 15), 40, 40);
        Progress impatient = new Progress() {
            private boolean told;

            @Override
            public void update(double fraction) {
                told = true;
            }

            @Override
            public boolean cancelled() {
                return told;
            }
        };
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), DenoiseOptions.defaults().withMode(Mode.SAMPLE))) {
            Scaling scaling = denoiser.measure(plane);
            assertThrows(CancellationException.class, () -> denoiser.denoise(plane, scaling, 0, impatient));
            assertTrue(denoiser.unetCalls() < 3);
        }
    }
}
