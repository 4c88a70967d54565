// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CUDA's libraries from a folder that docs/gpu.md's command filled, as far as they go without a driver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WithLibrariesTest {

    private static final Path LIBRARIES = CommandLine.filled();

    @TempDir
    Path temporary;
    private CommandLine report;
    /** On the disk of the libraries, most often. */
    private Path linked;

    @AfterEach
    void removeLinks() throws IOException {
        if (linked != null) {
            try (Stream<Path> files = Files.walk(linked)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            linked = null;
        }
    }

    @BeforeAll
    void readTheReport() throws Exception {
        report = Files.isDirectory(LIBRARIES.resolve("nvidia")) ? CommandLine.run(CommandLine.with(LIBRARIES), "device") : null;
    }

    /** For each test, so that each is counted as skipped. */
    @BeforeEach
    void findThem() {
        assumeTrue(report != null, LIBRARIES + " is not filled");
        assumeTrue(report.out().contains("missing     libcuda.so.1"), "there is a driver, so it can't be missed here");
    }

    private static CommandLine cuda(Map<String, String> environment, String device) throws Exception {
        return CommandLine.run(environment, "generate", "never.tif", "--width", 16, "--height", 16, "--steps", 2, "--device", device);
    }

    /** The filled folder without one of its libraries. By hard links: Java follows others, and the loader looks beside the file itself. */
    private Path without(String name) throws IOException {
        linked = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "cuda-without");
        try (Stream<Path> files = Files.walk(LIBRARIES.toRealPath())) {
            for (Path file : files.filter(Files::isRegularFile).filter(each -> each.getFileName().toString().contains(".so")).toList()) {
                if (!file.getFileName().toString().equals(name)) {
                    Path link = linked.resolve(LIBRARIES.toRealPath().relativize(file).toString());
                    Files.createDirectories(link.getParent());
                    link(link, file);
                }
            }
        }
        return linked;
    }

    private static void link(Path link, Path file) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (FileSystemException | UnsupportedOperationException e) {
            assumeTrue(false, LIBRARIES + " and target are on different disks");
        }
    }

    @Test
    void allAreLoadedAndTheDriverIsWhatIsMissing() throws Exception {
        for (String name : List.of("libcudart.so.12", "libcublasLt.so.12", "libcublas.so.12", "libcurand.so.10", "libnvrtc.so.12", "libcudnn.so.9")) {
            assertTrue(report.out().contains("  loaded      " + name + ", " + LIBRARIES), report.said());
        }
        assertEquals("", report.err());
        CommandLine run = cuda(CommandLine.with(LIBRARIES), "cuda");
        assertEquals("CUDA can't be used: libcuda.so.1 is missing. Install NVIDIA's driver, version 525 or newer (Windows: 528).\n", run.out() + run.err());
        assertEquals(1, run.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"libcublasLt.so.12", "libcublas.so.12", "libcurand.so.10", "libcudart.so.12"})
    void eachThatIsTakenAwayIsNamed(String name) throws Exception {
        CommandLine run = cuda(CommandLine.with(without(name)), "cuda");
        assertTrue(run.err().startsWith("CUDA can't be used: " + name + " is missing. Fill the folder by: "), run.said());
    }

    @Test
    void cudnnWhichIsAskedForLaterIsMissedInTheReport() throws Exception {
        CommandLine run = CommandLine.run(CommandLine.with(without("libcudnn.so.9")), "device");
        assertTrue(run.out().contains("  missing     libcudnn.so.9\n") && run.out().contains("  remedy      python3 -m pip"), run.said());
    }

    /** With a stand-in for the driver ONNX Runtime goes on to read the options, and then asks for a GPU. */
    @Test
    void aDriverWithoutAGpuAndOneThatIsTooOld() throws Exception {
        Path driver = temporary.resolve("libcuda.so.1");
        assumeTrue(compile(driver), "gcc is not here");
        Map<String, String> environment = new HashMap<>(CommandLine.with(LIBRARIES, temporary));
        for (String device : List.of("cuda", "cuda:0+tf32+4gb")) {
            CommandLine run = cuda(environment, device);
            assertTrue(run.err().startsWith("CUDA can't be used: the driver finds no NVIDIA GPU. "), run.said());
        }
        environment.put("STUB_DRIVER", "11040");
        CommandLine old = cuda(environment, "cuda");
        assertTrue(old.err().startsWith("CUDA can't be used: NVIDIA's driver is too old. Install NVIDIA's driver, version 525 or newer"), old.said());
    }

    private static boolean compile(Path driver) throws Exception {
        try {
            return new ProcessBuilder("gcc", "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-o", driver.toString(), "src/cuda/c/driver.c").inheritIO().start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
