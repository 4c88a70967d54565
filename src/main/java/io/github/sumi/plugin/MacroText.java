// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.Macro;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.scijava.ItemIO;
import org.scijava.plugin.Parameter;

/**
 * The option string of the macro that runs a command, as it was written. Fiji makes 0 of a number that it cannot read, and finds
 * a key inside the value of another; both would go unseen.
 */
final class MacroText {

    private MacroText() {
    }

    /**
     * Compares the options of the macro on this thread, if there is one, with the types of the command's inputs.
     *
     * @throws IllegalArgumentException with key and text, if a text doesn't fit
     */
    static void check(Object command) {
        String options = Macro.getOptions();
        if (options == null) {
            return;
        }
        Map<String, Class<?>> keys = keys(command.getClass());
        keys.forEach((key, type) -> {
            String text = Macro.getValue(options, key, null);
            if (text != null) {
                checkAlone(key, text, keys);
                checkType(key, text, type);
            }
        });
    }

    private static Map<String, Class<?>> keys(Class<?> command) {
        Map<String, Class<?>> keys = new LinkedHashMap<>();
        for (Field field : command.getDeclaredFields()) {
            Parameter parameter = field.getAnnotation(Parameter.class);
            if (parameter != null && parameter.type() != ItemIO.OUTPUT) {
                keys.put(field.getName().toLowerCase(Locale.ROOT), field.getType());
            }
        }
        return keys;
    }

    private static void checkAlone(String key, String text, Map<String, Class<?>> keys) {
        for (String other : keys.keySet()) {
            if (Pattern.compile("(?<!\\p{L})" + Pattern.quote(other) + "=").matcher(text).find()) {
                throw new IllegalArgumentException(key + "=" + text + " would also be read as the option " + other
                        + "; a value must not contain \"" + other + "=\".");
            }
        }
    }

    private static void checkType(String key, String text, Class<?> type) {
        if (Arrays.asList(int.class, Integer.class).contains(type)) {
            parse(key, text, "a whole number", Integer::valueOf);
        } else if (Arrays.asList(long.class, Long.class).contains(type)) {
            parse(key, text, "a whole number", Long::valueOf);
        } else if (Arrays.asList(double.class, Double.class, float.class, Float.class).contains(type)) {
            double number = parse(key, text, "a number", Double::valueOf);
            if (!Double.isFinite(number)) {
                throw wrong(key, text, "a number");
            }
        } else if (Arrays.asList(boolean.class, Boolean.class).contains(type) && !text.equals("true") && !text.equals("false")) {
            throw wrong(key, text, "true or false");
        }
    }

    private static <T> T parse(String key, String text, String wanted, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw wrong(key, text, wanted);
        }
    }

    private static IllegalArgumentException wrong(String key, String text, String wanted) {
        return new IllegalArgumentException(key + " is \"" + text + "\"; it must be " + wanted + ".");
    }
}
