// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.ImagePlus;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.ItemIO;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.plugin.Parameter;
import org.scijava.service.Service;

/** Holds docs/macros.md to the commands. */
class MacroDocsTest {

    private static final Pattern ROW = Pattern.compile("\\| `([a-z]+)` \\| (?:`([^`]*)`)?[^|]*\\|.*");

    /** Keys and defaults by command, as documented. */
    private static Map<String, Map<String, String>> documented() throws Exception {
        Map<String, Map<String, String>> commands = new TreeMap<>();
        Map<String, String> keys = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("docs/macros.md"))) {
            if (line.startsWith("## ")) {
                keys = new TreeMap<>();
                if (line.startsWith("## DDPM ")) {
                    commands.put(line.substring(3), keys);
                }
            }
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                keys.put(row.group(1), row.group(2) == null ? "" : row.group(2));
            }
        }
        return commands;
    }

    private static Map<String, String> keys(Class<?> command) throws ReflectiveOperationException {
        Map<String, String> keys = new TreeMap<>();
        Object fresh = command.getDeclaredConstructor().newInstance();
        for (Field field : command.getDeclaredFields()) {
            Parameter parameter = field.getAnnotation(Parameter.class);
            if (parameter != null && parameter.type() != ItemIO.OUTPUT && !Service.class.isAssignableFrom(field.getType())) {
                field.setAccessible(true);
                Object value = field.getType() == ImagePlus.class ? "" : field.get(fresh);
                keys.put(field.getName().toLowerCase(Locale.ROOT), String.valueOf(value).replaceFirst("\\.0$", ""));
            }
        }
        return keys;
    }

    @Test
    @DisplayName("Pain 8: an update renames a key, and macros break")
    void keysAndDefaultsAreThoseOfTheCommands() throws Exception {
        Map<String, Map<String, String>> commands = new TreeMap<>();
        try (Context context = new Context()) {
            for (CommandInfo info : context.service(CommandService.class).getCommands()) {
                if (info.getClassName().startsWith("io.github.sumi.plugin.")) {
                    commands.put(info.getMenuPath().getLeaf().getName(), keys(info.loadClass()));
                }
            }
        }
        assertEquals(commands, documented());
    }
}
