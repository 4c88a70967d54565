// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.sumi.schedule.Tensor;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxNoisePredictorTest {

    @TempDir
    Path temporary;

    private OnnxNoisePredictor open(String name) {
        return Model.load(TinyModel.folder(temporary, name)).open();
    }

    private static Tensor ramp(int n, int h, int w) {
        Tensor sample = Tensor.allocate(n, 1, h, w);
        for (int i = 0; i < sample.size(); i++) {
            sample.buffer().put(i, i % 7 - 3);
        }
        return sample;
    }

    private static void assertPredicts(OnnxNoisePredictor unet, Tensor sample, double timestep, Tensor output) {
        unet.predict(sample, timestep, output);
        for (int i = 0; i < sample.size(); i++) {
            assertEquals(sample.buffer().get(i) / 2 + timestep / 1000, output.buffer().get(i), 1e-6, "at " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"float-scalar", "float-n", "float-one", "double-scalar", "double-n", "double-one", "int64-scalar", "int64-n",
        "int64-one", "int32-scalar", "int32-n", "int32-one"})
    void everyTimestepTypeAndShapeWorksWithAnyBatchAndSize(String kind) {
        try (OnnxNoisePredictor unet = open("timestep-" + kind)) {
            assertPredicts(unet, ramp(1, 4, 6), 0, ramp(1, 4, 6));
            assertPredicts(unet, ramp(3, 1, 1), 17, ramp(3, 1, 1));
            assertPredicts(unet, ramp(2, 9, 5), 999, ramp(2, 9, 5));
            assertEquals(kind.startsWith("float") || kind.startsWith("double"), unet.fractionalTimesteps());
            if (unet.fractionalTimesteps()) {
                assertPredicts(unet, ramp(2, 3, 3), 17.25, ramp(2, 3, 3));
            } else {
                String message = assertThrows(ModelException.class, () -> unet.predict(ramp(1, 2, 2), 17.25, ramp(1, 2, 2))).getMessage();
                assertTrue(message.contains("model.onnx takes whole timesteps only, but 17.25"), message);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"outputs-named", "output-renamed"})
    void theOutputIsFoundByItsNameOrAsTheOnlyOne(String name) {
        try (OnnxNoisePredictor unet = open(name)) {
            assertPredicts(unet, ramp(2, 4, 4), 100, ramp(2, 4, 4));
        }
    }

    @Test
    void theSameBuffersServeEveryCall() throws IOException {
        int size = 256;
        Tensor sample = ramp(2, size, size);
        Tensor output = ramp(2, size, size);
        try (OnnxNoisePredictor unet = open("timestep-float-n")) {
            for (int i = 0; i < 20; i++) {
                unet.predict(sample, i, output);
            }
            BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct")).findFirst().orElseThrow();
            long buffers = direct.getCount();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long resident = residentBytes();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200; i++) {
                unet.predict(sample, i + 0.5, output);
            }
            long perCall = (threads.getCurrentThreadAllocatedBytes() - before) / 200;
            assertTrue(perCall < 8192, perCall + " bytes in each call; a sample has " + 4 * sample.size());
            assertTrue(direct.getCount() <= buffers, "direct buffers: " + buffers + ", then " + direct.getCount());
            long grown = residentBytes() - resident;
            assertTrue(grown < 50 * 4L * sample.size(), "the process grew by " + grown + " bytes");
            assertPredicts(unet, sample, 3, output);
        }
    }

    /** What native code takes too; 0 where the system doesn't say. */
    private static long residentBytes() throws IOException {
        Path statm = Path.of("/proc/self/statm");
        return Files.exists(statm) ? 4096 * Long.parseLong(Files.readString(statm).split(" ")[1]) : 0;
    }
}
