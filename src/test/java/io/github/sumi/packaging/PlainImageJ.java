// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.packaging;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.macro.Interpreter;
import ij.plugin.frame.Recorder;
import java.awt.Component;
import java.awt.Insets;
import java.awt.KeyboardFocusManager;
import java.awt.Menu;
import java.awt.MenuBar;
import java.awt.MenuItem;
import java.awt.MouseInfo;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/**
 * Started in a JVM of its own that has ImageJ alone on its class path and the all-jar in its plugins folder: uses the mouse, the
 * keyboard and macros as a user would, and prints what it sees, a line each.
 */
final class PlainImageJ {

    private static final long PATIENCE = 90_000;

    private final Robot robot;
    private final File pictures;

    private PlainImageJ(File pictures) throws Exception {
        this.pictures = pictures;
        robot = new Robot();
        robot.setAutoDelay(40);
    }

    /** @param arguments an image to denoise, and a folder for pictures */
    public static void main(String[] arguments) throws Exception {
        new ImageJ(ImageJ.STANDALONE).exitWhenQuitting(false);
        try {
            new PlainImageJ(new File(arguments[1])).use(arguments[0]);
        } catch (IllegalStateException e) {
            e.printStackTrace();
        } finally {
            System.out.println("log " + IJ.getLog());
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }
    }

    private void use(String image) throws Exception {
        System.out.println("version " + IJ.getVersion());
        System.out.println("commands " + Menus.getCommands().keySet().stream().filter(name -> name.toString().startsWith("DDPM")).sorted().toList());
        byDialog(image);
        byMacro();
        escape();
        wrongValues();
    }

    /** From the first menu round to Plugins by the arrow keys, and there to an entry of Sumi, which Enter starts. */
    private void choose(String command) throws Exception {
        IJ.getInstance().setLocation(20, 20);
        // the menu bar is the lowest part of the frame's upper border
        Insets border = IJ.getInstance().getInsets();
        click(new Point(IJ.getInstance().getX() + border.left + 15, IJ.getInstance().getY() + border.top - 12));
        MenuBar bar = IJ.getInstance().getMenuBar();
        int menu = bar.getMenuCount();
        while (menu == bar.getMenuCount() || !bar.getMenu(menu).getLabel().equals("Plugins")) {
            // not to the right: that opens submenus
            type(KeyEvent.VK_LEFT);
            menu--;
        }
        Menu sumi = (Menu) walk(bar.getMenu(menu), "Sumi");
        type(KeyEvent.VK_RIGHT);
        walk(sumi, command);
        picture("menu");
        type(KeyEvent.VK_ENTER);
    }

    /** From the first entry, which is the chosen one, down to this one. */
    private MenuItem walk(Menu menu, String label) {
        int at = 0;
        while (!menu.getItem(at).getLabel().equals(label)) {
            if (!menu.getItem(at).getLabel().equals("-")) {
                type(KeyEvent.VK_DOWN);
            }
            at++;
        }
        return menu.getItem(at);
    }

    private void type(int key) {
        robot.keyPress(key);
        robot.keyRelease(key);
    }

    private void byDialog(String file) throws Exception {
        Recorder recorder = new Recorder();
        recorder.setLocation(640, 20);
        IJ.open(file);
        // dim as it is, it could not be seen
        WindowManager.getCurrentImage().setDisplayRange(0, 45);
        WindowManager.getCurrentImage().updateAndDraw();
        choose("DDPM Denoise...");
        GenericDialog dialog = dialog("DDPM Denoise...");
        picture("dialog");
        press(dialog);
        ImagePlus result = await(() -> WindowManager.getImage("example-denoised"));
        System.out.println("result " + result.getBitDepth() + " " + result.getWidth() + " " + result.getCalibration().getUnit());
        System.out.println("recorded " + await(() -> recorder.getText().contains("Denoise") ? recorder.getText().strip() : null));
        await(() -> result.getWindow() != null && result.getWindow().isShowing() ? "shown" : null);
        place("example.tif", 20, 110);
        place("example-denoised", 400, 110);
        picture("result");
        recorder.close();
    }

    private static void place(String title, int x, int y) {
        ImagePlus image = WindowManager.getImage(title);
        image.getWindow().setLocation(x, y);
        image.getWindow().toFront();
    }

    private void byMacro() throws Exception {
        macro("selectImage(\"example.tif\"); run(\"DDPM Denoise...\", \"model=nuclei mode=uncertainty samples=4 steps=4 seed=1\");");
        System.out.println("macro " + Arrays.toString(WindowManager.getImageTitles()));
        WindowManager.getImage("example-denoised").close();
        String[] titles = {"example.tif", "example-denoised-1", "example-sd", "example-residual"};
        for (int i = 0; i < titles.length; i++) {
            place(titles[i], 20 + 380 * (i % 2), 110 + 400 * (i / 2));
        }
        picture("uncertainty");
    }

    private void escape() throws Exception {
        WindowManager.closeAllWindows();
        IJ.newImage("large", "16-bit noise", 512, 512, 20);
        IJ.doCommand("DDPM Denoise...");
        press(dialog("DDPM Denoise..."));
        await(() -> IJ.getInstance() != null && ImageJ.getStatusBarText().matches("Sumi: [0-9].*") ? "working" : null);
        long begin = System.currentTimeMillis();
        IJ.getInstance().requestFocus();
        robot.delay(200);
        type(KeyEvent.VK_ESCAPE);
        await(() -> Thread.getAllStackTraces().keySet().stream().anyMatch(each -> each.getName().startsWith("SciJava-bridge") && busy(each)) ? null : "over");
        System.out.println("escape " + (System.currentTimeMillis() - begin) + " " + Arrays.toString(WindowManager.getImageTitles()));
    }

    private static boolean busy(Thread thread) {
        return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getClassName().startsWith("io.github.sumi.plugin"));
    }

    private void wrongValues() throws Exception {
        WindowManager.closeAllWindows();
        macro("run(\"DDPM Denoise...\", \"model=nuclei\"); newImage(\"after\", \"8-bit\", 8, 8, 1);");
        for (String wrong : new String[] {"steps=many", "mode=best", "noise=camera offset=abc", "model=none"}) {
            macro("newImage(\"open\", \"8-bit ramp\", 64, 64, 1); run(\"DDPM Denoise...\", \"" + wrong + "\"); newImage(\"after\", \"8-bit\", 8, 8, 1);");
        }
        System.out.println("wrong " + (WindowManager.getImage("after") == null));
    }

    private static void macro(String code) throws InterruptedException {
        Thread thread = new Thread(() -> new Interpreter().run(code), "test_Macro$");
        thread.start();
        thread.join();
    }

    private static GenericDialog dialog(String title) {
        return await(() -> Arrays.stream(Window.getWindows()).filter(Window::isShowing).filter(GenericDialog.class::isInstance)
                .map(GenericDialog.class::cast).filter(dialog -> dialog.getTitle().equals(title)).findFirst().orElse(null));
    }

    private static Point middle(Component component) {
        Point at = component.getLocationOnScreen();
        return new Point(at.x + component.getWidth() / 2, at.y + component.getHeight() / 2);
    }

    private void click(Point at) {
        robot.delay(300);
        robot.mouseMove(at.x, at.y);
        robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
        robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
        robot.delay(300);
    }

    /** Its OK; again where a click was lost. Moved first: where no window manager tells it, AWT may believe the dialog elsewhere. */
    private void press(GenericDialog dialog) throws Exception {
        for (int tries = 0; tries < 10 && dialog.isShowing(); tries++) {
            dialog.setLocation(400 + tries, 60);
            robot.waitForIdle();
            click(middle(dialog.getButtons()[0]));
            for (int waited = 0; waited < 20 && dialog.isShowing(); waited++) {
                IJ.wait(50);
            }
        }
        if (dialog.isShowing()) {
            picture("stays");
            System.out.println("dialog stays: OK " + dialog.getButtons()[0] + " clicked at " + middle(dialog.getButtons()[0]) + ", mouse at "
                    + MouseInfo.getPointerInfo().getLocation() + ", in front " + KeyboardFocusManager.getCurrentKeyboardFocusManager().getActiveWindow());
        }
    }

    private static <T> T await(Supplier<T> what) {
        long end = System.currentTimeMillis() + PATIENCE;
        while (System.currentTimeMillis() < end) {
            T found = what.get();
            if (found != null) {
                return found;
            }
            IJ.wait(50);
        }
        Thread.getAllStackTraces().forEach((thread, frames) -> System.out.println(thread.getName() + " " + List.of(frames)));
        throw new IllegalStateException("nothing came");
    }

    private void picture(String name) throws Exception {
        robot.waitForIdle();
        robot.delay(500);
        Rectangle screen = new Rectangle(Toolkit.getDefaultToolkit().getScreenSize());
        ImageIO.write(robot.createScreenCapture(screen), "png", new File(pictures, name + ".png"));
    }
}
