// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.process.ByteProcessor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a macro may call in tests; public, for ImageJ's call function. */
public final class MacroSteps {

    static final List<String> DONE = new CopyOnWriteArrayList<>();

    private MacroSteps() {
    }

    /** Runs the dummy with options, as {@code run("Dummy...", options)} would. */
    public static void dummy(String options) {
        DONE.add("before");
        Macro.setOptions(options);
        WindowManager.setTempCurrentImage(new ImagePlus("open", new ByteProcessor(8, 8)));
        new SciJavaBridge().run(DummyCommand.class.getName());
        DONE.add("returned");
    }

    /** Notes that the macro came here. */
    public static void step(String name) {
        DONE.add(name);
    }
}
