// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import ij.plugin.filter.Analyzer;
import ij.text.TextWindow;
import java.awt.Button;
import java.awt.Checkbox;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.ActionEvent;
import java.awt.event.ItemEvent;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    /** Closes all windows but ImageJ's own, unasked, and empties table and log. */
    static void closeAll() {
        // or ImageJ would ask whether to save tables and images, and wait
        Analyzer.setUnsavedMeasurements(false);
        for (int id : WindowManager.getIDList() == null ? new int[0] : WindowManager.getIDList()) {
            WindowManager.getImage(id).changes = false;
        }
        WindowManager.closeAllWindows();
        for (Window window : Window.getWindows()) {
            if (window.isShowing() && window instanceof TextWindow text) {
                text.close(false);
            }
        }
        ResultsTable.getResultsTable().reset();
        IJ.log("\\Clear");
    }

    /** The dialog of a command, once it is open. */
    static GenericDialog dialog(String title) {
        return await(() -> Arrays.stream(Window.getWindows()).filter(Window::isShowing).filter(GenericDialog.class::isInstance)
                .map(GenericDialog.class::cast).filter(dialog -> dialog.getTitle().equals(title)).findFirst().orElse(null));
    }

    /** As a click does it. @param button 0 is OK, 1 is Cancel */
    static void press(GenericDialog dialog, int button) {
        Button pressed = dialog.getButtons()[button];
        dialog.actionPerformed(new ActionEvent(pressed, ActionEvent.ACTION_PERFORMED, pressed.getLabel()));
    }

    /** As a click does it. */
    static void set(GenericDialog dialog, Checkbox box, boolean state) {
        box.setState(state);
        dialog.itemStateChanged(new ItemEvent(box, ItemEvent.ITEM_STATE_CHANGED, box, state ? ItemEvent.SELECTED : ItemEvent.DESELECTED));
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
