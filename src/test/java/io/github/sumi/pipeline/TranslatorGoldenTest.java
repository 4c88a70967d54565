// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole chains of a network of diffusers, conditioned on an image, against those of torch and diffusers' schedulers. */
class TranslatorGoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/models/unet2d-condition");

    @ParameterizedTest
    @ValueSource(strings = {"ddpm", "ddim"})
    void endsWhereDiffusersDoes(String sampler) throws IOException {
        JsonObject golden = JsonParser.parseString(Files.readString(FOLDER.resolve("torch.json"))).getAsJsonObject().getAsJsonObject("translated");
        int size = golden.get("size").getAsInt();
        float[] condition = new float[size * size];
        decode(golden, "condition").get(condition);
        TranslateOptions options = new TranslateOptions(Mode.SAMPLE, 8, golden.get("steps").getAsInt(), golden.get("seed").getAsLong(), null, null,
                Sampling.of(sampler, 0), Device.CPU);
        // grey values are those of the network
        Scaling scaling = new Scaling(-1, 1, NoiseModel.gaussian(0));
        try (Translator translator = new Translator(Model.load(FOLDER), options)) {
            float[] found = TranslatorTest.values(translator.restore(ArrayImgs.floats(condition, size, size), scaling, 0, Progress.NONE).image());
            FloatBuffer expected = decode(golden.getAsJsonObject("ends"), sampler);
            double largest = 1;
            double worst = 0;
            for (int i = 0; i < found.length; i++) {
                largest = Math.max(largest, Math.abs(expected.get(i)));
                worst = Math.max(worst, Math.abs(expected.get(i) - found[i]));
            }
            assertTrue(worst <= 1e-4 * largest, "off by " + worst + " of " + largest);
            assertTrue(largest > 1, "clipping would change it: " + largest);
        }
    }

    private static FloatBuffer decode(JsonObject json, String key) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(json.get(key).getAsString())).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
}
