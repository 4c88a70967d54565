// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;

/** Runs commands and keeps what they said. */
final class CommandLineRun {

    private String said = "";

    int sumi(Object... words) {
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text, true);
        int code = Sumi.run(writer, writer, Stream.of(words).map(String::valueOf).toArray(String[]::new));
        said = text.toString();
        assertFalse(said.contains("\tat "), said);
        return code;
    }

    String said() {
        return said;
    }
}
