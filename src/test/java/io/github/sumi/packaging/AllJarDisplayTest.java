// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain ImageJ with the all-jar in its plugins folder, used by mouse, keyboard and macros; pictures of it are in target. */
@Tag("display")
class AllJarDisplayTest {

    @TempDir
    private static Path folder;
    private static String said;

    @BeforeAll
    static void useImageJ() throws Exception {
        Path jar = only(Path.of("target"), "Sumi_-.*-all\\.jar");
        Files.createDirectories(folder.resolve("plugins"));
        Files.copy(jar, folder.resolve("plugins").resolve(jar.getFileName()));
        // the driver alone: no other class that ImageJ does not have
        Path classes = Path.of("io/github/sumi/packaging");
        Files.createDirectories(folder.resolve("driver").resolve(classes));
        try (Stream<Path> files = Files.list(Path.of("target/test-classes").resolve(classes))) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("PlainImageJ")).toList()) {
                Files.copy(file, folder.resolve("driver").resolve(classes).resolve(file.getFileName()));
            }
        }
        String imagej = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> new File(each).getName().matches("ij-1\\..*\\.jar")).findFirst().orElseThrow();
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dplugins.dir=" + folder,
                "-cp", imagej + File.pathSeparator + folder.resolve("driver"), PlainImageJ.class.getName(),
                Path.of("models/nuclei/example.tif").toAbsolutePath().toString(), "target").redirectErrorStream(true).start();
        said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static Path only(Path where, String pattern) throws Exception {
        try (Stream<Path> files = Files.list(where)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern)).findFirst().orElseThrow();
        }
    }

    private static void assertSaid(String text) {
        assertTrue(said.contains(text), said);
    }

    @Test
    void theMenuHasAllCommands() {
        for (String command : List.of("About", "Denoise", "Device", "Estimate Noise", "Forward Diffusion", "Generate", "Invert", "Models",
                "Schedule Plot", "Training Loss", "Translate")) {
            assertTrue(said.lines().anyMatch(line -> line.startsWith("commands ") && line.contains("DDPM " + command + "...")), said);
        }
    }

    @Test
    void theMenuAndTheDialogDenoise() {
        assertSaid("result 8 360 pixel");
    }

    @Test
    void theDialogIsRecorded() {
        assertSaid("recorded run(\"DDPM Denoise...\", \"model=fluorescence noise=auto ");
        assertTrue(said.lines().noneMatch(line -> line.startsWith("recorded ") && line.contains("preview")), said);
    }

    @Test
    void aMacroGivesMeanSpreadAndResidual() {
        assertSaid("macro [example.tif, example-denoised, example-residual, example-sd, example-denoised-1]");
    }

    @Test
    void escapeEndsTheWorkAndLeavesNothing() {
        assertSaid("[large]");
    }

    @Test
    void wrongValuesStopTheMacroWithASentence() {
        assertSaid("wrong true");
        for (String sentence : List.of("Open an image first.", "steps is \"many\"; it must be a number.",
                "mode is \"best\"; it must be mean, sample or uncertainty.", "offset is \"abc\"; it must be a number.", "There is no model \"none\".")) {
            assertSaid(sentence);
        }
        assertTrue(!said.contains("Exception"), said);
    }
}
