// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.TiledNoisePredictor;
import io.github.sumi.schedule.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network that can't be used is refused in words: which file, what is wrong, what to do. */
class OnnxFaultsTest {

    @TempDir
    Path temporary;

    private static String fault(Path folder) {
        return assertThrows(ModelException.class, () -> Model.load(folder).open().close()).getMessage();
    }

    private static void assertSentence(Path folder, String fault, String remedy, String message) {
        assertTrue(message.startsWith(folder.resolve("unet/model.onnx").toString()), message);
        assertTrue(message.contains(fault) && message.contains(remedy), message);
        assertFalse(message.contains("onnxruntime_src") || message.contains("\n"), message);
        assertTrue(message.endsWith(".") && message.length() < 600, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "sample-rank          | FLOAT with the shape [-1, -1, -1]  | Export it again",
        "sample-channels      | [-1, 3, -1, -1]; unet/config.json says 1 channels | needed is float [batch, 1, height, width]",
        "sample-double        | \"sample\" is DOUBLE               | needed is float",
        "sample-fixed-size    | fixed shape [-1, 1, 16, 16]        | height and width must be free",
        "sample-fixed-batch   | fixed shape [1, 1, -1, -1]         | batch, height and width must be free",
        "timestep-float16     | \"timestep\" is FLOAT16            | needed is float, double, int64 or int32",
        "timestep-table       | the shape [-1, 1]                  | one number or one for each sample",
        "timestep-three       | the shape [3]                      | one number or one for each sample",
        "timestep-missing     | no input \"timestep\" but [sample] | Export it again",
        "class-labels         | [sample, timestep, class_labels]   | no classes (num_class_embeds). Export it again",
        "outputs-nameless     | the outputs [hidden, first]        | Name it out_sample",
        "opset-new            | Opset 99                           | Export it with opset 17",
        "ir-new               | IR version: 99                     | Save it with IR version 10 or older",
        "unknown-operation    | com.example:Ink                    | with the operations of ONNX opset 17",
        "external-outside     | \"weight\" in another file         | Save it as one file",
        "external-memory      | \"weight\" in another file         | Save it as one file",
        "external-in-branch   | \"far\" in another file            | Save it as one file"})
    @DisplayName("Pain 5: a network that can't be loaded ends in an exception of the runtime")
    void everyFaultNamesFileAndRemedy(String name, String fault, String remedy) {
        Path folder = TinyModel.folder(temporary, name);
        assertSentence(folder, fault, remedy, fault(folder));
    }

    @Test
    void whatIsNoWholeOnnxFileIsSaidToBeNone() throws IOException {
        Path folder = TinyModel.folder(temporary, "timestep-float-n");
        Path file = folder.resolve("unet/model.onnx");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {1, 20, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertSentence(folder, "is not a whole ONNX file", "Copy or export it again", fault(folder));
        }
        Files.writeString(file, "this is not ONNX");
        assertSentence(folder, "is not a whole ONNX file", "again", fault(folder));
        Files.write(file, new byte[0]);
        assertSentence(folder, "can't be used", "xport it again", fault(folder));
    }

    @Test
    void aNetworkThatFailsInARunIsExplained() {
        Path folder = TinyModel.folder(temporary, "timestep-float-n");
        Tensor sample = Tensor.allocate(1, 1, 4, 4);
        try (OnnxNoisePredictor unet = Model.load(folder).open()) {
            String message = assertThrows(ModelException.class, () -> unet.predict(sample, 1, Tensor.allocate(1, 1, 2, 2))).getMessage();
            assertSentence(folder, "failed while it ran", "sizeMultiple", message);
        }
    }

    @Test
    void verifyNamesWeightsThatAreNotFinite() throws IOException {
        Path folder = TinyModel.folder(temporary, "not-finite");
        String sha256 = Model.load(folder).sha256();
        String zero = Base64.getEncoder().encodeToString(new byte[4]);
        Files.writeString(folder.resolve("sumi.json"), "{\"formatVersion\": 1, \"sha256\": \"" + sha256
                + "\", \"test\": {\"shape\": [1, 1, 1, 1], \"input\": \"" + zero + "\", \"output\": \"" + zero + "\"}}");
        String message = assertThrows(ModelException.class, () -> Model.load(folder).verify()).getMessage();
        assertSentence(folder, "predicts NaN", "weights are damaged", message);
    }

    @Test
    void whereFloat16MayHaveOverflownTheModelInFloat32IsNamed() throws IOException {
        Path folder = TinyModel.folder(temporary, "not-finite");
        Files.writeString(folder.resolve("sumi.json"), "{\"formatVersion\": 1, \"name\": \"ink-fp16\", \"precision\": \"float16\", \"sha256\": \""
                + Model.load(folder).sha256() + "\", \"test\": {\"shape\": [1, 1, 1, 1], \"input\": \"AACAPw==\", \"output\": \"AACAPw==\"}}");
        String message = assertThrows(ModelException.class, () -> Model.load(folder).verify()).getMessage();
        assertSentence(folder, "predicts NaN", "take the model ink, the same network in float32", message);
        Tensor sample = Tensor.allocate(1, 1, 4, 4);
        try (OnnxNoisePredictor unet = Model.load(folder).open()) {
            TiledNoisePredictor tiled = new TiledNoisePredictor(unet, 4, 0, Progress.NONE);
            String run = assertThrows(ModelException.class, () -> tiled.predict(sample, 1, Tensor.allocate(1, 1, 4, 4))).getMessage();
            assertTrue(run.contains("at timestep 1.0 in the tile at x = 0, y = 0") && run.endsWith("take the model ink, the same network in float32."), run);
        }
    }

    /** What native code prints to stderr opens Fiji's console; only a process of its own shows it. */
    @Test
    void nothingIsPrintedByNativeCode() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), OpenAll.class.getName(), temporary.toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertEquals("", said);
    }

    /** Opens every tiny model and runs those that open, at a size that fits and one that may not. */
    static final class OpenAll {

        private OpenAll() {
        }

        public static void main(String[] arguments) throws IOException {
            for (String name : TinyModel.names()) {
                Path folder = TinyModel.folder(Path.of(arguments[0]), name);
                try (OnnxNoisePredictor unet = Model.load(folder).open()) {
                    Tensor sample = Tensor.allocate(2, 1, 16, 16);
                    unet.predict(sample, 10, sample);
                    unet.predict(sample, 10, Tensor.allocate(1, 1, 8, 8));
                } catch (ModelException e) {
                    // in words, which the other tests read
                }
            }
        }
    }

    @Test
    void tooLittleMemoryIsToldFromOtherFaults() {
        for (String text : new String[] {"Non-zero status code returned while running Conv node: std::bad_alloc",
            "Failed to allocate memory for requested buffer of size 17179869184", "Available memory of 100 is smaller than requested bytes of 200"}) {
            assertInstanceOf(MemoryException.class, OnnxRuntime.runFailure("model.onnx", new OrtException(OrtException.OrtErrorCode.ORT_FAIL, text)));
        }
        RuntimeException other = OnnxRuntime.runFailure("model.onnx", new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "Got invalid dimensions"));
        assertInstanceOf(ModelException.class, other);
        assertFalse(other instanceof MemoryException);
    }
}
