// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.VirtualStack;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import io.github.sumi.pipeline.Progress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** More pixels and bytes than an int can count; all but those of two planes are blank, which takes neither memory nor disk. */
class LargeImageTest {

    private static final int SIDE = 256;
    private static final int PLANES = (1 << 15) + 1;
    private static final double SIGMA = 9;

    private final ImageProcessor blank = new ByteProcessor(SIDE, SIDE);
    private final ImageProcessor first = noise(60, 1);
    private final ImageProcessor last = noise(160, 2);

    LargeImageTest() {
        assertTrue((long) SIDE * SIDE * PLANES > Integer.MAX_VALUE);
    }

    private static ByteProcessor noise(double level, int seed) {
        ByteProcessor plane = new ByteProcessor(SIDE, SIDE);
        Random random = new Random(seed);
        for (int i = 0; i < plane.getPixelCount(); i++) {
            plane.set(i, (int) Math.rint(level + SIGMA * random.nextGaussian()));
        }
        return plane;
    }

    private ImageProcessor plane(int n) {
        return n == 1 ? first : n == PLANES ? last : blank;
    }

    @Test
    @DisplayName("Pain 13: the number of pixels overflows")
    void moreThanTwoBillionPixelsAreMeasured() {
        VirtualStack stack = new VirtualStack(SIDE, SIDE, PLANES) {
            @Override
            public ImageProcessor getProcessor(int n) {
                return plane(n);
            }
        };
        stack.setBitDepth(8);
        List<ImageNoise> noises = ImageNoise.of(new ImagePlus("large", stack), ImageOptions.defaults(), Progress.NONE);
        assertEquals(1, noises.size());
        assertEquals(2, noises.get(0).planes());
        assertEquals(SIGMA, noises.get(0).fit().model().sigma(110), 0.5);
    }

    @Test
    @DisplayName("Pain 13: the place of a plane in its file overflows")
    void planesBeyondTwoGibibytesComeBack() {
        SparseChannel file = new SparseChannel();
        try (SpooledStack stack = new SpooledStack(SIDE, SIDE, file)) {
            for (int n = 1; n <= PLANES; n++) {
                stack.addSlice(null, plane(n));
            }
            assertEquals((long) SIDE * SIDE * PLANES, file.size());
            for (int n : new int[] {1, PLANES - 1, PLANES}) {
                assertEquals(plane(n).getStats().mean, stack.getProcessor(n).getStats().mean, "plane " + n);
                assertEquals(plane(n).get(5, 7), stack.getProcessor(n).get(5, 7));
            }
        }
    }
}
