// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.Macro;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The option string of {@code run("Command", "key=value other=[two words] flag")}, read as imagej-legacy reads it, except that a
 * lone {@code flag} means {@code flag=true} as in ImageJ 1's own commands.
 */
final class MacroOptions {

    private final String text;
    private final List<Token> tokens;

    /** @throws IllegalArgumentException if a bracket or quote isn't closed */
    MacroOptions(String text) {
        this.text = text;
        this.tokens = tokens(text);
    }

    /** A piece as it was written, with the key before its equals sign; all of it if there is none. */
    private record Token(String key, String raw) {

        boolean isFlag() {
            return key.equals(raw);
        }

        /** Whether {@link Macro#getValue} would find a key here: anywhere but after a letter. */
        boolean reads(String wanted) {
            int at = raw.indexOf(wanted + "=");
            while (at > 0 && Character.isLetter(raw.charAt(at - 1))) {
                at = raw.indexOf(wanted + "=", at + 1);
            }
            return at >= 0;
        }
    }

    /**
     * The texts by key; a missing key is absent.
     *
     * @throws IllegalArgumentException if one value would be read as another option too
     */
    Map<String, String> read(List<Option> options) {
        Map<String, String> found = new HashMap<>();
        for (Option option : options) {
            String key = option.key();
            checkAlone(key);
            String value = Macro.getValue(text, key, null);
            if (value == null && option.kind() == Option.Kind.CHECKBOX && isFlag(key)) {
                value = "true";
            }
            if (value != null) {
                found.put(key, value);
            }
        }
        return found;
    }

    /** The pieces that no option answers to: ImageJ ignores them, but a misspelt key should be told. */
    List<String> unknown(List<Option> options) {
        return tokens.stream().filter(token -> options.stream().noneMatch(option -> option.key().equals(token.key)
                && (!token.isFlag() || option.kind() == Option.Kind.CHECKBOX))).map(Token::raw).toList();
    }

    private boolean isFlag(String key) {
        return tokens.stream().anyMatch(token -> token.isFlag() && token.key.equals(key));
    }

    private void checkAlone(String key) {
        Optional<Token> hidden = tokens.stream().filter(token -> !token.key.equals(key) && token.reads(key)).findFirst();
        if (hidden.isPresent()) {
            throw new IllegalArgumentException(hidden.get().raw + " would also be read as the option " + key
                    + "; a value must not contain \"" + key + "=\".");
        }
    }

    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == ' ') {
                at++;
                continue;
            }
            int end = end(text, at);
            String raw = text.substring(at, end);
            int equals = raw.indexOf('=');
            tokens.add(new Token(equals < 0 ? raw : raw.substring(0, equals), raw));
            at = end;
        }
        return List.copyOf(tokens);
    }

    private static int end(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) != ' ' && text.charAt(at) != '=') {
            at++;
        }
        int value = at + 1;
        if (at == text.length() || text.charAt(at) == ' ') {
            return at;
        } else if (value < text.length() && text.charAt(value) == '[') {
            return closing(text, start, value);
        } else if (value < text.length() && text.charAt(value) == '\'') {
            int quote = text.indexOf('\'', value + 1);
            return quote < 0 ? unclosed(text, start) : quote + 1;
        }
        int space = text.indexOf(' ', value);
        return space < 0 ? text.length() : space;
    }

    private static int closing(String text, int start, int open) {
        int depth = 0;
        for (int at = open; at < text.length(); at++) {
            if (text.charAt(at) == '[') {
                depth++;
            } else if (text.charAt(at) == ']' && --depth == 0) {
                return at + 1;
            }
        }
        return unclosed(text, start);
    }

    private static int unclosed(String text, int start) {
        throw new IllegalArgumentException("The options end inside a bracket or quote: " + text.substring(start).strip());
    }
}
