// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;
import ij.macro.Interpreter;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/** A real ImageJ window with Sumi's commands, for tests that need a display. */
final class Desktop {

    private Desktop() {
    }

    /** The commands of plugins.config, which ImageJ reads from jars in its plugins folder alone. */
    static Map<String, String> commands() throws IOException {
        Map<String, String> commands = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("src/bridge/plugins.config"))) {
            String[] parts = line.split(", ");
            if (parts.length == 3) {
                commands.put(parts[1].replace("\"", ""), parts[2]);
            }
        }
        return commands;
    }

    @SuppressWarnings("unchecked")
    static void start() throws IOException {
        if (IJ.getInstance() == null) {
            new ImageJ(ImageJ.STANDALONE).exitWhenQuitting(false);
        }
        Menus.getCommands().putAll(commands());
        Menus.getCommands().put("Dummy...", SciJavaBridge.class.getName() + "(\"" + DummyCommand.class.getName() + "\")");
    }

    /** On a thread named as ImageJ names those of its macros. */
    static void macro(String code) throws InterruptedException {
        Thread thread = new Thread(() -> new Interpreter().run(code), "test_Macro$");
        thread.start();
        thread.join();
    }

    static <T> T await(Supplier<T> what) {
        long end = System.currentTimeMillis() + 60_000;
        while (what.get() == null) {
            assertTrue(System.currentTimeMillis() < end, "nothing came");
            IJ.wait(50);
        }
        return what.get();
    }

    static void screenshot(String name) throws Exception {
        Robot robot = new Robot();
        robot.waitForIdle();
        robot.delay(500);
        Rectangle screen = new Rectangle(Toolkit.getDefaultToolkit().getScreenSize());
        ImageIO.write(robot.createScreenCapture(screen), "png", new File("target", name + ".png"));
    }

    static String visible(String title) {
        ImagePlus image = WindowManager.getImage(title);
        return image == null || image.getWindow() == null || !image.getWindow().isShowing() ? null : title;
    }
}
