// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TensorTest {

    @Test
    void samplesShareTheirPixels() {
        Tensor whole = Tensor.allocate(5, 2, 3, 4);
        Tensor part = whole.samples(2, 2);
        assertEquals(48, part.size());
        part.buffer().put(part.planeStart(1, 1) + 7, 9);
        assertEquals(9, whole.buffer().get(whole.planeStart(3, 1) + 7));
    }

    @Test
    void theFirstValueThatIsNotFiniteIsFound() {
        Tensor tensor = Tensor.allocate(1, 1, 5, 5);
        tensor.buffer().put(3, Float.MAX_VALUE).put(4, -Float.MAX_VALUE);
        assertEquals(-1, tensor.firstNotFinite());
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            tensor.buffer().put(17, value);
            assertEquals(17, tensor.firstNotFinite());
        }
    }
}
