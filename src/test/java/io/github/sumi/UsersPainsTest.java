// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Forty things that users of similar plugins complain about, by number. Each has a test whose display name begins with "Pain N: " and
 * says the complaint, which the test shows not to be so; or a reason why it has none.
 */
class UsersPainsTest {

    private static final int PAINS = 40;

    private static final Map<Integer, String> LEFT_OUT = Map.of(
            6, "crashes on Apple silicon: only a machine of that kind can show it",
            11, "GPU memory that grows: only a machine with a GPU can show it (docs/gpu.md has a checklist)",
            40, "export and training, which are Python: the tests are in models/train/tests");

    private static final Pattern NAME = Pattern.compile("@DisplayName\\(\"(Pains?\\b[^\"]*)");
    private static final Pattern NUMBERED = Pattern.compile("Pains? (\\d+(?:, \\d+)*): \\S.*");

    private static Set<Integer> tested() throws IOException {
        Set<Integer> tested = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith("Test.java") && !path.endsWith("UsersPainsTest.java")).toList()) {
                Matcher names = NAME.matcher(Files.readString(file));
                while (names.find()) {
                    Matcher numbers = NUMBERED.matcher(names.group(1));
                    assertTrue(numbers.matches(), file + ": " + names.group(1));
                    Stream.of(numbers.group(1).split(", ")).map(Integer::valueOf).forEach(tested::add);
                }
            }
        }
        return tested;
    }

    @Test
    void everyPainHasATestOrAReason() throws IOException {
        Set<Integer> expected = IntStream.rangeClosed(1, PAINS).boxed().filter(pain -> !LEFT_OUT.containsKey(pain))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, tested());
    }
}
