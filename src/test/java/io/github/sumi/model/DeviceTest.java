// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the default build, which has no CUDA. */
class DeviceTest {

    private static final Model NUCLEI = Model.load(Path.of("models/nuclei"));

    @TempDir
    Path temporary;

    @Test
    void valuesAreReadAndWritten() {
        assertEquals(Device.AUTO, Device.parse("auto"));
        assertEquals(Device.CPU, Device.parse("cpu"));
        assertEquals(Device.COREML, Device.parse("coreml"));
        assertEquals(Device.cuda(0), Device.parse("cuda"));
        assertEquals(Device.cuda(12), Device.parse("cuda:12"));
        assertEquals(new Device(Device.Kind.CUDA, 1, true, 4), Device.parse("cuda:1+tf32+4gb"));
        for (String text : new String[] {"auto", "cpu", "coreml", "cuda:0", "cuda:3+tf32", "cuda:0+16gb", "cuda:2+tf32+8gb"}) {
            assertEquals(text, Device.parse(text).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:100", "cuda+0gb", "cuda+4gb+tf32", "cuda 1", "cpu+tf32", "auto+4gb", "coreml:1"})
    void otherValuesAreRefused(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> Device.parse(text)).getMessage();
        assertTrue(message.startsWith("device is \"" + text + "\"; it must be auto, cpu, cuda,"), message);
    }

    @Test
    void autoIsTheProcessorWithoutAWord() {
        try (OnnxNoisePredictor unet = NUCLEI.open(Device.AUTO)) {
            assertEquals("cpu", unet.device());
        }
    }

    @Test
    void whatThisBuildLacksIsRefusedWithTheRemedy() {
        String cuda = assertThrows(DeviceException.class, () -> NUCLEI.open(Device.CUDA)).getMessage();
        assertEquals("CUDA can't be used: it is not in this build of Sumi. Install sumi-fiji-cuda.zip (Linux and Windows, docs/gpu.md), or choose device=auto.",
                cuda);
        if (!DeviceSetup.hasCoreMl()) {
            String coreml = assertThrows(DeviceException.class, () -> NUCLEI.open(Device.COREML)).getMessage();
            assertTrue(coreml.startsWith("CoreML can't be used: it is not in this build") && coreml.contains("Apple silicon"), coreml);
        }
    }

    private static OnnxNoisePredictor openOnAny(Model model) throws IOException {
        return OnnxNoisePredictor.openOnAny("model.onnx", Files.readAllBytes(Path.of(model.location(), "unet/model.onnx")), model.info(), null);
    }

    @Test
    @DisplayName("Pain 2: a GPU provider fails and the processor takes over without a word")
    void theProcessorTakesThePlaceOfADeviceThatFailsAndSaysWhy() throws IOException {
        try (OnnxNoisePredictor unet = openOnAny(NUCLEI)) {
            assertEquals("cpu (CUDA: it is not in this build of Sumi)", unet.device());
        }
    }

    @Test
    void aNetworkThatIsAtFaultIsNotTakenForADevice() {
        Model broken = Model.load(TinyModel.folder(temporary, "sample-rank"));
        String message = assertThrows(ModelException.class, () -> openOnAny(broken)).getMessage();
        assertTrue(message.contains("FLOAT with the shape [-1, -1, -1]"), message);
    }

    @Test
    void theReportTimesWhatWorksAndSaysWhatTheOthersLack() {
        List<String> lines = DeviceReport.lines(NUCLEI);
        String report = String.join("\n", lines);
        assertTrue(report.matches("(?s).*\ncpu           one UNet call of nuclei, 128 x 128 pixels: [0-9.]+ ms, [0-9]+ processors; [1-9][0-9]+ operations on CPU\n.*"), report);
        assertTrue(report.contains("\ncuda:0        CUDA can't be used: it is not in this build"), report);
        assertTrue(report.contains("\ndriver        "), report);
        assertEquals("in use        cpu, by device=auto", lines.get(lines.size() - 1));
    }
}
