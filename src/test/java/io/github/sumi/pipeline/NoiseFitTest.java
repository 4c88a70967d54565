// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseFitTest {

    private static final int SIZE = 256;

    /** Photons of round nuclei of several brightnesses on a dim background. */
    private static double photons(int i, double brightest) {
        int x = i % SIZE;
        int y = i / SIZE;
        double distance = Math.hypot(x % 64 - 32, y % 64 - 32);
        double brightness = brightest * (1 + x / 64 + 4 * (y / 64)) / 16;
        return brightest / 50 + brightness / (1 + Math.exp((distance - 20) / 2));
    }

    private static float[] shoot(NoiseModel camera, double brightest, double full) {
        Well19937c random = new Well19937c(3);
        float[] pixels = new float[SIZE * SIZE];
        for (int i = 0; i < pixels.length; i++) {
            double mean = photons(i, brightest);
            double light = camera.gain() == 0 ? mean : camera.gain() * new PoissonDistribution(random, mean, 1e-12, 100_000).sample();
            pixels[i] = (float) Math.rint(Math.max(0, Math.min(full, light + camera.offset() + camera.readNoise() * random.nextGaussian())));
        }
        return pixels;
    }

    /** gain, offset, read noise, photons of the brightest, full scale */
    @ParameterizedTest
    @CsvSource({"2,100,5,400,65535", "0.5,20,1,300,255", "30,500,40,1500,65535", "10,0,20,100,65535", "0.6,10,2,500,255"})
    @DisplayName("Pain 37: nobody knows what sigma to give")
    void aCamerasNoiseIsFound(double gain, double offset, double readNoise, double brightest, double full) {
        NoiseModel camera = new NoiseModel(gain, offset, readNoise);
        NoiseFit fit = NoiseFit.of(FlatPlaces.curve(shoot(camera, brightest, full), SIZE, SIZE));
        assertTrue(fit.confident());
        for (double share : new double[] {0.02, 0.1, 0.3, 0.7}) {
            double z = offset + gain * share * brightest;
            assertEquals(1, fit.model().sigma(z) / camera.sigma(z), 0.12, "at " + z + ": " + fit.model());
        }
    }

    @Test
    void noiseThatDoesNotRiseIsGaussian() {
        NoiseFit fit = NoiseFit.of(FlatPlaces.curve(shoot(new NoiseModel(0, 200, 12), 900, 65535), SIZE, SIZE));
        assertTrue(fit.model().isGaussian(), fit.model().toString());
        assertEquals(12, fit.model().sigma(500), 0.6);
    }

    @Test
    void planesOfOneCameraAddUp() {
        NoiseModel camera = new NoiseModel(2, 100, 5);
        VarianceCurve dim = FlatPlaces.curve(shoot(camera, 40, 65535), SIZE, SIZE);
        VarianceCurve bright = FlatPlaces.curve(shoot(camera, 900, 65535), SIZE, SIZE);
        NoiseModel both = NoiseFit.of(VarianceCurve.pool(List.of(dim, bright))).model();
        assertEquals(1, both.sigma(120) / camera.sigma(120), 0.1);
        assertEquals(1, both.sigma(1500) / camera.sigma(1500), 0.1);
    }

    @Test
    void whatCanNotBeMeasuredIsSaid() {
        assertTrue(FlatPlaces.curve(new float[] {5}, 1, 1).points().isEmpty());
        VarianceCurve constant = FlatPlaces.curve(new float[SIZE * SIZE], SIZE, SIZE);
        String message = assertThrows(IllegalArgumentException.class, () -> NoiseFit.of(constant)).getMessage();
        assertTrue(message.contains("Give the noise yourself"), message);
        assertFalse(NoiseFit.of(new VarianceCurve(List.of(new VarianceCurve.Point(10, 4, 500)), 5, 400)).confident());
    }

    /** Such a plane is measured by strips. */
    @Test
    void aLargePlaneIsMeasuredLikeASmallOne() {
        int size = 2304;
        float[] part = shoot(new NoiseModel(2, 100, 5), 400, 65535);
        float[] large = new float[size * size];
        for (int i = 0; i < large.length; i++) {
            large[i] = part[i / size % SIZE * SIZE + i % size % SIZE];
        }
        NoiseFit fit = NoiseFit.of(FlatPlaces.curve(large, size, size));
        assertTrue(fit.confident());
        assertEquals(1, fit.model().sigma(300) / new NoiseModel(2, 100, 5).sigma(300), 0.1);
    }
}
