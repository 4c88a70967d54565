// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Spoils files, the same way for the same seed. */
final class Mutator {

    private static final Pattern JSON_TOKEN = Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|-?\\d[\\d.eE+-]*|true|false|null|[\\[\\]{},:]");

    private static final List<String> NASTY = List.of("null", "true", "0", "-1", "1", "2", "3.5", "1e999", "-1e999", "1e-400", "1e999999999",
            "-0.0", "2147483647", "2147483648", "4294967297", "9".repeat(400), "0." + "0".repeat(400) + "1", "NaN", "-Infinity",
            "\"\"", "\"1\"", "\"NaN\"", "\"linear\"", "-Infinity", "\"DDIMScheduler\"",
            "\"DPMSolverMultistepScheduler\"", "\"EulerDiscreteScheduler\"", "\"EDMEulerScheduler\"", "\"x\"", "\"\\u0000\\u001b[2J\\u009b\"", "\"\\ud800\"", "\"" + "y".repeat(5000) + "\"",
            "{}", "[]", "[[]]", "[1]", "[1,1,1,1]", "[1,1,1024,1024]", "[0.5,0.5]", "{\"test\": {}}", "[".repeat(9000) + "]".repeat(9000),
            "{\"a\":".repeat(9000) + "1" + "}".repeat(9000), "[".repeat(9000), "'single'", "/* comment */ 1", ",", ":", "}", "]");

    private final SplittableRandom random;

    Mutator(long seed) {
        random = new SplittableRandom(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** The JSON text with one to three of its words replaced, dropped, doubled or swapped, or its bytes spoilt. */
    byte[] json(byte[] original) {
        if (below(4) == 0) {
            return bytes(original, 0);
        }
        String text = new String(original, StandardCharsets.UTF_8);
        for (int i = below(3); i >= 0; i--) {
            text = oneWord(text);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String oneWord(String text) {
        List<MatchResult> words = JSON_TOKEN.matcher(text).results().limit(400).toList();
        if (words.isEmpty()) {
            return NASTY.get(below(NASTY.size()));
        }
        MatchResult word = words.get(below(words.size()));
        MatchResult other = words.get(below(words.size()));
        String replacement = switch (below(8)) {
            case 0 -> "";
            case 1 -> word.group() + word.group();
            case 2, 3 -> other.group();
            // a key that is there twice
            case 4 -> word.group().equals("{") ? "{" + other.group() + ": " + NASTY.get(below(NASTY.size())) + ", " : word.group();
            default -> NASTY.get(below(NASTY.size()));
        };
        return text.substring(0, word.start()) + replacement + text.substring(word.end());
    }

    /** The bytes, from {@code from} on changed, dropped, doubled or cut at one to eight places. */
    byte[] bytes(byte[] original, int from) {
        byte[] bytes = original.clone();
        for (int i = below(8); i >= 0 && bytes.length > from; i--) {
            int at = from + below(bytes.length - from);
            int length = Math.min(1 + below(16), bytes.length - at);
            switch (below(8)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = joined(bytes, at, at + length);
                case 2 -> bytes = joined(bytes, at + length, at);
                case 3 -> Arrays.fill(bytes, at, at + length, (byte) (below(2) - 1));
                case 4 -> bytes[at] ^= (byte) (1 << below(8));
                default -> bytes[at] = (byte) below(256);
            }
        }
        return bytes;
    }

    /** Up to {@code end}, then from {@code start}: drops what is between, or doubles it. */
    private static byte[] joined(byte[] bytes, int end, int start) {
        byte[] result = Arrays.copyOf(bytes, end + bytes.length - start);
        System.arraycopy(bytes, start, result, end, bytes.length - start);
        return result;
    }
}
