// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;
import java.awt.EventQueue;
import java.awt.GraphicsEnvironment;
import java.util.Optional;

/** ImageJ's open images. */
final class Images {

    static final String NONE = "Open an image first.";

    private static final long PATIENCE_MILLIS = 2000;
    private static final int POLL_MILLIS = 10;

    private Images() {
    }

    /** @throws IllegalArgumentException with a sentence, if no image is open */
    static ImagePlus current() {
        ImagePlus image = WindowManager.getCurrentImage();
        if (image == null) {
            throw new IllegalArgumentException(NONE);
        }
        return image;
    }

    /** By title, or else by ID. */
    static Optional<ImagePlus> find(String text) {
        ImagePlus image = WindowManager.getImage(text);
        if (image == null && text.matches("-[0-9]{1,9}")) {
            image = WindowManager.getImage(Integer.parseInt(text));
        }
        return Optional.ofNullable(image);
    }

    /** Shows an image unless it is there already, and makes it the current one. */
    static void show(ImagePlus image) {
        if (image.getWindow() != null) {
            image.updateAndDraw();
            WindowManager.setCurrentWindow(image.getWindow());
        } else if (GraphicsEnvironment.isHeadless() && !IJ.isMacro() || WindowManager.getImage(image.getID()) != null) {
            // without a display there is no window to open, and in batch mode the command may have registered the image itself
            WindowManager.setTempCurrentImage(image);
            Interpreter.activateImage(image);
        } else {
            image.show();
            makeCurrent(image);
        }
    }

    /** A window becomes the current one by an event, which may come after that of a window shown later; so it is waited for. */
    private static void makeCurrent(ImagePlus image) {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!EventQueue.isDispatchThread() && image.getWindow() != null && !image.getWindow().isActive() && System.currentTimeMillis() < end) {
            IJ.wait(POLL_MILLIS);
        }
        if (image.getWindow() != null) {
            WindowManager.setCurrentWindow(image.getWindow());
        }
    }
}
