// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.ImagePlus;
import java.io.File;
import java.lang.reflect.Constructor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.util.Types;

/**
 * One input of a command that the user gives, by dialog or by macro.
 *
 * @param name the field's name
 * @param kind how a dialog asks for it
 * @param label the prompt, or the text of a message
 * @param type the field's type, boxed
 * @param choices what a dialog offers; a macro may give something else, which the command checks
 * @param min the smallest number, or null
 * @param max the largest number, or null
 * @param initial the command's own value, or null
 * @param required whether null is refused
 */
record Option(String name, Kind kind, String label, Class<?> type, List<String> choices, BigDecimal min, BigDecimal max,
        Object initial, boolean required) {

    enum Kind { MESSAGE, CHECKBOX, CHOICE, TEXT, FILE, FOLDER, IMAGE }

    private static final Set<Class<?>> WHOLE = Set.of(Byte.class, Short.class, Integer.class, Long.class);

    /**
     * The option for an input, or nothing if a user isn't asked for it.
     *
     * @param pool the objects that there are of a type; a dialog lists them for an input of a type of its own
     */
    static Optional<Option> of(Module module, ModuleItem<?> item, Function<Class<?>, List<?>> pool) {
        Object value = module.getInput(item.getName());
        Class<?> type = Types.box(item.getType());
        if (item.getVisibility() == ItemVisibility.INVISIBLE) {
            return Optional.empty();
        }
        String label = item.getLabel() == null || item.getLabel().isEmpty() ? item.getName() : item.getLabel();
        if (item.getVisibility() == ItemVisibility.MESSAGE) {
            String text = value == null ? label : value.toString();
            return Optional.of(new Option(item.getName(), Kind.MESSAGE, text, type, List.of(), null, null, value, false));
        }
        List<String> choices = offered(item, type, pool).stream().map(String::valueOf).toList();
        return kind(type, choices, item.getWidgetStyle()).map(kind -> new Option(item.getName(), kind, label, type, choices,
                number(item.getMinimumValue()), number(item.getMaximumValue()), value, item.isRequired()));
    }

    private static List<?> offered(ModuleItem<?> item, Class<?> type, Function<Class<?>, List<?>> pool) {
        if (item.getChoices() != null) {
            return item.getChoices();
        }
        return type.getName().startsWith("java.") || type == ImagePlus.class ? List.of() : pool.apply(type);
    }

    private static Optional<Kind> kind(Class<?> type, List<String> choices, String style) {
        if (type == Boolean.class) {
            return Optional.of(Kind.CHECKBOX);
        } else if (type == ImagePlus.class) {
            return Optional.of(Kind.IMAGE);
        } else if (type == File.class) {
            return Optional.of(style != null && style.contains("directory") ? Kind.FOLDER : Kind.FILE);
        } else if (type == String.class || type.isEnum() || WHOLE.contains(type) || type == Float.class || type == Double.class) {
            return Optional.of(choices.isEmpty() ? Kind.TEXT : Kind.CHOICE);
        }
        return ofText(type).map(constructor -> choices.isEmpty() ? Kind.TEXT : Kind.CHOICE);
    }

    /** How SciJava makes an object of a type that it has no converter for of a text. */
    private static Optional<Constructor<?>> ofText(Class<?> type) {
        return Arrays.stream(type.getConstructors()).filter(each -> Arrays.equals(each.getParameterTypes(), new Class<?>[] {String.class}))
                .<Constructor<?>>map(each -> each).findFirst();
    }

    /** The key in macros: the field's name, as imagej-legacy has it. */
    String key() {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The value as a macro would give it. */
    String text(Object value) {
        if (value == null) {
            return "";
        } else if (value instanceof ImagePlus image) {
            return image.getTitle();
        } else if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        String text = value.toString();
        return value instanceof Number && text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /**
     * The value that a text stands for.
     *
     * @throws IllegalArgumentException with key, text and what is allowed
     */
    Object parse(String text) {
        if (type == String.class && kind == Kind.TEXT) {
            return text;
        } else if (text.isBlank() && !required) {
            return null;
        } else if (type == String.class) {
            return text;
        } else if (type == Boolean.class) {
            return bool(text);
        } else if (type == File.class) {
            return new File(check(!text.isBlank(), text, "a path"));
        } else if (type.isEnum()) {
            return constant(text);
        } else if (type == ImagePlus.class) {
            return Images.find(text).orElseThrow(() -> wrong(text, "the title or ID of an open image"));
        } else if (Number.class.isAssignableFrom(type)) {
            return convert(text.strip());
        }
        return object(text);
    }

    private Boolean bool(String text) {
        check(text.equals("true") || text.equals("false"), text, "true or false");
        return Boolean.valueOf(text);
    }

    private Object constant(String text) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text) || constant.toString().equals(text)) {
                return constant;
            }
        }
        throw wrong(text, "one of " + String.join(", ", choices));
    }

    private Object object(String text) {
        try {
            return ofText(type).orElseThrow().newInstance(text);
        } catch (ReflectiveOperationException e) {
            throw wrong(text, "one of " + String.join(", ", choices));
        }
    }

    private Object convert(String text) {
        String wanted = WHOLE.contains(type) ? "a whole number" : "a number";
        try {
            BigDecimal number = new BigDecimal(text);
            check(min == null || number.compareTo(min) >= 0, text, "at least " + min);
            check(max == null || number.compareTo(max) <= 0, text, "at most " + max);
            if (type == Byte.class) {
                return number.byteValueExact();
            } else if (type == Short.class) {
                return number.shortValueExact();
            } else if (type == Integer.class) {
                return number.intValueExact();
            } else if (type == Long.class) {
                return number.longValueExact();
            }
            check(Double.isFinite(type == Float.class ? number.floatValue() : number.doubleValue()), text, "a number that fits");
            return type == Float.class ? (Object) number.floatValue() : (Object) number.doubleValue();
        } catch (NumberFormatException e) {
            throw wrong(text, "a number");
        } catch (ArithmeticException e) {
            throw wrong(text, wanted);
        }
    }

    private String check(boolean fine, String text, String wanted) {
        if (!fine) {
            throw wrong(text, wanted);
        }
        return text;
    }

    private IllegalArgumentException wrong(String text, String wanted) {
        return new IllegalArgumentException(key() + " is \"" + text + "\"; it must be " + wanted + ".");
    }

    private static BigDecimal number(Object bound) {
        return bound instanceof Number ? new BigDecimal(bound.toString()) : null;
    }
}
