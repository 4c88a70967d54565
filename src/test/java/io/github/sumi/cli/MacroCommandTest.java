// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own, for ImageJ's classes must not be loaded before they are changed. */
@Timeout(300)
class MacroCommandTest {

    @TempDir
    Path folder;
    private String said;

    private int macro(String code, String... argument) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("test.ijm"), code);
        return sumi(file.toString(), argument.length == 0 ? "" : argument[0]);
    }

    private int sumi(String file, String argument) throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path") + File.pathSeparator + pluginsConfig();
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
                "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", classPath, Sumi.class.getName(), "macro", file, argument)
                .redirectErrorStream(true).start();
        process.getOutputStream().close();
        said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor();
    }

    /** A jar with what the all-jar has at its top; SciJava would look for commands in a folder. */
    private Path pluginsConfig() throws IOException {
        Path jar = folder.resolve("menu.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("plugins.config"));
            zip.write(Files.readAllBytes(Path.of("src/bridge/plugins.config")));
        }
        return jar;
    }

    @Test
    void aMacroSeesSchedulesLossesAndWhatLiesBetween() throws Exception {
        assertEquals(0, macro("""
                setBatchMode(true);
                run("DDPM Schedule Plot...", "sampler=ddim steps=5");
                selectImage("nuclei-schedule");
                print(nSlices + " plots");
                newImage("a", "8-bit ramp", 24, 16, 1);
                newImage("b c", "8-bit white", 24, 16, 1);
                makeRectangle(4, 4, 8, 8);
                run("Set...", "value=20");
                run("Select None");
                selectImage("a");
                run("DDPM Training Loss...", "samples=4");
                print(nResults + " parts, loss " + (getResult("L_simple", 0) > 0));
                selectImage("a-loss");
                selectImage("a");
                run("DDPM Invert...", "steps=3 other=[b c] frames=4");
                selectImage("a-between");
                print(nSlices + " between");
                selectImage("a-latent");
                print(nSlices + " latents");
                """), said);
        for (String line : new String[] {"3 plots", "2 parts, loss 1", "bits/dim", "4 between", "2 latents"}) {
            assertTrue(said.contains(line), line + " in " + said);
        }
        assertEquals(1, macro("newImage(\"a\", \"8-bit ramp\", 24, 16, 1); run(\"DDPM Invert...\", \"steps=3 other=none\");"), said);
        assertTrue(said.contains("other is \"none\""), said);
    }

    @Test
    @DisplayName("Pain 21: the macro goes on before the run has ended")
    void aMacroDenoisesBesideImageJsOwnCommands() throws Exception {
        Path out = folder.resolve("out.tif");
        assertEquals(0, macro("""
                newImage("noisy", "16-bit ramp", 48, 40, 1);
                run("Add Specified Noise...", "standard=500");
                run("Gaussian Blur...", "sigma=0.5");
                run("DDPM Denoise...", "model=nuclei noise=auto mode=mean");
                selectImage("noisy-denoised");
                saveAs("Tiff", getArgument());
                if (nImages == 2) exit;
                print("never");
                """, out.toString()), () -> said);
        assertTrue(Files.size(out) > 2 * 48 * 40, said);
        assertFalse(said.contains("never"), said);
    }

    @Test
    void whatIsEstimatedCanBePassedOn() throws Exception {
        assertEquals(0, macro("""
                random("seed", 1);
                newImage("noisy", "16-bit ramp", 96, 80, 1);
                run("Add Specified Noise...", "standard=500");
                run("DDPM Estimate Noise...", "scope=stack");
                print("sigma " + getResult("ReadNoise", 0));
                selectImage("noisy-noise");
                saveAs("Tiff", getArgument());
                run("DDPM Denoise...", "input=noisy " + getResultString("Options", nResults - 1));
                selectImage("noisy-denoised");
                print(getImageInfo());
                """, folder.resolve("plot.tif").toString()), () -> said);
        assertTrue(said.matches("(?s).*Sumi noise: (gaussian|camera), .*") && !said.contains("(estimated"), said);
        assertTrue(Files.size(folder.resolve("plot.tif")) > 0, said);
    }

    @Test
    void theMacrosOfTheFolderRun() throws Exception {
        assertEquals(0, sumi("macros/generate.ijm", folder.resolve("made") + ",2,2"), () -> said);
        assertTrue(Files.exists(folder.resolve("made/montage.tif")), said);
        assertEquals(1, sumi("macros/generate.ijm", folder.resolve("made") + ",2,2"), () -> said);
        assertTrue(said.contains("montage.tif exists already"), said);
    }

    @Test
    void aFailedCommandIsExitCodeOne() throws Exception {
        assertEquals(1, macro("run(\"DDPM Models...\", \"action=describe model=none\");\nprint(\"after\");"), () -> said);
        assertTrue(said.contains("There is no model \"none\"") && said.contains("test.ijm stopped before its end"), said);
        assertFalse(said.contains("after") || said.contains("\tat "), said);
    }

    @Test
    void aWrongValueOrAnUnknownCommandIsExitCodeOne() throws Exception {
        assertEquals(1, macro("run(\"DDPM Generate...\", \"width=abc\");\nprint(\"after\");"), () -> said);
        assertTrue(said.contains("width is \"abc\"; it must be a number."), said);
        assertEquals(1, macro("run(\"No Such Command\");\nprint(\"after\");"), () -> said);
        assertTrue(said.contains("test.ijm stopped before its end: Unrecognized command: \"No Such Command\""), said);
        assertFalse(said.contains("after") || said.contains("\tat "), said);
    }

    @Test
    void aFileThatIsNoMacroIsASentence() {
        CommandLineRun run = new CommandLineRun();
        assertEquals(1, run.sumi("macro", folder.resolve("none.ijm")));
        assertTrue(run.said().contains("There is no file"), run.said());
        assertEquals(1, run.sumi("macro", "README.md"));
        assertTrue(run.said().contains("is no ImageJ macro"), run.said());
    }
}
