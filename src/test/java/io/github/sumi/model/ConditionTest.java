// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many channels of a network's input are an image that it is given: from what diffusers writes alone. */
class ConditionTest {

    @TempDir
    Path temporary;

    private ModelInfo info(int in, int out, String scheduler) throws IOException {
        Path folder = TinyModel.folder(temporary, "timestep-float-n");
        Files.writeString(folder.resolve("unet/config.json"), "{\"in_channels\": " + in + ", \"out_channels\": " + out + "}");
        Files.writeString(folder.resolve("scheduler/scheduler_config.json"), scheduler);
        return Model.load(folder).info();
    }

    @ParameterizedTest
    @CsvSource({"1,1,fixed_small,1,0", "3,3,fixed_small,3,0", "2,2,fixed_small,2,0", "1,2,learned_range,1,0", "3,6,learned,3,0", "1,2,fixed_large,1,0",
        "2,1,fixed_small,1,1", "2,2,learned,1,1", "2,2,learned_range,1,1", "4,1,fixed_small_log,1,3", "6,3,fixed_small,3,3", "6,6,learned_range,3,3",
        "4,2,learned_range,1,3", "3,4,learned_range,2,1", "64,1,fixed_small,1,63"})
    void isWhatTheInputHasMoreThanTheImage(int in, int out, String variance, int channels, int condition) throws IOException {
        ModelInfo info = info(in, out, "{\"variance_type\": \"" + variance + "\"}");
        assertEquals(channels, info.channels());
        assertEquals(condition, info.conditionChannels());
        assertEquals(condition > 0, info.isConditioned());
    }

    /** diffusers keeps the field when a model is saved with another class of scheduler. */
    @Test
    void theVarianceCountsWithEveryClassOfScheduler() throws IOException {
        assertTrue(info(2, 2, "{\"_class_name\": \"DDIMScheduler\", \"variance_type\": \"learned_range\"}").isConditioned());
    }

    @Test
    void aVarianceOfAnotherClassThatIsNoTextIsNone() throws IOException {
        assertFalse(info(2, 2, "{\"_class_name\": \"DDIMScheduler\", \"variance_type\": [1]}").isConditioned());
    }

    @ParameterizedTest
    @CsvSource({"1,3,fixed_small", "3,4,fixed_small", "3,5,learned_range", "4,1,learned", "2,6,learned_range", "2,3,learned"})
    void whatCannotBeIsRefused(int in, int out, String variance) {
        String message = assertThrows(ModelException.class, () -> info(in, out, "{\"variance_type\": \"" + variance + "\"}")).getMessage();
        assertTrue(message.contains("\"out_channels\"") && message.contains("needed is " + in + ", or fewer"), message);
    }

    @Test
    void theReportSaysWhatTheModelIsFor() throws IOException {
        Path folder = TinyModel.conditioned(temporary, "");
        List<String> lines = ModelReport.describe(Model.load(folder));
        assertTrue(lines.contains("channels       1"), lines.toString());
        assertTrue(lines.contains("condition      1 channel: makes an image of another, by DDPM Translate... or 'sumi translate'"), lines.toString());
        assertFalse(ModelReport.describe(Model.load(Path.of("models/nuclei"))).toString().contains("condition "));
        List<String> list = ModelReport.list(new ModelLibrary(List.of(temporary), temporary));
        assertTrue(list.stream().anyMatch(line -> line.startsWith("condition@1") && line.contains("; for DDPM Translate... alone  (")), list.toString());
        assertTrue(list.stream().noneMatch(line -> line.startsWith("nuclei@") && line.contains("Translate")), list.toString());
    }

    @Test
    void itsNetworkRunsByItself() {
        Model model = Model.load(TinyModel.conditioned(temporary, ""));
        model.tryOut();
        assertTrue(ProfiledCall.operations(model, Device.CPU, 16).contains("operations on CPU"));
    }

    @Test
    void aNetworkWithFewerInputsThanThatIsRefused() throws IOException {
        Path folder = TinyModel.conditioned(temporary, "");
        Files.copy(Path.of("src/test/resources/models/timestep-float-n.onnx"), folder.resolve("unet/model.onnx"),
                StandardCopyOption.REPLACE_EXISTING);
        String message = assertThrows(ModelException.class, () -> Model.load(folder).open().close()).getMessage();
        assertTrue(message.contains("unet/config.json says 2 channels"), message);
    }
}
