// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.schedule.NoiseSource;
import io.github.sumi.schedule.Tensor;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/**
 * Standard normal noise as a function of (seed, sample, step, channel, y, x): the same bits for any batch, tile, number
 * of threads or machine.
 *
 * <p>Counter-based: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") gives 32 bits a
 * pixel, the normal quantile function (Wichura 1988, algorithm AS 241) makes them normal. Only operations that every
 * Java rounds alike are used, hence StrictMath.
 */
public final class NoiseField {

    /** The step of the field that a chain starts from. */
    public static final int START = -1;

    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    /** Pixels that one thread makes at a time: fewer take less time than waking another. */
    private static final int PART = 1 << 14;

    private final int keyLow;
    private final int keyHigh;

    /** @param seed 0 to 2^53 - 1 */
    public NoiseField(long seed) {
        Checks.seed(seed);
        keyLow = (int) seed;
        keyHigh = (int) (seed >>> 32);
    }

    /** The noise of a batch whose sample 0 is {@code firstSample}. */
    public NoiseSource from(int firstSample) {
        return (step, noise) -> fill(step, firstSample, noise);
    }

    /** Fills x with what chains from pure noise begin with. @param sigma SD of it */
    void begin(int firstSample, double sigma, Tensor x) {
        fill(START, firstSample, x);
        for (int i = 0; sigma != 1 && i < x.size(); i++) {
            x.buffer().put(i, (float) (x.buffer().get(i) * sigma));
        }
    }

    /**
     * Fills [n, c, h, w], its samples counted from {@code firstSample}; pixel (0, 0) is that of the whole image.
     *
     * @param step index of the step, or {@link #START}
     */
    public void fill(int step, int firstSample, Tensor noise) {
        int rows = noise.n() * noise.c() * noise.h();
        int parts = Math.min(rows, (noise.size() + PART - 1) / PART);
        IntStream.range(0, parts).parallel().forEach(part -> {
            double[] q = new double[(noise.w() + 3) / 4 * 4];
            double[] z = new double[q.length];
            int end = (int) ((part + 1L) * rows / parts);
            for (int row = (int) ((long) part * rows / parts); row < end; row++) {
                int plane = row / noise.h();
                // channels get the low byte: no model has more than 64
                int stepAndChannel = (step + 1) << 8 | plane % noise.c();
                probabilities(q, row % noise.h(), stepAndChannel, firstSample + plane / noise.c());
                NormalQuantile.of(q, z);
                write(z, noise.buffer(), row * noise.w(), noise.w());
            }
        });
    }

    /** Fills q with the probabilities of a row, less 0.5. */
    private void probabilities(double[] q, int y, int stepAndChannel, int sample) {
        for (int block = 0; 4 * block < q.length; block++) {
            int c0 = block;
            int c1 = y;
            int c2 = stepAndChannel;
            int c3 = sample;
            int k0 = keyLow;
            int k1 = keyHigh;
            for (int round = 0; round < ROUNDS; round++) {
                long p0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
                long p1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
                int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
                int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
                c1 = (int) p1;
                c3 = (int) p0;
                c0 = n0;
                c2 = n2;
                k0 += WEYL_0;
                k1 += WEYL_1;
            }
            q[4 * block] = centred(c0);
            q[4 * block + 1] = centred(c1);
            q[4 * block + 2] = centred(c2);
            q[4 * block + 3] = centred(c3);
        }
    }

    private static void write(double[] z, FloatBuffer buffer, int start, int width) {
        for (int x = 0; x < width; x++) {
            buffer.put(start + x, (float) z[x]);
        }
    }

    /** The probability (bits + 0.5) / 2^32, bits taken as unsigned, less 0.5; exact. */
    private static double centred(int bits) {
        return ((bits & 0xFFFFFFFFL) + 0.5) * 0x1p-32 - 0.5;
    }
}
