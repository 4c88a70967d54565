// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.schedule.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes of a network, from the folder to the call. */
class ClassLabelsTest {

    @TempDir
    Path temporary;

    private Path folder(String name, String classes, String labels) throws IOException {
        Path folder = TinyModel.folder(temporary, name);
        Files.writeString(folder.resolve("unet/config.json"),
                "{\"in_channels\": 1, \"out_channels\": 1, \"block_out_channels\": [8]" + (classes == null ? "" : ", \"num_class_embeds\": " + classes) + "}");
        if (labels != null) {
            Files.writeString(folder.resolve("sumi.json"),
                    "{\"formatVersion\": 1, \"sha256\": \"" + Model.load(folder).sha256() + "\", \"labels\": " + labels + "}");
        }
        return folder;
    }

    private ClassLabels labels(String classes, String labels) throws IOException {
        return Model.load(folder("class-labels", classes, labels)).info().labels();
    }

    @Test
    void aClassMoreThanNamesIsThatOfNoLabel() throws IOException {
        ClassLabels labels = labels("3", "[\"dense nuclei\", \"puncta\"]");
        assertEquals(new ClassLabels(List.of("dense nuclei", "puncta"), 2), labels);
        assertEquals(0, labels.index("dense nuclei"));
        assertEquals(1, labels.index("1"));
        for (String wrong : new String[] {"2", "Puncta", "", "-1", "99999999999999"}) {
            String message = assertThrows(IllegalArgumentException.class, () -> labels.index(wrong)).getMessage();
            assertTrue(message.endsWith("it must be all, or one of dense nuclei, puncta."), message);
        }
    }

    @Test
    void asManyNamesAsClassesLeaveNoneForNoLabel() throws IOException {
        assertNull(labels("2", "[\"a\", \"b\"]").unconditional());
    }

    @Test
    void withoutNamesTheClassesAreNumbers() throws IOException {
        ClassLabels labels = labels("1000", null);
        assertEquals(IntStream.range(0, 1000).mapToObj(String::valueOf).toList(), labels.names());
        assertNull(labels.unconditional());
        assertTrue(labels.describe().endsWith("18, 19, ... (1000 in all)"), labels.describe());
    }

    @Test
    void aNameThatIsANumberGoesBeforeAnIndex() throws IOException {
        assertEquals(1, labels("2", "[\"1\", \"0\"]").index("0"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 |", "100001 |", "\"3\" |", "3 | [\"a\"]", "3 | []", "3 | [\"a\", \"a\"]", "3 | [\"a\", 1]", "3 | [\"a\", \"\"]",
        "3 | [\"a\", \"ALL\"]", "3 | [\"a\", \"b]\"]", "3 | {}", "3 | \"a\"", "| [\"a\"]"})
    void whatIsNotAsDescribedIsRefused(String classes, String labels) {
        String message = assertThrows(ModelException.class, () -> labels(classes, labels)).getMessage();
        assertTrue(message.contains("needed is"), message);
    }

    @Test
    void eachSampleHasItsClass() throws IOException {
        Tensor sample = Tensor.allocate(3, 1, 2, 2);
        try (OnnxNoisePredictor unet = Model.load(folder("class-labels", "3", "[\"a\", \"b\"]")).open()) {
            assertArrayEquals(new float[] {0.1f, 0, 0.2f}, predicted(unet, sample, 1, 0, 2), 1e-6f);
            assertArrayEquals(new float[] {0.2f, 0.2f, 0.2f}, predicted(unet, sample), 1e-6f, "that of no label");
            assertThrows(IllegalArgumentException.class, () -> predicted(unet, sample, 1, 2));
        }
    }

    private static float[] predicted(NoisePredictor unet, Tensor sample, int... classes) {
        Tensor output = Tensor.allocate(3, 1, 2, 2);
        unet.predict(sample, 0, classes, output);
        return new float[] {output.buffer().get(0), output.buffer().get(4), output.buffer().get(8)};
    }

    @Test
    void withoutAClassForNoLabelOnlyGeneratingWorks() throws IOException {
        Model model = Model.load(folder("class-labels", "2", "[\"a\", \"b\"]"));
        model.tryOut();
        try (OnnxNoisePredictor unet = model.open()) {
            String message = assertThrows(ModelException.class, () -> predicted(unet, Tensor.allocate(3, 1, 2, 2))).getMessage();
            assertTrue(message.contains("trained without a class for no label"), message);
        }
    }

    @Test
    void aNetworkWithoutClassesTakesNone() throws IOException {
        try (OnnxNoisePredictor unet = Model.load(folder("timestep-float-n", null, null)).open()) {
            assertThrows(IllegalArgumentException.class, () -> predicted(unet, Tensor.allocate(3, 1, 2, 2), 0, 0, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"class-labels-float", "timestep-float-n"})
    void aNetworkThatTakesNoSuchInputIsRefused(String name) throws IOException {
        Path folder = folder(name, "3", null);
        String message = assertThrows(ModelException.class, () -> Model.load(folder).open().close()).getMessage();
        assertTrue(message.contains("input \"class_labels\" is ") && message.contains("needed is int64 [batch]"), message);
    }

    @Test
    void theReportNamesThem() throws IOException {
        assertTrue(ModelReport.describe(Model.load(folder("class-labels", "3", "[\"a\", \"b\"]"))).contains("labels         a, b; with guidance"));
    }
}
