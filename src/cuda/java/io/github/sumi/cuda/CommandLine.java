// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cuda;

import io.github.sumi.cli.Sumi;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The command line in a process of its own: libraries, once loaded, stay so. */
record CommandLine(int code, String out, String err) {

    private static final String FOLDER = "SUMI_CUDA";
    private static final String SEARCH = "LD_LIBRARY_PATH";

    /** @param environment added to, or in the place of, that of this process */
    static CommandLine run(Map<String, String> environment, Object... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx2g", "-cp",
                System.getProperty("java.class.path"), Sumi.class.getName()));
        Arrays.stream(words).map(Object::toString).forEach(command::add);
        File err = File.createTempFile("sumi", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new CommandLine(process.waitFor(), out, Files.readString(err.toPath()));
        } finally {
            Files.delete(err.toPath());
        }
    }

    /** The folder that was filled for these tests: SUMI_CUDA, or lib/cuda here. */
    static Path filled() {
        String variable = System.getenv(FOLDER);
        return variable != null ? Path.of(variable) : Path.of("lib", "cuda").toAbsolutePath();
    }

    static Map<String, String> with(Path libraries) {
        return Map.of(FOLDER, libraries.toString());
    }

    /** With one more folder that the system's loader looks in. */
    static Map<String, String> with(Path libraries, Path searched) {
        String before = System.getenv(SEARCH);
        return Map.of(FOLDER, libraries.toString(), SEARCH, searched + (before == null ? "" : File.pathSeparator + before));
    }

    String said() {
        return "exit " + code + "\n" + out + err;
    }
}
