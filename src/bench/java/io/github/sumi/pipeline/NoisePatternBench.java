// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.apache.commons.math3.random.Well19937c;

/** What {@link NoisePattern} finds in white, blurred and striped noise, and in white noise over real content. */
public final class NoisePatternBench {

    private static final int SEEDS = 20;
    private static final int SHOTS = 240;

    private NoisePatternBench() {
    }

    /** Prints a line for each kind of noise. */
    public static void main(String[] arguments) {
        System.out.println("| noise | pixels | correlation | rows |");
        System.out.println("|---|---|---|---|");
        for (int size : new int[] {64, 128, 256}) {
            simulate("white", size, 0, 0);
            simulate("correlation 0.24", size, 0.25, 0);
            simulate("correlation 0.40", size, 0.5, 0);
            simulate("rows 0.2", size, 0, 0.2);
            simulate("rows 0.5", size, 0, 0.5);
        }
        File[] crops = new File("models/nuclei/testset").listFiles((folder, name) -> name.endsWith(".png"));
        Arrays.sort(crops);
        Well19937c random = new Well19937c(1);
        NoisePattern[] found = new NoisePattern[SHOTS];
        for (int i = 0; i < SHOTS; i++) {
            NoiseFitBench.Shot shot = NoiseFitBench.shoot(crops[i % crops.length], random);
            found[i] = FlatPlaces.curve(shot.noisy(), shot.width(), shot.height()).pattern();
        }
        print("white, 240 shots", 256, found);
    }

    /** Each pixel with a part of its right, lower and diagonal neighbours, and rows with offsets. */
    private static void simulate(String name, int size, double part, double offsets) {
        NoisePattern[] found = new NoisePattern[SEEDS];
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            double[] noise = random.doubles((long) size * size).map(any -> 10 * random.nextGaussian()).toArray();
            double[] rows = random.doubles(size).map(any -> 10 * offsets * random.nextGaussian()).toArray();
            float[] pixels = new float[size * size];
            for (int i = 0; i < pixels.length; i++) {
                int right = i % size < size - 1 ? 1 : 0;
                int below = i / size < size - 1 ? size : 0;
                pixels[i] = (float) (500 + rows[i / size] + noise[i] + part * (noise[i + right] + noise[i + below] + part * noise[i + right + below]));
            }
            found[seed] = FlatPlaces.curve(pixels, size, size).pattern();
        }
        print(name, size, found);
    }

    private static void print(String name, int size, NoisePattern[] found) {
        double[] correlations = Arrays.stream(found).mapToDouble(NoisePattern::correlation).sorted().toArray();
        double[] rows = Arrays.stream(found).mapToDouble(NoisePattern::rows).sorted().toArray();
        System.out.printf(Locale.ROOT, "| %s | %d x %d | %.2f (%.2f) | %.2f (%.2f) |%n", name, size, size, correlations[found.length / 2],
                correlations[found.length - 1], rows[found.length / 2], rows[found.length - 1]);
    }
}
