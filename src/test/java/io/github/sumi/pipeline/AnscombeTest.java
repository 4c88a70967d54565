// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnscombeTest {

    /** The mean of many stabilised noisy values comes back to the clean one; the algebraic inverse would be off by gain / 4 or more. */
    @ParameterizedTest
    @CsvSource({"0.5,2,100,1", "2,2,100,1", "20,2,100,3", "150,2,100,3", "400,3,0,5", "2000,0.7,50,2"})
    void theInverseIsUnbiased(double photons, double gain, double offset, double readNoise) {
        Anscombe anscombe = new Anscombe(new NoiseModel(gain, offset, readNoise));
        Well19937c random = new Well19937c(5);
        PoissonDistribution poisson = new PoissonDistribution(random, photons, PoissonDistribution.DEFAULT_EPSILON, PoissonDistribution.DEFAULT_MAX_ITERATIONS);
        DescriptiveStatistics stabilised = new DescriptiveStatistics();
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            stabilised.addValue(anscombe.forward((float) (gain * poisson.sample() + offset + readNoise * random.nextGaussian())));
        }
        double clean = gain * photons + offset;
        double sigma = new NoiseModel(gain, offset, readNoise).sigma(clean);
        assertEquals(clean, anscombe.inverse(stabilised.getMean()), 5 * sigma / Math.sqrt(count));
        if (photons >= 20) {
            assertEquals(1, stabilised.getStandardDeviation(), 0.02);
        }
    }

    @Test
    void theInverseRisesWithoutAJump() {
        for (double readNoise : new double[] {0, 0.5, 20}) {
            Anscombe anscombe = new Anscombe(new NoiseModel(2, 10, readNoise));
            double before = anscombe.inverse(-1);
            for (double d = -0.99; d < 60; d += 0.01) {
                double now = anscombe.inverse(d);
                assertTrue(now > before && now - before < 0.9, "at " + d + ": " + before + " to " + now);
                before = now;
            }
        }
    }

    @Test
    void impossibleNoiseIsRefusedWithItsValue() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new NoiseModel(-1, 0, 0)).getMessage().contains("gain is -1.0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new NoiseModel(1, Double.NaN, 0)).getMessage().contains("offset is NaN"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new NoiseModel(1, 0, -2)).getMessage().contains("readnoise is -2.0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> NoiseModel.gaussian(-1)).getMessage().contains("sigma is -1.0"));
        assertEquals(0, new NoiseModel(1, 100, 0).sigma(50));
        assertEquals(5, new NoiseModel(1, 100, 3).sigma(116));
    }
}
