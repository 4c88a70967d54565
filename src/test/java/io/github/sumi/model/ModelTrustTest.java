// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model is data from strangers: it can't fill the memory, hang, steer a terminal or pass by its checksum. */
class ModelTrustTest {

    private static final int MIB = 1 << 20;

    @TempDir
    Path temporary;
    private Path folder;
    private String sha256;

    @BeforeEach
    void aSoundModel() throws IOException {
        folder = TinyModel.folder(temporary, "timestep-float-n");
        sha256 = Model.load(folder).sha256();
        describe("");
        Model.load(folder).open().close();
    }

    /** Writes a sumi.json with these fields more. */
    private void describe(String more) throws IOException {
        Files.writeString(folder.resolve("sumi.json"), "{\"formatVersion\": 1, \"sha256\": \"" + sha256 + "\"" + more + "}");
    }

    private static void assertRefused(Path path, String part) {
        String message = assertThrows(ModelException.class, () -> Model.load(path).tryOut()).getMessage();
        assertTrue(message.contains(part) && message.length() < 1100 && !message.contains("\u001b"), message);
    }

    @Test
    void aZipThatGrowsBeyondMeasureIsRefused() throws IOException {
        for (String large : new String[] {"sumi.json", "unet/model.onnx"}) {
            Path zip = temporary.resolve("bomb.zip");
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
                for (String name : new String[] {"unet/config.json", "scheduler/scheduler_config.json", large}) {
                    out.putNextEntry(new ZipEntry(name));
                    if (name.equals(large)) {
                        byte[] zeros = new byte[MIB];
                        for (int i = 0; i <= 16; i++) {
                            out.write(zeros);
                        }
                    } else {
                        Files.copy(folder.resolve(name), out);
                    }
                }
            }
            assertTrue(Files.size(zip) < MIB);
            assertRefused(zip, "bomb.zip/" + large + " is larger than 16777216 bytes");
            lieAboutSizes(zip);
            assertRefused(zip, "bomb.zip");
        }
    }

    /** Writes in the directory of the .zip that every file unpacks to ten bytes. */
    private static void lieAboutSizes(Path zip) throws IOException {
        byte[] bytes = Files.readAllBytes(zip);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at = text.indexOf("PK\1\2"); at >= 0; at = text.indexOf("PK\1\2", at + 1)) {
            System.arraycopy(new byte[] {10, 0, 0, 0}, 0, bytes, at + 24, 4);
        }
        Files.write(zip, bytes);
    }

    @Test
    void aTextOfManyMegabytesIsRefused() throws IOException {
        Files.write(folder.resolve("sumi.json"), new byte[16 * MIB + 1]);
        assertRefused(folder, "sumi.json is larger than 16777216 bytes");
    }

    @Test
    void anotherNetworkThanTheDescribedOneIsRefused() throws IOException {
        describe(", \"version\": 1");
        Path file = folder.resolve("unet/model.onnx");
        byte[] onnx = Files.readAllBytes(file);
        onnx[onnx.length / 2] ^= 1;
        Files.write(file, onnx);
        assertRefused(folder, "is not the file that sumi.json was written for");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "none", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg"})
    void aChecksumThatIsNoneIsRefused(String text) throws IOException {
        sha256 = text;
        describe("");
        assertRefused(folder, "sumi.json: \"sha256\" is \"" + (text.length() > 60 ? "" : text + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "tile", "overlap", "sizeMultiple", "receptiveField", "normalization", "name", "description",
        "license", "citation", "trainingData", "trainedFor", "test", "uncertainty"})
    void aValueOfTheWrongTypeIsRefusedByItsName(String key) throws IOException {
        for (String value : new String[] {"[]", "[[[{}]]]", "true", "-1.5", "1e999999999"}) {
            describe(", \"" + key + "\": " + value);
            assertRefused(folder, "sumi.json: \"" + key + "\" is ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, 1, 1024, 1024]", "[1024, 1024, 1024, 1024]", "[1, 2, 4, 4]", "[1, 1, 0, 4]", "[1, 1, 1e99999, 4]", "[1]",
        "[1, 1, \"4\", 4]", "[[1], 1, 4, 4]", "{}"})
    void theTestsShapeAllocatesNothingByItself(String shape) throws IOException {
        describe(", \"test\": {\"shape\": " + shape + ", \"input\": \"AAAAAA==\", \"output\": \"AAAAAA==\"}");
        assertRefused(folder, "\"shape\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sumi.json", "unet/config.json", "scheduler/scheduler_config.json"})
    void jsonThatIsNoneOrNestedWithoutEndIsRefused(String name) throws IOException {
        for (String text : new String[] {"", "null", "[]", "1", "{", "{\"a\": ", "[".repeat(1_000_000), "{\"a\":".repeat(1_000_000), "\0",
            "{\"\\um_tr\": 1}", "{} {}", "{\"a\": [" + "1,".repeat(1_000_000) + "1]}"}) {
            Files.writeString(folder.resolve(name), text);
            assertRefused(folder, name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"trained_betas\": [[[0.1]]]", "\"trained_betas\": {}", "\"trained_betas\": [\"0.1\"]", "\"beta_start\": [[]]",
        "\"num_train_timesteps\": \"5\"", "\"clip_sample\": 1", "\"prediction_type\": {}", "\"beta_end\": 1e999999999"})
    void aValueOfTheSchedulerOfTheWrongTypeIsRefusedByItsName(String field) throws IOException {
        Files.writeString(folder.resolve("scheduler/scheduler_config.json"), "{" + field + "}");
        assertRefused(folder, "scheduler_config.json: " + field.split(":")[0]);
    }

    @Test
    void ofAKeyThatIsThereTwiceTheLastCountsAsInPython() throws IOException {
        describe(", \"version\": 2, \"version\": 3");
        assertEquals(3, Model.load(folder).info().version());
    }

    @Test
    void aModelsWordsSteerNoTerminal() throws IOException {
        describe(", \"description\": \"a\\u001b[2Jb\\u009b1mc\\nd\"");
        assertEquals("a [2Jb 1mc d", Model.load(folder).info().description());
        Files.writeString(folder.resolve("scheduler/scheduler_config.json"), "{\"bad\\u001b[2J" + "y".repeat(5000) + "\": 1}");
        assertRefused(folder, "unknown field \"bad [2Jy");
    }

    @Test
    void linksAreFollowedAsCachesAreMadeOfThem() throws IOException {
        Path moved = Files.move(folder.resolve("unet/model.onnx"), temporary.resolve("blob"));
        Files.createSymbolicLink(folder.resolve("unet/model.onnx"), moved);
        Model.load(folder).open().close();
        Files.delete(moved);
        assertRefused(folder, "has no unet/model.onnx");
    }
}
