// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.schedule.DdpmScheduler;
import io.github.sumi.schedule.Scheduler;
import io.github.sumi.schedule.Tensor;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shipped model's chain of 1000 steps against diffusers and torch: models/train/sumi_train/unet_golden.py made the numbers. */
class UnetGoldenTest {

    private static final Model MODEL = ModelLibrary.standard(null).find("nuclei");
    private static final int SIZE = 32;
    private static JsonObject golden;

    @BeforeAll
    static void read() throws IOException {
        try (Reader in = new InputStreamReader(UnetGoldenTest.class.getResourceAsStream("/golden/unet.json"), StandardCharsets.UTF_8)) {
            golden = JsonParser.parseReader(in).getAsJsonObject();
        }
        assertEquals(golden.get("sha256").getAsString(), MODEL.sha256(), "made for these weights");
    }

    private static float[] floats(JsonObject from, String key) {
        float[] values = new float[SIZE * SIZE];
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(from.get(key).getAsString())).order(ByteOrder.LITTLE_ENDIAN);
        int count = bytes.asFloatBuffer().get(values, 0, Math.min(values.length, bytes.remaining() / 4)).position();
        return Arrays.copyOf(values, count);
    }

    private static Tensor tensor(float[] values) {
        Tensor tensor = Tensor.allocate(1, 1, SIZE, SIZE);
        tensor.buffer().put(0, values);
        return tensor;
    }

    private static double[] differences(float[] expected, Tensor found) {
        double[] differences = new double[expected.length];
        for (int i = 0; i < expected.length; i++) {
            differences[i] = Math.abs(expected[i] - found.buffer().get(i));
        }
        Arrays.sort(differences);
        return differences;
    }

    @Test
    void theNoiseIsThatOfPython() {
        Tensor noise = Tensor.allocate(1, 1, SIZE, SIZE);
        new NoiseField(golden.get("seed").getAsLong()).fill(NoiseField.START, 0, noise);
        float[] first = new float[16];
        noise.buffer().get(0, first);
        assertArrayEquals(floats(golden, "noise"), first);
    }

    /** Each recorded step starts from diffusers' own x_t, so that errors can't add up or hide. */
    @Test
    void recordedStepsAreThoseOfDiffusers() {
        DdpmScheduler scheduler = DdpmScheduler.of(MODEL.scheduler(), golden.get("steps").getAsInt());
        NoiseField noise = new NoiseField(golden.get("seed").getAsLong());
        assertEquals(20, golden.getAsJsonArray("chain").size());
        try (OnnxNoisePredictor unet = MODEL.open()) {
            for (JsonElement element : golden.getAsJsonArray("chain")) {
                JsonObject record = element.getAsJsonObject();
                int step = record.get("step").getAsInt();
                double timestep = record.get("timestep").getAsDouble();
                assertEquals(timestep, scheduler.timesteps()[step]);
                Tensor x = tensor(floats(record, "sample"));
                Tensor epsilon = Tensor.allocate(1, 1, SIZE, SIZE);
                unet.predict(x, timestep, epsilon);
                double[] ofUnet = differences(floats(record, "output"), epsilon);
                assertTrue(ofUnet[ofUnet.length - 1] <= 1e-4, "UNet at step " + step + ": " + ofUnet[ofUnet.length - 1]);
                Scheduler.Run run = scheduler.start(1, 1, SIZE, SIZE);
                run.step(step, tensor(floats(record, "output")), x, noise.from(0));
                double[] ofScheduler = differences(floats(record, "previous"), x);
                assertTrue(ofScheduler[ofScheduler.length - 1] <= 1e-5, "scheduler at step " + step + ": " + ofScheduler[ofScheduler.length - 1]);
            }
        }
    }

    @Test
    void theWholeChainEndsWhereThatOfDiffusersEnds() {
        DdpmScheduler scheduler = DdpmScheduler.of(MODEL.scheduler(), golden.get("steps").getAsInt());
        NoiseField noise = new NoiseField(golden.get("seed").getAsLong());
        Tensor x = Tensor.allocate(1, 1, SIZE, SIZE);
        noise.fill(NoiseField.START, 0, x);
        try (OnnxNoisePredictor unet = MODEL.open()) {
            new ReverseProcess(scheduler, unet).run(x, noise.from(0), Progress.NONE, (step, now) -> { });
        }
        double[] differences = differences(floats(golden, "end"), x);
        assertTrue(differences[differences.length - 1] <= 1e-2, "largest difference " + differences[differences.length - 1]);
        assertTrue(differences[differences.length * 999 / 1000] <= 1e-3, "99.9 % within " + differences[differences.length * 999 / 1000]);
    }
}
