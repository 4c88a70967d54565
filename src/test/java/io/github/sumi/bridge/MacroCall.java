// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A call of the bridge as a macro makes it, but without ImageJ's menus, which need a display.
 *
 * @param printed all that was logged or printed, errors too
 * @param current the macro's current image afterwards
 */
record MacroCall(String printed, ImagePlus current) {

    static MacroCall run(String className, String options, ImagePlus open) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        AtomicReference<ImagePlus> current = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        // IJ.run renames its thread so, and Macro.getOptions looks at the name
        Thread thread = new Thread(() -> {
            Macro.setOptions(options);
            WindowManager.setTempCurrentImage(open);
            new SciJavaBridge().run(className);
            current.set(WindowManager.getCurrentImage());
        }, "Run$_test");
        thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
        try (PrintStream caught = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(caught);
            System.setErr(caught);
            thread.start();
            thread.join();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        if (thrown.get() != null) {
            throw new AssertionError("thrown at the macro", thrown.get());
        }
        return new MacroCall(bytes.toString(StandardCharsets.UTF_8).strip(), current.get());
    }
}
