// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What a macro can get wrong in DDPM Denoise..., and what must be said of it. */
final class WrongValues {

    /** Opens the image that a macro of {@link #code} works on. */
    static final String OPEN = "newImage(\"open\", \"16-bit ramp\", 32, 24, 1); ";

    private WrongValues() {
    }

    /** The options, and the beginning of the sentence. */
    static Stream<Arguments> options() {
        return Stream.of(
                Arguments.of("steps=many", "steps is \"many\""), Arguments.of("steps=2.5", "steps is \"2.5\""), Arguments.of("steps=0", "steps is "),
                Arguments.of("steps=", "steps is \"\""), Arguments.of("mode=best", "mode is \"best\""), Arguments.of("offset=abc", "offset is \"abc\""),
                Arguments.of("noise=gaussian sigma=-3", "sigma is "), Arguments.of("seed=-1", "seed is "),
                Arguments.of("samples=1 mode=uncertainty", "samples is "), Arguments.of("channels=9", "channels names channel 9"),
                Arguments.of("input=nowhere", "input is \"nowhere\""), Arguments.of("model=none", "There is no model \"none\""),
                Arguments.of("model=[/x/my steps=3/m]", "model=[/x/my steps=3/m]"));
    }

    /** A macro that must not come to its end. */
    static String code(String before, String options) {
        return code(before, "DDPM Denoise...", options);
    }

    /** The same of another command. */
    static String code(String before, String command, String options) {
        return before + "run(\"" + command + "\", \"" + options + "\"); newImage(\"after\", \"8-bit\", 8, 8, 1); print(\"went on\");";
    }
}
