// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandTest {

    private static final String HOME = System.getProperty("user.home");

    @TempDir
    Path folder;
    private final CommandLineRun run = new CommandLineRun();

    @BeforeEach
    void ownHome() {
        System.setProperty("user.home", folder.resolve("home").toString());
    }

    @AfterEach
    void oldHome() {
        System.setProperty("user.home", HOME);
    }

    @Test
    void addListVerifyRemove() throws IOException {
        Path model = TinyModel.folder(folder, "timestep-int64-n");
        assertEquals(0, run.sumi("models", "add", model), run.said());
        assertTrue(Files.exists(folder.resolve("home/.sumi/models/timestep-int64-n/unet/model.onnx")));
        assertEquals(0, run.sumi("models", "list"));
        assertTrue(run.said().contains("timestep-int64-n@1"), run.said());
        assertEquals(1, run.sumi("models", "verify", "timestep-int64-n"));
        assertTrue(run.said().contains("brings no test input"), run.said());
        assertEquals(1, run.sumi("models", "add", model));
        assertTrue(run.said().contains("already"), run.said());
        assertEquals(0, run.sumi("models", "remove", "timestep-int64-n"), run.said());
        assertEquals(1, run.sumi("models", "describe", "timestep-int64-n"));
    }

    @Test
    void whatNeedsExportIsToldTheCommand() throws IOException {
        Path model = TinyModel.folder(folder, "timestep-int64-n");
        Files.move(model.resolve("unet/model.onnx"), model.resolve("unet/diffusion_pytorch_model.safetensors"));
        assertEquals(1, run.sumi("models", "add", model));
        assertTrue(run.said().contains("'sumi-train export " + model + " OUT'"), run.said());
    }
}
