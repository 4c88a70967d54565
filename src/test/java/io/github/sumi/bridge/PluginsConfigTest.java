// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.scijava.annotations.Index;
import org.scijava.annotations.IndexItem;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Plugin;

class PluginsConfigTest {

    @Test
    void eachCommandHasItsLineAndNoOther() throws Exception {
        Set<String> expected = new TreeSet<>();
        for (IndexItem<Plugin> item : Index.load(Plugin.class)) {
            if (item.annotation().type() == Command.class && isSumis(item.className())) {
                expected.add(line(item.className(), item.annotation().menu()));
            }
        }
        assertEquals(expected, lines());
    }

    @Test
    void fijiDoesNotSeeIt() {
        assertNull(getClass().getResource("/plugins.config"));
    }

    private static boolean isSumis(String className) throws ReflectiveOperationException {
        return className.startsWith("io.github.sumi.")
                && Class.forName(className).getProtectionDomain().getCodeSource().getLocation().getPath().endsWith("/classes/");
    }

    private static String line(String className, Menu[] menu) {
        String path = Arrays.stream(menu).limit(menu.length - 1L).map(Menu::label).collect(Collectors.joining(">"));
        return path + ", \"" + menu[menu.length - 1].label() + "\", " + SciJavaBridge.class.getName() + "(\"" + className + "\")";
    }

    private static Set<String> lines() throws IOException {
        return Files.readAllLines(Path.of("src/bridge/plugins.config")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#")).collect(Collectors.toCollection(TreeSet::new));
    }
}
