// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.sumi.model.ModelLibrary;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Against diffusers with the nuclei model: models/train/sumi_train/unet_golden.py made the numbers. */
class SamplerParityTest {

    @Test
    @DisplayName("Pain 30: the result is not that of Python")
    void imagesAreThoseOfDiffusersWithTheSameNoise() throws IOException {
        JsonObject golden;
        try (InputStreamReader in = new InputStreamReader(SamplerParityTest.class.getResourceAsStream("/golden/unet_samplers.json"),
                StandardCharsets.UTF_8)) {
            golden = JsonParser.parseReader(in).getAsJsonObject();
        }
        assertEquals(10, golden.getAsJsonArray("samplers").size());
        for (JsonElement element : golden.getAsJsonArray("samplers")) {
            JsonObject chain = element.getAsJsonObject();
            String sampler = chain.get("sampler").getAsString();
            GenerateOptions options = new GenerateOptions(1, 32, 32, chain.get("steps").getAsInt(), golden.get("seed").getAsLong(), 0, null, null)
                    .withSampling(Sampling.of(sampler, chain.get("eta").getAsDouble()));
            FloatBuffer end = ByteBuffer.wrap(Base64.getDecoder().decode(chain.get("end").getAsString())).order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            try (Generator generator = new Generator(ModelLibrary.standard(null).find("nuclei"), options)) {
                Img<FloatType> image = generator.generate(Progress.NONE).get(0);
                double largest = 0;
                double difference = 0;
                int k = 0;
                for (FloatType value : image) {
                    double expected = end.get(k++);
                    largest = Math.max(largest, Math.abs(expected));
                    difference = Math.max(difference, Math.abs(value.get() / 127.5 - 1 - expected));
                }
                assertTrue(difference <= 1e-3 * largest, sampler + ": " + difference + " of " + largest);
            }
        }
    }
}
