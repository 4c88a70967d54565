// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.FloatProcessor;
import ij.process.ShortProcessor;
import io.github.sumi.imagej.TiffFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineFaultsTest {

    private static final Path EXAMPLE = Path.of("models/nuclei/example.tif");

    @TempDir
    Path folder;
    private final CommandLineRun run = new CommandLineRun();

    private int sumi(Object... words) {
        return run.sumi(words);
    }

    private void assertFails(int code, String part, Object... words) throws IOException {
        byte[] before = Files.readAllBytes(EXAMPLE);
        assertEquals(code, sumi(words), run.said());
        assertTrue(run.said().contains(part), run.said());
        assertArrayEquals(before, Files.readAllBytes(EXAMPLE));
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
        }
    }

    @Test
    void badInputIsASentenceAndAnExitCode() throws IOException {
        Path out = folder.resolve("out.tif");
        assertFails(1, "There is no file", "denoise", folder.resolve("missing.tif"), out);
        Path empty = Files.createFile(folder.resolve("empty.tif"));
        assertFails(1, "is empty", "denoise", empty, out);
        Path corrupt = folder.resolve("corrupt.tif");
        Files.write(corrupt, Arrays.copyOf(Files.readAllBytes(EXAMPLE), 20_000));
        assertFails(1, "corrupt.tif", "denoise", corrupt, out);
        assertFails(1, "is a folder", "denoise", EXAMPLE, folder);
        assertFails(1, "is a folder", "diffuse", folder, out);
        assertFails(1, "folder", "denoise", EXAMPLE, empty.resolve("out.tif"));
        assertFails(2, "sigma is -1.0", "denoise", EXAMPLE, out, "--noise", "gaussian", "--sigma", -1);
        assertFails(2, "sigma is -1.0", "denoise", EXAMPLE, out, "--sigma", -1);
        assertFails(2, "steps is 0", "denoise", EXAMPLE, out, "--steps", 0);
        assertFails(2, "'many'", "denoise", EXAMPLE, out, "--steps", "many");
        assertFails(2, "camera", "denoise", EXAMPLE, out, "--noise", "camera");
        assertFails(1, "CUDA can't be used: it is not in this build", "denoise", EXAMPLE, out, "--device", "cuda");
        assertFails(2, "device is \"tpu\"", "denoise", EXAMPLE, out, "--device", "tpu");
        assertFails(1, "no model \"nothing\"", "denoise", EXAMPLE, out, "--model", "nothing");
        Path constant = folder.resolve("constant.tif");
        TiffFiles.save(new ImagePlus("c", new ShortProcessor(20, 20)), constant, false);
        assertFails(2, "constant", "denoise", constant, out);
        FloatProcessor nan = new FloatProcessor(20, 20);
        nan.setf(3, 2, Float.NaN);
        Path nanFile = folder.resolve("nan.tif");
        TiffFiles.save(new ImagePlus("n", nan), nanFile, false);
        assertFails(2, "x = 3, y = 2", "denoise", nanFile, out);
        assertFalse(Files.exists(out));
    }

    @Test
    void theInputIsNeverOverwritten() throws IOException {
        Path in = Files.copy(EXAMPLE, folder.resolve("in.tif"));
        assertFails(1, "is the input", "denoise", in, in, "--overwrite");
        assertFails(1, "is the input", "diffuse", in, in, "--overwrite");
        assertFails(1, "must end in .tif", "denoise", in, folder.resolve("out.png"));
        assertFails(2, "noise is auto", "denoise", in, folder.resolve("out.tif"), "--sigma", 3);
        assertFails(2, "give its standard deviation", "denoise", in, folder.resolve("out.tif"), "--noise", "gaussian");
        assertFails(2, "mode is \"best\"", "denoise", in, folder.resolve("out.tif"), "--mode", "best");
    }

    /** What Ctrl-C does, but for the number of the signal. */
    @Test
    void anEndedProcessLeavesNothing() throws Exception {
        Path out = folder.resolve("out.tif");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Sumi.class.getName(), "generate", out.toString(), "--count", "500", "--steps", "1000")
                .redirectErrorStream(true).start();
        assertFalse(process.waitFor(3, TimeUnit.SECONDS), "it should take longer");
        process.toHandle().destroy();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(text.contains("Cancelled"), text);
        assertTrue(process.exitValue() > 128, "exit code " + process.exitValue());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }
}
