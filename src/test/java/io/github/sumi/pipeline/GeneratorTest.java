// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.ModelLibrary;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {

    private static List<Img<FloatType>> generate(GenerateOptions options) {
        try (Generator generator = new Generator(ModelLibrary.standard(null).find("nuclei"), options)) {
            return generator.generate(Progress.NONE);
        }
    }

    @Test
    @DisplayName("Pain 35: the nth image of a seed can't be made again")
    void anImageIsTheSameWhateverTheCount() {
        List<Img<FloatType>> two = generate(new GenerateOptions(2, 24, 17, 5, 3, 0, null, null));
        List<Img<FloatType>> one = generate(new GenerateOptions(1, 24, 17, 5, 3, 0, null, null));
        assertEquals(2, two.size());
        assertEquals(24, one.get(0).dimension(0));
        assertEquals(17, one.get(0).dimension(1));
        var first = two.get(0).cursor();
        for (FloatType value : one.get(0)) {
            float pixel = first.next().get();
            assertEquals(value.get(), pixel, 0.05);
            assertTrue(pixel >= -0.01 && pixel <= 255.01, "clipped in each step, so the image is in range: " + pixel);
        }
    }

    /** Euler's x is as large as its noise; the film shows what the network sees. */
    @ParameterizedTest
    @ValueSource(strings = {"model", "ddim", "dpmpp", "unipc", "euler", "heun", "pndm"})
    void aFilmGoesFromNoiseToTheImage(String sampler) {
        List<Img<FloatType>> film = generate(new GenerateOptions(1, 16, 16, 10, 1, 4, null, null).withSampling(Sampling.of(sampler, 0)));
        assertEquals(4, film.size());
        double start = 0;
        for (FloatType value : film.get(0)) {
            start += Math.pow(value.get() / 127.5 - 1, 2) / 256;
        }
        assertEquals(1, start, 0.3);
        for (FloatType value : film.get(3)) {
            assertTrue(value.get() > -100 && value.get() < 355, sampler + " ends with an image: " + value.get());
        }
    }

    @Test
    void impossibleOptionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new GenerateOptions(0, 64, 64, 10, 1, 0, null, null));
        assertThrows(IllegalArgumentException.class, () -> new GenerateOptions(1, 64, 64, 10, -1, 0, null, null));
        assertThrows(IllegalArgumentException.class, () -> new GenerateOptions(1, 64, 64, 10, 1, 12, null, null));
    }
}
