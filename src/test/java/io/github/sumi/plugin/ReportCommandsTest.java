// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;

/** The commands that tell something, and the film. */
class ReportCommandsTest {

    private final PrintStream out = System.out;
    private final String userHome = System.getProperty("user.home");
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Context context;
    @TempDir
    Path home;

    @BeforeEach
    void start() {
        context = new Context();
        System.setProperty("user.home", home.toString());
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() {
        System.setOut(out);
        System.setProperty("user.home", userHome);
        context.dispose();
    }

    private CommandModule run(Class<? extends Command> command, Object... inputs) throws Exception {
        bytes.reset();
        return context.service(CommandService.class).run(command, true, inputs).get();
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void modelsAreListedDescribedAndVerified() throws Exception {
        run(DdpmModels.class);
        assertTrue(said().startsWith("nuclei@2  Fluorescent nuclei"), said());
        run(DdpmModels.class, "action", "describe", "model", "nuclei");
        assertTrue(said().contains("licence        CC0-1.0"), said());
        run(DdpmModels.class, "action", "verify", "model", "nuclei");
        assertTrue(said().contains("nuclei gives the expected result"), said());
    }

    @Test
    void modelsAreAddedAndRemoved() throws Exception {
        Path mine = home.resolve("mine");
        copy(Path.of("models/nuclei"), mine);
        assertFalse(run(DdpmModels.class, "action", "add", "path", mine.toString()).isCanceled());
        run(DdpmModels.class);
        assertTrue(said().contains("mine@2"), said());
        run(DdpmModels.class, "action", "remove", "model", "mine");
        assertTrue(said().contains("Removed mine"), said());
        assertTrue(run(DdpmModels.class, "action", "remove", "model", "mine").getCancelReason().contains("There is no model \"mine\""));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    @Test
    void wrongActionsAreSentences() throws Exception {
        assertEquals("action is \"delete\"; it must be list, describe, verify, add or remove.",
                run(DdpmModels.class, "action", "delete").getCancelReason());
        assertTrue(run(DdpmModels.class, "action", "add").getCancelReason().contains("as path"));
        assertTrue(run(DdpmModels.class, "action", "describe", "model", "none").getCancelReason().contains("There is no model \"none\""));
    }

    @Test
    @DisplayName("Pain 1: it runs on the CPU and says that it does not")
    void theDeviceIsTimed() throws Exception {
        run(DdpmDevice.class);
        assertTrue(said().contains("in use        cpu, by device=auto"), said());
        assertTrue(said().matches("(?s).*one UNet call of nuclei, 128 x 128 pixels: [0-9.]+ ms.*"), said());
        assertTrue(said().contains("cuda"), said());
    }

    @Test
    void aboutSaysVersionLicenceAndCitation() throws Exception {
        run(DdpmAbout.class);
        assertTrue(said().contains("Sumi ") && said().contains("BSD-2-Clause") && said().contains("arXiv 2006.11239")
                && said().contains("Caicedo et al."), said());
    }

    @Test
    void withoutAnImageTheFilmIsOfASample() throws Exception {
        ImagePlus film = (ImagePlus) run(DdpmForwardDiffusion.class, "timesteps", "0,500").getOutput("film");
        assertEquals("nuclei-film", film.getTitle());
        assertEquals(2, film.getNFrames());
        assertEquals(64, film.getWidth());
        assertNull(run(DdpmForwardDiffusion.class, "timesteps", "0,5000").getOutput("film"));
    }
}
