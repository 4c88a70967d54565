// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.IJ;
import ij.text.TextWindow;
import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.util.List;

/** Text for the user: a window from the menu; the Log in macros, which read it by getInfo("log"), and without a display. */
public final class Report {

    private static final int WIDTH = 960;
    private static final int LINE = 18;
    private static final int FRAME = 120;

    private Report() {
    }

    /** Shows lines whose columns are aligned by spaces. */
    public static void show(String title, List<String> lines) {
        if (IJ.isMacro() || GraphicsEnvironment.isHeadless()) {
            lines.forEach(IJ::log);
            return;
        }
        TextWindow window = new TextWindow(title, String.join("\n", lines), WIDTH, FRAME + LINE * lines.size());
        window.getTextPanel().setFont(new Font(Font.MONOSPACED, Font.PLAIN, 12), true);
    }
}
