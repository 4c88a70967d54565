// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.IJ;
import ij.Macro;
import ij.plugin.PlugIn;
import java.util.concurrent.CancellationException;
import org.scijava.command.CommandInfo;

/**
 * Runs a SciJava command as a plugin of plain ImageJ, by a line of plugins.config such as
 * {@code Plugins>Sumi, "My Command...", io.github.sumi.bridge.SciJavaBridge("org.example.MyCommand")}.
 *
 * <p>The macro keys are the names of the command's fields in lower case, as in Fiji, so that one macro line runs in both.
 */
public final class SciJavaBridge implements PlugIn {

    /** Said inside Fiji, which runs the commands itself. */
    static final String IN_FIJI = "This file is for plain ImageJ: remove Sumi_-...-all.jar from plugins"
            + " and unpack sumi-fiji.zip over the Fiji folder instead.";

    private static final String LEGACY = "net/imagej/legacy/LegacyService.class";

    /** Static, since ImageJ makes a new plugin object for each run, and a context takes a second to build. */
    private static final class Holder {

        static final BridgeContext CONTEXT = new BridgeContext();
    }

    /** @param className the command's class */
    @Override
    public void run(String className) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // SciJava looks for commands through the thread, and ImageJ's threads do not see the plugins folder
        ClassLoader loader = SciJavaBridge.class.getClassLoader();
        thread.setContextClassLoader(loader);
        try {
            run(className, Caller.current(), isFiji(loader) || isFiji(IJ.getClassLoader()));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void run(String className, Caller caller, boolean inFiji) {
        String title = "ImageJ";
        try {
            if (inFiji) {
                throw new BridgeException(IN_FIJI);
            }
            CommandInfo info = Holder.CONTEXT.command(className);
            title = CommandRun.label(info);
            new CommandRun(Holder.CONTEXT, info, caller).run();
        } catch (CancellationException e) {
            caller.cancel();
        } catch (BridgeException | IllegalArgumentException e) {
            caller.fail(title, e.getMessage());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            if (Macro.MACRO_CANCELED.equals(e.getMessage())) {
                throw e;
            }
            caller.fail(title, new BridgeException(title, e).getMessage());
        }
    }

    /** By resource, so that no class of Fiji is loaded; ij1-patcher alone is no sign, for a headless plain ImageJ needs it too. */
    static boolean isFiji(ClassLoader loader) {
        return loader.getResource(LEGACY) != null;
    }
}
