// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.schedule.Tensor;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResidualTest {

    private static final int SIZE = 128;

    private static float[] noise() {
        Tensor tensor = Tensor.allocate(1, 1, SIZE, SIZE);
        new NoiseField(4).fill(0, 0, tensor);
        float[] values = new float[SIZE * SIZE];
        tensor.buffer().get(0, values);
        return values;
    }

    private static Residual of(float[] residual, double sigma) {
        return Residual.of(i -> residual[i], sigma, SIZE, SIZE);
    }

    @Test
    void whiteNoiseOfTheRightStrengthIsFine() {
        Residual residual = of(noise(), 1);
        assertEquals(1, residual.varianceRatio(), 0.03);
        assertEquals(0, residual.correlation(), 0.02);
        assertEquals(List.of(), residual.warnings());
    }

    @Test
    @DisplayName("Pain 38: structure is taken away or made up, and nothing says so")
    void structureAndWrongStrengthAreSaid() {
        assertTrue(of(noise(), 0.7).warnings().get(0).contains("2.04 times as much"), of(noise(), 0.7).warnings().toString());
        assertTrue(of(noise(), 2).warnings().get(0).contains("only 0.25 times"), of(noise(), 2).warnings().toString());
        float[] correlated = Planes.smooth(noise(), SIZE, SIZE);
        Residual residual = of(correlated, 70 / 256.0);
        assertEquals(56 / 70.0, residual.correlation(), 0.03);
        assertTrue(residual.warnings().get(0).contains("correlated between neighbours"), residual.warnings().toString());
    }

    @Test
    void deadPixelsDoNotOutweighTheImage() {
        float[] residual = noise();
        residual[500] = 1e6f;
        assertEquals(1, of(residual, 1).varianceRatio(), 0.03);
        assertEquals(2, Residual.mean(List.of(new Residual(1, 0.1), new Residual(3, 0.3))).varianceRatio());
    }
}
