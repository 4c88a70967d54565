// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;

class NoisePatternTest {

    private static final int SIZE = 96;
    private static final int SEEDS = 50;
    private static final double SIGMA = 10;

    private static float[] white(int seed) {
        Random random = new Random(seed);
        float[] pixels = new float[SIZE * SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (500 + SIGMA * random.nextGaussian());
        }
        return pixels;
    }

    /** A pixel and part of its right, lower and diagonal neighbours: correlation part / (1 + part^2). */
    private static float[] blurred(int seed, float part) {
        float[] pixels = white(seed);
        float[] blurred = pixels.clone();
        for (int i = 0; i < pixels.length - SIZE - 1; i++) {
            blurred[i] = pixels[i] + part * (pixels[i + 1] + pixels[i + SIZE] + part * pixels[i + SIZE + 1]);
        }
        return blurred;
    }

    private static float[] striped(int seed, double strength, boolean rows) {
        Random random = new Random(1000 + seed);
        double[] offsets = random.doubles(SIZE).map(any -> strength * SIGMA * random.nextGaussian()).toArray();
        float[] pixels = white(seed);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] += (float) offsets[rows ? i / SIZE : i % SIZE];
        }
        return pixels;
    }

    private static VarianceCurve curve(float[] pixels) {
        return FlatPlaces.curve(pixels, SIZE, SIZE);
    }

    @Test
    void whiteAndPhotonNoiseAreFine() {
        for (int seed = 0; seed < SEEDS; seed++) {
            assertEquals(List.of(), curve(white(seed)).pattern().warnings(), "white, seed " + seed);
            float[] photons = new float[SIZE * SIZE];
            PoissonDistribution[] light = new PoissonDistribution[4];
            Well19937c random = new Well19937c(seed);
            for (int level = 0; level < light.length; level++) {
                light[level] = new PoissonDistribution(random, 20 << level, 1e-9, 100_000);
            }
            for (int i = 0; i < photons.length; i++) {
                photons[i] = light[i % SIZE / 48 + 2 * (i / SIZE / 48)].sample();
            }
            assertEquals(List.of(), curve(photons).pattern().warnings(), "photons, seed " + seed);
        }
    }

    @Test
    void correlatedNoiseIsSaid() {
        for (int seed = 0; seed < 10; seed++) {
            NoisePattern pattern = curve(blurred(seed, 0.5f)).pattern();
            assertEquals(0.4, pattern.correlation(), 0.04);
            assertEquals(1, pattern.warnings().size(), pattern.toString());
            assertTrue(pattern.warnings().get(0).startsWith("The noise of neighbouring pixels is correlated (about 0."), pattern.warnings().toString());
            assertEquals(1, curve(blurred(seed, 1)).pattern().warnings().size(), "seed " + seed);
        }
    }

    @Test
    void stripesAreSaid() {
        for (int seed = 0; seed < 10; seed++) {
            NoisePattern rows = curve(striped(seed, 0.5, true)).pattern();
            assertEquals(0.5, rows.rows(), 0.15);
            assertEquals(0, rows.columns());
            assertTrue(rows.warnings().get(0).startsWith("Rows have offsets"), rows.toString());
            NoisePattern columns = curve(striped(seed, 0.5, false)).pattern();
            assertEquals(0.5, columns.columns(), 0.15);
            assertEquals(List.of(), columns.warnings().stream().filter(warning -> !warning.startsWith("Columns")).toList());
        }
    }

    @Test
    void itIsPartOfTheFitOfAllPlanes() {
        NoiseFit fit = NoiseFit.of(List.of(curve(blurred(1, 1)), curve(blurred(2, 1))));
        assertEquals(0.5, fit.curve().pattern().correlation(), 0.02);
        assertTrue(fit.warnings().stream().anyMatch(warning -> warning.contains("correlated")), fit.warnings().toString());
        assertEquals(NoisePattern.NONE, NoisePattern.pool(List.of(NoisePattern.NONE)));
    }
}
