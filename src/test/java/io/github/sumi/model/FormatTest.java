// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** models/README.md says what the readers do: the fields they read, their ranges and defaults. */
class FormatTest {

    private static final Path SOURCES = Path.of("src/main/java/io/github/sumi");
    private static final Pattern READ = Pattern.compile("(?:text|longText|integer|number|child|length|has|flag|choice|decode|extent)"
            + "\\((?:test, )?\"([a-zA-Z0-9_]+)\"");

    @TempDir
    Path temporary;

    private Set<String> fieldsRead() throws IOException {
        Set<String> fields = new TreeSet<>();
        for (String file : new String[] {"model/ModelInfo", "model/SelfTest", "schedule/BetaConfig", "schedule/X0Config",
            "schedule/SpacingConfig"}) {
            READ.matcher(Files.readString(SOURCES.resolve(file + ".java"))).results().map(found -> found.group(1)).forEach(fields::add);
        }
        return fields;
    }

    @Test
    void everyFieldThatIsReadIsDescribed() throws IOException {
        Set<String> described = Pattern.compile("`([a-zA-Z0-9_]+)`").matcher(Files.readString(Path.of("models/README.md"))).results()
                .map((MatchResult found) -> found.group(1)).collect(Collectors.toSet());
        Set<String> read = fieldsRead();
        assertTrue(read.size() >= 30, "found " + read);
        read.removeAll(described);
        assertEquals(Set.of(), read, "read, but not described in models/README.md");
    }

    private ModelInfo info(String unet, String sumi) throws IOException {
        Path folder = Files.exists(temporary.resolve("timestep-float-n")) ? temporary.resolve("timestep-float-n")
                : TinyModel.folder(temporary, "timestep-float-n");
        Files.writeString(folder.resolve("unet/config.json"), "{" + unet + "}");
        Files.deleteIfExists(folder.resolve("sumi.json"));
        if (sumi != null) {
            Files.writeString(folder.resolve("sumi.json"), "{\"formatVersion\": 1, \"sha256\": \"" + "0".repeat(64) + "\"" + sumi + "}");
        }
        return Model.load(folder).info();
    }

    @Test
    void defaultsAreThoseDescribed() throws IOException {
        ModelInfo bare = info("", null);
        assertEquals(new ModelInfo("timestep-float-n", 1, "", "not stated", "", "not stated", 3, 3, 0, 64, 32, 1, null, "float32", 1, 99.8,
                "not stated", "", new ModelInfo.Calibration(1, ""), ClassLabels.NONE), bare);
        assertEquals(bare.tile(), info("", "").tile());
        ModelInfo deep = info("\"in_channels\": 1, \"out_channels\": 2, \"block_out_channels\": [8, 8, 8, 8, 8, 8, 8, 8]", "");
        assertEquals(128, deep.sizeMultiple());
        assertEquals(128, deep.tile());
        assertEquals(0, deep.overlap(), "half a tile is more than can be shared");
        assertEquals(1024, info("\"block_out_channels\": [" + "1,".repeat(19) + "1]", null).sizeMultiple());
    }

    @Test
    void theInfinityThatDiffusersWritesIsRead() throws IOException {
        Path folder = TinyModel.folder(temporary, "timestep-float-n");
        Files.writeString(folder.resolve("scheduler/scheduler_config.json"),
                "{\"_class_name\": \"DPMSolverMultistepScheduler\", \"lambda_min_clipped\": -Infinity}");
        assertEquals("DPMSolverMultistepScheduler", Model.load(folder).scheduler().type().className());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"in_channels\": 0 | |", "\"in_channels\": 65 | |", "\"in_channels\": 2, \"out_channels\": 3 | |", "\"in_channels\": 2, \"out_channels\": 5 | |",
        "| , \"version\": 0", "| , \"sizeMultiple\": 0", "| , \"sizeMultiple\": 1025", "| , \"tile\": 0", "| , \"tile\": 8193",
        "| , \"sizeMultiple\": 16, \"tile\": 8", "| , \"overlap\": -1", "| , \"overlap\": 64", "| , \"receptiveField\": 0",
        "| , \"receptiveField\": 8193", "| , \"normalization\": {\"lowPercentile\": -1}", "| , \"normalization\": {\"highPercentile\": 101}",
        "| , \"normalization\": {\"lowPercentile\": 50, \"highPercentile\": 50}", "| , \"formatVersion\": 2", "| , \"formatVersion\": null",
        "| , \"precision\": \"float64\"", "| , \"uncertainty\": {\"factor\": 0.09}", "| , \"uncertainty\": {\"factor\": 10.1}", "| , \"uncertainty\": {\"factor\": -1}"})
    void whatIsOutOfItsRangeIsRefused(String unet, String sumi) {
        String message = assertThrows(ModelException.class, () -> info(unet == null ? "" : unet, sumi == null ? "" : sumi)).getMessage();
        assertTrue(message.contains("needed is"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"in_channels\": 64, \"out_channels\": 128 | |", "| , \"sizeMultiple\": 1024, \"tile\": 8192, \"overlap\": 7168",
        "| , \"tile\": 1, \"overlap\": 0", "| , \"receptiveField\": 8192", "| , \"receptiveField\": null", "| , \"later\": {}",
        "| , \"normalization\": {\"lowPercentile\": 0, \"highPercentile\": 100}", "| , \"version\": 2147483647",
        "| , \"precision\": \"float16\"", "| , \"precision\": \"int8\"", "| , \"precision\": null",
        "| , \"uncertainty\": {\"factor\": 10}", "| , \"uncertainty\": {\"factor\": 0.1, \"calibratedOn\": \"x\"}", "| , \"uncertainty\": null"})
    void whatIsInItsRangeIsRead(String unet, String sumi) throws IOException {
        info(unet == null ? "" : unet, sumi == null ? "" : sumi);
    }
}
