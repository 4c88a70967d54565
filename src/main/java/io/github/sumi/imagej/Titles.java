// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.WindowManager;

/** Titles that macros can rely on. */
public final class Titles {

    private Titles() {
    }

    /** Adds -1, -2, ... to a title that an open image has. ImageJ's own method overlooks images of batch mode. */
    public static void makeUnique(ImagePlus image) {
        String title = image.getTitle();
        for (int i = 1; WindowManager.getImage(image.getTitle()) != null; i++) {
            image.setTitle(title + "-" + i);
        }
    }
}
