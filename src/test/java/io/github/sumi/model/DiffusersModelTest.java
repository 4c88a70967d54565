// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.sumi.schedule.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that diffusers saved (attention; RGB, learned variance, fp16 weights, whole timesteps; classes; a condition) give what they give in torch. */
class DiffusersModelTest {

    @ParameterizedTest
    @ValueSource(strings = {"unet2d-grey", "unet2d-rgb", "unet2d-labels", "unet2d-condition"})
    void predictsWhatTorchDoes(String name) throws IOException {
        Path folder = Path.of("src/test/resources/models").resolve(name);
        Model model = Model.load(folder);
        assertTrue(model.verify() <= 1e-4);
        JsonObject torch = JsonParser.parseString(Files.readString(folder.resolve("torch.json"))).getAsJsonObject();
        try (OnnxNoisePredictor unet = model.open()) {
            assertEquals(!name.endsWith("rgb"), unet.fractionalTimesteps());
            for (JsonElement element : torch.getAsJsonArray("calls")) {
                JsonObject call = element.getAsJsonObject();
                int[] shape = new int[4];
                for (int i = 0; i < 4; i++) {
                    shape[i] = call.getAsJsonArray("shape").get(i).getAsInt();
                }
                FloatBuffer values = decode(call, "sample");
                Tensor sample = Tensor.allocate(shape[0], shape[1], shape[2], shape[3]);
                sample.buffer().put(0, values, 0, sample.size());
                Tensor output = Tensor.allocate(shape[0], unet.outChannels(), shape[2], shape[3]);
                int[] classes = call.has("labels") ? new Gson().fromJson(call.get("labels"), int[].class) : new int[0];
                unet.predict(sample, call.get("timestep").getAsDouble(), classes, output);
                assertClose(decode(call, "output"), output.buffer());
            }
        }
    }

    private static void assertClose(FloatBuffer expected, FloatBuffer found) {
        assertEquals(expected.remaining(), found.capacity());
        double largest = 1;
        double worst = 0;
        for (int i = 0; i < found.capacity(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i)));
            worst = Math.max(worst, Math.abs(expected.get(i) - found.get(i)));
        }
        assertTrue(worst <= 1e-4 * largest, "off by " + worst + " of " + largest);
    }

    private static FloatBuffer decode(JsonObject call, String key) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(call.get(key).getAsString())).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
}
