// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.sumi.model.ClassLabels;
import io.github.sumi.model.Model;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.Test;

/** Labels and classifier-free guidance: unet2d_golden.py made the numbers. */
class ClassGuidanceTest {

    private static final Path FOLDER = Path.of("src/test/resources/models/unet2d-labels");
    private static final Model LABELLED = Model.load(FOLDER);

    private static List<Img<FloatType>> generate(GenerateOptions options) {
        try (Generator generator = new Generator(LABELLED, options)) {
            return generator.generate(Progress.NONE);
        }
    }

    private static double difference(Img<FloatType> image, Img<FloatType> other) {
        double largest = 0;
        var pixel = other.cursor();
        for (FloatType value : image) {
            largest = Math.max(largest, Math.abs(value.get() - pixel.next().get()));
        }
        return largest;
    }

    @Test
    void aGuidedChainIsThatOfDiffusers() throws IOException {
        JsonObject chain = JsonParser.parseString(Files.readString(FOLDER.resolve("torch.json"))).getAsJsonObject().getAsJsonObject("chain");
        int size = chain.get("size").getAsInt();
        FloatBuffer end = ByteBuffer.wrap(Base64.getDecoder().decode(chain.get("end").getAsString())).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        List<Img<FloatType>> images = generate(new GenerateOptions(3, size, size, chain.get("steps").getAsInt(), chain.get("seed").getAsLong(), 0, null, null)
                .withChoice(new ClassChoice("all", chain.get("guidance").getAsDouble())));
        double largest = 0;
        double worst = 0;
        int k = 0;
        for (Img<FloatType> image : images) {
            for (FloatType value : image) {
                double expected = end.get(k++);
                largest = Math.max(largest, Math.abs(expected));
                worst = Math.max(worst, Math.abs(value.get() / 127.5 - 1 - expected));
            }
        }
        assertEquals(3 * size * size, k);
        assertTrue(worst <= 1e-3 * largest, worst + " of " + largest);
    }

    @Test
    void allLabelsComeInTurnAndEachCanBeHadAlone() {
        GenerateOptions options = new GenerateOptions(4, 16, 16, 5, 3, 0, null, null);
        List<Img<FloatType>> all = generate(options);
        List<Img<FloatType>> named = generate(options.withChoice(new ClassChoice("dense nuclei", 1)));
        List<Img<FloatType>> numbered = generate(options.withChoice(new ClassChoice("0", 1)));
        assertEquals(0, difference(all.get(1), named.get(1)), 0.05);
        assertEquals(0, difference(all.get(0), numbered.get(0)), 0.05);
        assertEquals(0, difference(all.get(3), numbered.get(3)), 0.05, "after the last label comes the first");
        assertTrue(difference(all.get(1), numbered.get(1)) > 1, "the label matters");
    }

    /** Each tile of each sample is of its sample's class, and no label of a learned variance is guided. */
    @Test
    void tilesKeepTheClassOfTheirSample() {
        List<Integer> batches = new ArrayList<>();
        NoisePredictor unet = new OfClass(batches);
        Tensor sample = Tensor.allocate(2, 1, 20, 12);
        Tensor output = Tensor.allocate(2, 2, 20, 12);
        new GuidedPredictor(new TiledNoisePredictor(unet, 8, 4, Progress.NONE), new int[] {1, 2}, 3, 4).predict(sample, 0, output);
        for (int i = 0; i < output.size(); i++) {
            int label = 1 + i / 480;
            float expected = i / 240 % 2 == 0 ? 3 + 4 * (label - 3) : -label;
            assertEquals(expected, output.buffer().get(i), 1e-5f, "value " + i);
        }
        assertEquals(2 * 2 * 4 * 2, batches.stream().mapToInt(Integer::intValue).sum(), "tiles of both samples, with and without label");
        assertThrows(IllegalArgumentException.class, () -> new GuidedPredictor(unet, new int[] {1}, 3, 4).predict(sample, 0, output));
    }

    /** Predicts the class, and its negative as the variance. */
    private record OfClass(List<Integer> batches) implements NoisePredictor {

        @Override
        public int inChannels() {
            return 1;
        }

        @Override
        public int outChannels() {
            return 2;
        }

        @Override
        public int sizeMultiple() {
            return 1;
        }

        @Override
        public boolean fractionalTimesteps() {
            return true;
        }

        @Override
        public void predict(Tensor sample, double timestep, Tensor output) {
            throw new AssertionError("classes are missing");
        }

        @Override
        public void predict(Tensor sample, double timestep, int[] classes, Tensor output) {
            assertEquals(sample.n(), classes.length);
            batches.add(sample.n());
            int plane = sample.h() * sample.w();
            for (int i = 0; i < output.size(); i++) {
                output.buffer().put(i, (i / plane % 2 == 0 ? 1 : -1) * classes[i / plane / 2]);
            }
        }
    }

    @Test
    void whatAModelCannotDoIsRefusedInWords() {
        GenerateOptions options = GenerateOptions.defaults().withSize(16, 16).withSteps(1);
        assertTrue(refused(LABELLED, options.withChoice(new ClassChoice("cells", 1))).contains("one of filaments, dense nuclei, puncta."));
        Model nuclei = Model.load(Path.of("models/nuclei"));
        assertTrue(refused(nuclei, options.withChoice(new ClassChoice("cells", 1))).startsWith("Model nuclei has no labels"));
        assertTrue(refused(nuclei, options.withChoice(new ClassChoice("all", 2))).startsWith("Model nuclei has no labels"));
    }

    private static String refused(Model model, GenerateOptions options) {
        return assertThrows(IllegalArgumentException.class, () -> new Generator(model, options)).getMessage();
    }

    @Test
    void guidanceHasARange() {
        for (double wrong : new double[] {-0.1, 20.1, Double.NaN}) {
            String message = assertThrows(IllegalArgumentException.class, () -> new ClassChoice("all", wrong)).getMessage();
            assertEquals("guidance is " + wrong + "; it must be from 0 to 20.", message);
        }
        assertThrows(IllegalArgumentException.class, () -> new ClassChoice(" ", 1));
        assertArrayEquals(new int[0], ClassChoice.DEFAULT.classes(ClassLabels.NONE, 0, 5));
    }
}
