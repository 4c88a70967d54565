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

    /**
     * Fills [n, c, h, w], its samples counted from {@code firstSample}; pixel (0, 0) is that of the whole image.
     *
     * @param step index of the step, or {@link #START}
     */
    public void fill(int step, int firstSample, Tensor noise) {
        int rows = noise.n() * noise.c() * noise.h();
        IntStream.range(0, rows).parallel().forEach(row -> {
            int plane = row / noise.h();
            // channels get the low byte: no model has more than 64
            int stepAndChannel = (step + 1) << 8 | plane % noise.c();
            fillRow(noise.buffer(), row * noise.w(), noise.w(), row % noise.h(), stepAndChannel, firstSample + plane / noise.c());
        });
    }

    private void fillRow(FloatBuffer buffer, int start, int width, int y, int stepAndChannel, int sample) {
        for (int block = 0; 4 * block < width; block++) {
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
            int x = 4 * block;
            buffer.put(start + x, NormalQuantile.of(c0));
            if (x + 1 < width) {
                buffer.put(start + x + 1, NormalQuantile.of(c1));
            }
            if (x + 2 < width) {
                buffer.put(start + x + 2, NormalQuantile.of(c2));
            }
            if (x + 3 < width) {
                buffer.put(start + x + 3, NormalQuantile.of(c3));
            }
        }
    }
}
