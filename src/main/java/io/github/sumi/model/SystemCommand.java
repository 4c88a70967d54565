// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a program of the operating system says. */
final class SystemCommand {

    private static final long PATIENCE_SECONDS = 10;

    private SystemCommand() {
    }

    /** The lines that it prints; none where it isn't there, fails or takes longer than ten seconds. */
    static List<String> lines(String... command) {
        Process process = null;
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            process.getOutputStream().close();
            Process started = process;
            // or a program that hangs would be read for ever
            process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).whenComplete((done, late) -> started.destroyForcibly());
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.lines().toList() : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
