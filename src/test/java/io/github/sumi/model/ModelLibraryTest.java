// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What 'sumi models add' takes, and what it says to the rest. */
class ModelLibraryTest {

    private static final String SOUND = "timestep-float-n";

    @TempDir
    Path temporary;
    private Path home;
    private ModelLibrary library;

    @BeforeEach
    void emptyHome() {
        home = temporary.resolve("home");
        library = new ModelLibrary(List.of(home), home);
    }

    private String refused(Path source) throws IOException {
        String message = assertThrows(ModelException.class, () -> library.add(source)).getMessage();
        if (Files.exists(home)) {
            try (Stream<Path> left = Files.list(home)) {
                assertEquals(List.of(), left.toList(), message);
            }
        }
        return message;
    }

    /** A .zip of the model, its files below the prefix, and one entry more. */
    private Path zip(String name, String prefix, String extraEntry) throws IOException {
        Path folder = TinyModel.folder(Files.createTempDirectory(temporary, "zipped"), SOUND);
        Path zip = temporary.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip)); Stream<Path> files = Files.walk(folder)) {
            out.putNextEntry(new ZipEntry(extraEntry));
            out.write("evil".getBytes());
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(prefix + folder.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
        return zip;
    }

    @Test
    void aFolderAndAFolderOfDiffusersWithOnnxWeightsAreAdded() throws IOException {
        Path folder = TinyModel.folder(temporary, SOUND);
        Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\": \"DDPMPipeline\"}");
        Files.writeString(folder.resolve("unet/diffusion_pytorch_model.safetensors"), "left where it is");
        assertEquals(home.resolve(SOUND), library.add(folder));
        assertTrue(Files.exists(home.resolve(SOUND).resolve("model_index.json")));
        assertFalse(Files.exists(home.resolve(SOUND).resolve("unet/diffusion_pytorch_model.safetensors")));
        library.find(SOUND).open().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "anything/", "../"})
    void aZipIsAddedAndNothingOfItLeavesItsFolder(String prefix) throws IOException {
        for (String extra : new String[] {"../../evil.txt", "/evil.txt", "unet/../../evil.txt", "evil.txt"}) {
            Path zip = zip("my-model.zip", prefix, extra);
            assertEquals(home.resolve("my-model"), library.add(zip));
            library.find("my-model").open().close();
            try (Stream<Path> files = Files.walk(temporary)) {
                assertTrue(files.noneMatch(file -> file.endsWith("evil.txt")), extra);
            }
            library.remove("my-model");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unet/diffusion_pytorch_model.safetensors", "unet/diffusion_pytorch_model.fp16.bin",
        "diffusion_pytorch_model.bin"})
    void weightsOfPyTorchNeedOneCommand(String weights) throws IOException {
        Path folder = TinyModel.folder(temporary, SOUND);
        Files.delete(folder.resolve("unet/model.onnx"));
        Files.writeString(folder.resolve(weights), "weights");
        if (!weights.startsWith("unet/")) {
            Files.delete(folder.resolve("unet/config.json"));
        }
        String message = refused(folder);
        assertTrue(message.contains("'sumi-train export " + folder + " OUT'"), message);
        Files.delete(folder.resolve(weights));
        assertTrue(refused(folder).contains("a model folder needs unet/model.onnx"));
    }

    @Test
    void aZipOfPyTorchsWeightsIsExplainedToo() throws IOException {
        Path zip = temporary.resolve("torch.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String name : new String[] {"torch/unet/config.json", "torch/unet/model.safetensors"}) {
                out.putNextEntry(new ZipEntry(name));
                out.write("{\"in_channels\": 1}".getBytes());
            }
            out.putNextEntry(new ZipEntry("torch/scheduler/scheduler_config.json"));
            out.write("{}".getBytes());
        }
        String message = refused(zip);
        assertTrue(message.contains("sumi-train export"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mine", "my model", "my_model", "modèle", "nuclei"})
    void aNameThatCantBeOneIsRefused(String name) throws IOException {
        Path folder = Files.move(TinyModel.folder(temporary, SOUND), temporary.resolve(name));
        String message = refused(folder);
        assertTrue(message.contains("\"" + name + "\"") && message.contains("ename " + folder), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-finite", "sample-channels", "external-outside"})
    void aNetworkThatCantRunIsNotAdded(String name) throws IOException {
        assertTrue(refused(TinyModel.folder(temporary, name)).contains("model.onnx"));
    }

    @Test
    void aNetworkThatFailsItsOwnTestIsNotAdded() throws IOException {
        Path folder = TinyModel.folder(temporary, SOUND);
        Files.writeString(folder.resolve("sumi.json"), "{\"formatVersion\": 1, \"sha256\": \"" + Model.load(folder).sha256()
                + "\", \"test\": {\"shape\": [1, 1, 1, 1], \"timestep\": 100, \"input\": \"AAAAAA==\", \"output\": \"AAAAAA==\"}}");
        assertTrue(refused(folder).contains("off by 0.1"));
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        assertTrue(refused(temporary.resolve("none")).contains("There is no model at"));
        assertTrue(refused(Path.of("/")).contains("unet/config.json"));
        Path text = Files.writeString(temporary.resolve("notes.zip"), "no zip");
        assertTrue(refused(text).contains("neither a model folder nor a readable .zip"));
    }
}
