// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sumi.imagej.TiffFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The build with CUDA where CUDA's libraries are not: they are named, and the processor does the work. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WithoutLibrariesTest {

    private static final Path EXAMPLE = Path.of("models/nuclei/example.tif");

    @TempDir
    Path empty;
    @TempDir
    Path folder;
    private CommandLine report;

    @BeforeAll
    void readTheReport(@TempDir Path nothing) throws Exception {
        report = CommandLine.run(CommandLine.with(nothing), "device");
    }

    /** For each test, so that each is counted as skipped. */
    @BeforeEach
    void findNone() {
        assertTrue(report.out().contains("compiled in   CPU, CUDA"), report.said());
        assumeTrue(report.out().contains("missing     libcublasLt.so.12"), "the system has CUDA's libraries, so they can't be missed here");
    }

    @Test
    void cudaNamesTheFirstThatIsMissingAndTheCommandThatBringsIt() throws Exception {
        Path out = folder.resolve("cuda.tif");
        CommandLine run = CommandLine.run(CommandLine.with(empty), "denoise", EXAMPLE, out, "--device", "cuda");
        assertEquals(1, run.code(), run.said());
        assertEquals("CUDA can't be used: libcublasLt.so.12 is missing. Fill the folder by: python3 -m pip install --target \"" + empty
                + "\" nvidia-cuda-runtime-cu12 nvidia-curand-cu12 \"nvidia-cudnn-cu12<9.11\"\n", run.out() + run.err());
        assertTrue(Files.notExists(out));
    }

    @Test
    void autoGoesOnWithTheProcessorAndSaysSoInLogAndInfo() throws Exception {
        Path auto = folder.resolve("auto.tif");
        Path cpu = folder.resolve("cpu.tif");
        CommandLine run = CommandLine.run(CommandLine.with(empty), "denoise", EXAMPLE, auto);
        assertEquals(0, run.code(), run.said());
        assertEquals("Sumi ran on the processor: CUDA: libcublasLt.so.12 is missing (DDPM Device..., or sumi device, says what to do)\n", run.err());
        assertTrue(run.out().contains(" on cpu (CUDA: libcublasLt.so.12 is missing), "), run.said());
        String info = TiffFiles.open(auto).getInfoProperty();
        assertTrue(info.contains("Sumi device: cpu (CUDA: libcublasLt.so.12 is missing), "), info);
        CommandLine plain = CommandLine.run(CommandLine.with(empty), "denoise", EXAMPLE, cpu, "--device", "cpu");
        assertEquals("", plain.err(), "who asks for the processor hears nothing of CUDA");
        assertArrayEquals((byte[]) TiffFiles.open(cpu).getProcessor().getPixels(), (byte[]) TiffFiles.open(auto).getProcessor().getPixels());
    }

    @Test
    void generatedAndInvertedImagesSayItToo() throws Exception {
        Path out = folder.resolve("out.tif");
        CommandLine run = CommandLine.run(CommandLine.with(empty), "generate", out, "--width", 16, "--height", 16, "--steps", 2);
        assertTrue(run.code() == 0 && run.err().contains("out.tif: Sumi ran on the processor: CUDA: libcublasLt.so.12 is missing"), run.said());
        run = CommandLine.run(CommandLine.with(empty), "invert", out, folder.resolve("inverted.tif"), "--steps", 2);
        assertTrue(run.code() == 0 && run.err().contains("inverted.tif: Sumi ran on the processor: CUDA: libcublasLt.so.12 is missing"), run.said());
    }

    @Test
    void aDamagedLibraryIsNamed() throws Exception {
        Path broken = Files.createDirectory(folder.resolve("broken"));
        Path library = Files.writeString(broken.resolve("libcublasLt.so.12"), "no library");
        CommandLine run = CommandLine.run(CommandLine.with(broken), "denoise", EXAMPLE, folder.resolve("broken.tif"), "--device", "cuda");
        assertTrue(run.code() == 1 && run.err().contains("CUDA can't be used: " + library + " can't be loaded (file too short). Remove it."), run.said());
    }
}
