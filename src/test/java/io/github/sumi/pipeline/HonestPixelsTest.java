// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.ModelLibrary;
import io.github.sumi.schedule.Tensor;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grey values after denoising are grey values of the same thing. */
class HonestPixelsTest {

    private static final int SIZE = 96;
    private static final double SIGMA = 15;

    private static float[] denoise(float[] pixels, NoiseModel noise) {
        DenoiseOptions options = DenoiseOptions.defaults().withNoise(noise);
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("fluorescence"), options)) {
            Img<FloatType> plane = Planes.image(pixels, SIZE, SIZE);
            return Planes.pixels(denoiser.denoise(plane, denoiser.measure(plane), 0, Progress.NONE).image());
        }
    }

    /** Another unit of the grey values is another unit of the result. */
    @ParameterizedTest
    @CsvSource({"1e-3, 0", "1e4, 0", "1e-3, 0.8", "1e4, 0.8"})
    void scaledInputGivesTheScaledResult(double factor, double gain) {
        float[] pixels = DenoiserTest.cells(SIZE, SIZE, SIGMA);
        float[] scaled = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            scaled[i] = (float) (factor * pixels[i]);
        }
        float[] expected = denoise(pixels, new NoiseModel(gain, 0, SIGMA));
        float[] found = denoise(scaled, new NoiseModel(factor * gain, 0, factor * SIGMA));
        double range = 160;
        for (int i = 0; i < pixels.length; i++) {
            assertEquals(expected[i], found[i] / factor, 1e-3 * range);
        }
    }

    /** With estimated noise as well. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e4})
    void estimatedNoiseScalesAlong(double factor) {
        float[] pixels = DenoiserTest.cells(SIZE, SIZE, SIGMA);
        float[] scaled = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            scaled[i] = (float) (factor * pixels[i]);
        }
        float[] expected = denoise(pixels, null);
        float[] found = denoise(scaled, null);
        for (int i = 0; i < pixels.length; i++) {
            assertEquals(expected[i], found[i] / factor, 1e-3 * 160);
        }
    }

    /** Nothing is left of the noise of an empty field, at whatever level. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 100, 30000})
    void aBlankPlaneComesBackFlat(double level) {
        Tensor noise = Tensor.allocate(1, 1, SIZE, SIZE);
        new NoiseField(5).fill(0, 0, noise);
        float[] pixels = new float[SIZE * SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (level + SIGMA * noise.buffer().get(i));
        }
        float[] result = denoise(pixels, NoiseModel.gaussian(SIGMA));
        assertTrue(sd(result) < 0.1 * SIGMA, "SD " + sd(result));
        assertEquals(level, mean(result), 0.05 * SIGMA);
    }

    @Test
    void signalThatTheNoiseHidesIsSaid() {
        NoiseModel noise = NoiseModel.gaussian(SIGMA);
        assertEquals(List.of(), Scaling.of(DenoiserTest.cells(SIZE, SIZE, SIGMA), SIZE, SIZE, noise, 1, 99.8).warnings());
        Scaling hidden = Scaling.of(new float[SIZE * SIZE], SIZE, SIZE, noise, 1, 99.8);
        assertEquals(1, hidden.warnings().size());
        assertTrue(hidden.warnings().get(0).startsWith("Hardly anything rises above the noise"), hidden.warnings().toString());
        assertEquals(hidden.warnings(), Scaling.pool(List.of(hidden, hidden)).warnings());
        assertEquals(List.of(), Scaling.of(new float[SIZE * SIZE], SIZE, SIZE, NoiseModel.gaussian(0), 1, 99.8).warnings(), "no noise hides nothing");
    }

    @Test
    void theMeanStays() {
        float[] pixels = DenoiserTest.cells(SIZE, SIZE, SIGMA);
        assertEquals(mean(pixels), mean(denoise(pixels, NoiseModel.gaussian(SIGMA))), 0.005 * 160);
    }

    private static double mean(float[] pixels) {
        double sum = 0;
        for (float value : pixels) {
            sum += value;
        }
        return sum / pixels.length;
    }

    private static double sd(float[] pixels) {
        double mean = mean(pixels);
        double squares = 0;
        for (float value : pixels) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / pixels.length);
    }
}
