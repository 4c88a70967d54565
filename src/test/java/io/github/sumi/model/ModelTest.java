// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {

    @TempDir
    Path temporary;
    private Path folder;

    @BeforeEach
    void copy() throws IOException {
        folder = temporary.resolve("mine");
        for (String name : List.of("scheduler/scheduler_config.json", "unet/config.json", "unet/model.onnx", "sumi.json")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.copy(Path.of("models/nuclei").resolve(name), folder.resolve(name));
        }
    }

    private String fault(Runnable action) {
        return assertThrows(ModelException.class, action::run).getMessage();
    }

    private void replace(String file, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertTrue(text.contains(from), file);
        Files.writeString(folder.resolve(file), text.replace(from, to));
    }

    @Test
    @DisplayName("Pain 8: an update breaks a published model unseen")
    void verifyRunsTheModelsOwnTest() throws IOException {
        assertTrue(Model.load(folder).verify() <= 1e-4);
        replace("sumi.json", "\"timestep\": 100.0", "\"timestep\": 600.0");
        assertTrue(fault(() -> Model.load(folder).verify()).contains("another result"));
    }

    @Test
    void aZipOrAFolderWithoutSumiJsonWorksToo() throws IOException {
        Path zip = temporary.resolve("zipped.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String name : List.of("scheduler/scheduler_config.json", "unet/config.json", "unet/model.onnx")) {
                out.putNextEntry(new ZipEntry("anything/" + name));
                Files.copy(folder.resolve(name), out);
            }
        }
        Model model = Model.load(zip);
        model.open().close();
        assertEquals("zipped", model.id());
        assertEquals(8, model.info().sizeMultiple());
        assertTrue(fault(model::verify).contains("no test input"));
    }

    @Test
    void everyFaultIsASentenceThatNamesTheFile() throws IOException {
        assertTrue(fault(() -> Model.load(temporary.resolve("none"))).contains("none"));
        byte[] onnx = Files.readAllBytes(folder.resolve("unet/model.onnx"));
        Files.write(folder.resolve("unet/model.onnx"), java.util.Arrays.copyOf(onnx, 1000));
        assertTrue(fault(() -> Model.load(folder).open()).contains("SHA-256"));
        Files.delete(folder.resolve("sumi.json"));
        String truncated = fault(() -> Model.load(folder).open());
        assertTrue(truncated.contains("unet/model.onnx") && truncated.contains("again"), truncated);
        Files.writeString(folder.resolve("unet/model.onnx"), "this is not ONNX");
        assertTrue(fault(() -> Model.load(folder).open()).contains("ONNX"));
        Files.write(folder.resolve("unet/model.onnx"), onnx);
        replace("unet/config.json", "\"in_channels\": 1", "\"in_channels\": 3");
        replace("unet/config.json", "\"out_channels\": 1", "\"out_channels\": 3");
        assertTrue(fault(() -> Model.load(folder).open()).contains("3 channels"));
        Files.delete(folder.resolve("unet/model.onnx"));
        assertTrue(fault(() -> Model.load(folder).open()).contains("has no unet/model.onnx"));
    }

    @Test
    void infinityIsReadAsPythonWritesIt() throws IOException {
        replace("scheduler/scheduler_config.json", "DDPMScheduler\"", "DPMSolverMultistepScheduler\",\n  \"lambda_min_clipped\": -Infinity");
        assertTrue(Model.load(folder).scheduler().toString().contains("dpmsolver++, order 2"));
    }

    @Test
    void unknownConfigurationsAreNamed() throws IOException {
        replace("scheduler/scheduler_config.json", "DDPMScheduler", "HeunishScheduler");
        String message = fault(() -> Model.load(folder));
        assertTrue(message.contains("HeunishScheduler") && message.contains("scheduler_config.json"), message);
        replace("scheduler/scheduler_config.json", "HeunishScheduler", "DDPMScheduler");
        replace("scheduler/scheduler_config.json", "fixed_small", "fixed_tiny");
        assertTrue(fault(() -> Model.load(folder)).contains("fixed_tiny"));
        replace("scheduler/scheduler_config.json", "fixed_tiny", "fixed_small");
        replace("sumi.json", "\"formatVersion\": 1", "\"formatVersion\": 2");
        assertTrue(fault(() -> Model.load(folder)).contains("formatVersion"));
    }

    @Test
    void theLibraryAddsFindsAndRemoves() {
        Path home = temporary.resolve("home");
        ModelLibrary library = new ModelLibrary(List.of(home), home);
        assertTrue(fault(() -> library.find("mine")).contains("no model \"mine\""));
        library.add(folder);
        assertEquals(List.of("nuclei", "fluorescence", "nuclei-int8", "kinds", "mine"), library.ids());
        assertEquals(2, library.find("mine@2").info().version());
        assertTrue(fault(() -> library.find("mine@1")).contains("version 2"));
        assertTrue(fault(() -> library.add(folder)).contains("already"));
        library.remove("mine");
        assertEquals(List.of("nuclei", "fluorescence", "nuclei-int8", "kinds"), library.ids());
        assertTrue(fault(() -> library.remove("../mine")).contains("no model"));
    }
}
