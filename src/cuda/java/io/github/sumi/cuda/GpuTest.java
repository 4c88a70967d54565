// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sumi.model.Device;
import io.github.sumi.model.DeviceException;
import io.github.sumi.model.Model;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.pipeline.NoiseField;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.TiledNoisePredictor;
import io.github.sumi.schedule.Tensor;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On an NVIDIA GPU; skipped, with the reason, where there is none that works. Written without one. */
class GpuTest {

    private static final Model NUCLEI = Model.load(Path.of("models/nuclei"));

    @BeforeEach
    void findOne() {
        try {
            NUCLEI.open(Device.CUDA).close();
        } catch (DeviceException e) {
            assumeTrue(false, e.getMessage());
        }
    }

    private static Tensor predict(Device device, int n, int size, int tile) {
        Tensor sample = Tensor.allocate(n, 1, size, size);
        new NoiseField(1).fill(NoiseField.START, 0, sample);
        Tensor output = Tensor.allocate(n, 1, size, size);
        try (OnnxNoisePredictor unet = NUCLEI.open(device)) {
            assertEquals(device.equals(Device.AUTO) ? "cuda:0" : device.toString(), unet.device());
            new TiledNoisePredictor(unet, tile, tile / 4, Progress.NONE).predict(sample, 100, output);
        }
        return output;
    }

    private static double difference(Tensor a, Tensor b) {
        double largest = 0;
        for (int i = 0; i < a.size(); i++) {
            double difference = Math.abs((double) a.buffer().get(i) - b.buffer().get(i));
            largest = difference <= largest ? largest : difference;
        }
        return largest;
    }

    @Test
    void theGpuGivesWhatTheProcessorGives() {
        for (int[] shape : new int[][] {{1, 64}, {3, 64}, {1, 256}}) {
            Tensor expected = predict(Device.CPU, shape[0], shape[1], 256);
            assertTrue(difference(expected, predict(Device.CUDA, shape[0], shape[1], 256)) < 1e-3);
            assertTrue(difference(expected, predict(Device.parse("cuda+tf32"), shape[0], shape[1], 256)) < 0.1);
        }
    }

    @Test
    void autoTakesIt() {
        assertTrue(difference(predict(Device.CUDA, 1, 128, 128), predict(Device.AUTO, 1, 128, 128)) < 1e-3);
    }

    /** One tile of 4096 x 4096 pixels with 32 channels takes 2 GB for one layer alone. */
    @Test
    void tooLittleMemoryMakesTheTilesSmaller() {
        Tensor limited = predict(Device.parse("cuda+1gb"), 1, 4096, 4096);
        assertTrue(difference(predict(Device.CUDA, 1, 4096, 512), limited) < 1e-3);
    }
}
