// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the profile packages. */
class CudaZipIT {

    @TempDir
    Path fiji;

    @Test
    void theZipHasOneOnnxRuntimeAndTheFolderIsFijis() throws Exception {
        StringBuilder classPath = new StringBuilder();
        try (ZipFile zip = new ZipFile("target/sumi-fiji-cuda.zip")) {
            List<String> names = zip.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
            assertTrue(names.stream().allMatch(name -> name.matches("plugins/Sumi_-[^/]+\\.jar|jars/onnxruntime_gpu-[^/]+\\.jar")), names.toString());
            assertEquals(2, names.size());
            for (String name : names) {
                Path target = fiji.resolve(name);
                Files.createDirectories(target.getParent());
                try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
                    Files.copy(in, target);
                }
                classPath.append(target).append(':');
            }
        }
        for (String jar : System.getProperty("java.class.path").split(":")) {
            if (jar.endsWith(".jar") && !jar.contains("onnxruntime") && !jar.contains("Sumi_")) {
                classPath.append(jar).append(':');
            }
        }
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath.toString(),
                "io.github.sumi.cli.Sumi", "device").redirectErrorStream(true);
        builder.environment().remove("SUMI_CUDA");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("libraries     in " + fiji.resolve("lib/cuda") + " "), said);
        assertTrue(said.contains("compiled in   CPU, CUDA"), said);
    }

    @Test
    void theJarForTheCommandLineIsBesideTheDefaultOne() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            Path jar = files.filter(file -> file.getFileName().toString().matches("Sumi_-.*-cuda\\.jar")).findFirst().orElseThrow();
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                assertTrue(zip.getEntry("ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so") != null);
            }
        }
    }
}
