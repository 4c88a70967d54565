// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.schedule.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.CRC32;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NoiseFieldTest {

    private static double[] values(long seed, int sample, int step, int size) {
        Tensor tensor = Tensor.allocate(1, 1, size, size);
        new NoiseField(seed).fill(step, sample, tensor);
        double[] values = new double[tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.buffer().get(i);
        }
        return values;
    }

    @Test
    void isStandardNormal() {
        double[] values = values(1, 0, 0, 300);
        DescriptiveStatistics statistics = new DescriptiveStatistics(values);
        assertEquals(0, statistics.getMean(), 0.012);
        assertEquals(1, statistics.getStandardDeviation(), 0.01);
        assertEquals(0, statistics.getSkewness(), 0.03);
        assertEquals(0, statistics.getKurtosis(), 0.06);
        assertTrue(new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new NormalDistribution(null, 0, 1), values) > 0.01);
    }

    @Test
    void seedsSamplesStepsAndNeighboursAreIndependent() {
        double[] base = values(1, 0, 0, 128);
        double[][] others = {values(2, 0, 0, 128), values(1L << 40, 0, 0, 128), values(1, 1, 0, 128), values(1, 0, 1, 128),
            values(1, 0, NoiseField.START, 128)};
        for (double[] other : others) {
            assertEquals(0, new PearsonsCorrelation().correlation(base, other), 0.03);
        }
        for (int shift : new int[] {1, 2, 3, 4, 128}) {
            double[] from = Arrays.copyOfRange(base, shift, base.length);
            assertEquals(0, new PearsonsCorrelation().correlation(Arrays.copyOf(base, from.length), from), 0.03);
        }
    }

    /** A batch, or a smaller image, holds the bits of the larger one. */
    @Test
    @DisplayName("Pain 35: batch and tile change the noise of a seed")
    void dependsOnTheGlobalPositionAlone() {
        Tensor batch = Tensor.allocate(3, 2, 20, 33);
        new NoiseField(9).fill(4, 5, batch);
        Tensor small = Tensor.allocate(1, 2, 7, 10);
        new NoiseField(9).fill(4, 7, small);
        for (int c = 0; c < 2; c++) {
            for (int y = 0; y < 7; y++) {
                for (int x = 0; x < 10; x++) {
                    assertEquals(batch.buffer().get(batch.planeStart(2, c) + y * 33 + x), small.buffer().get(small.planeStart(0, c) + y * 10 + x));
                }
            }
        }
    }

    @Test
    @DisplayName("Pain 35: threads change the noise of a seed")
    void doesNotDependOnTheNumberOfThreads() throws Exception {
        Tensor one = Tensor.allocate(2, 1, 255, 301);
        Tensor many = Tensor.allocate(2, 1, 255, 301);
        for (Tensor tensor : new Tensor[] {one, many}) {
            ForkJoinPool pool = new ForkJoinPool(tensor == one ? 1 : 7);
            pool.submit(() -> new NoiseField(9).fill(4, 5, tensor)).get();
            pool.shutdown();
        }
        assertEquals(one.buffer(), many.buffer());
    }

    /** A seed means the same picture in every version. */
    @Test
    void isTheSameForEver() {
        Tensor noise = Tensor.allocate(3, 2, 129, 131);
        new NoiseField(1234567890123L).fill(7, 5, noise);
        ByteBuffer bits = ByteBuffer.allocate(noise.size() * Float.BYTES);
        bits.asFloatBuffer().put(noise.buffer());
        CRC32 sum = new CRC32();
        sum.update(bits.array());
        assertEquals("b38a293a", Long.toHexString(sum.getValue()));
    }

    @Test
    void quantilesAreThoseOfTheNormalDistribution() {
        NormalDistribution normal = new NormalDistribution(null, 0, 1);
        double[] p = {0x1p-33, 1e-9, 1e-5, 0.01, 0.2, 0.5, 0.7, 0.999, 1 - 1e-9};
        double[] z = new double[p.length];
        NormalQuantile.of(Arrays.stream(p).map(value -> value - 0.5).toArray(), z);
        for (int i = 0; i < p.length; i++) {
            assertEquals(p[i], normal.cumulativeProbability(z[i]), 1e-9 * Math.min(p[i], 1 - p[i]) + 1e-15);
        }
    }
}
