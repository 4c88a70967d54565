// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.IJ;
import ij.Macro;
import ij.macro.Interpreter;
import ij.plugin.frame.Recorder;
import java.awt.GraphicsEnvironment;

/**
 * Who runs the command, which decides how it is asked and told.
 *
 * @param macro a macro or script runs it, so that a failure must stop the macro
 * @param options the macro's options, or null if the user is to be asked
 * @param recorded the menu command that the Recorder is waiting to write down, or null
 */
record Caller(boolean macro, String options, String recorded) {

    private static final String CANCELLED = "Cancelled.";

    /** The caller on this thread. */
    static Caller current() {
        // IJ.isMacro() also answers for a macro on another thread; IJ.run names its own
        boolean macro = Thread.currentThread().getName().startsWith("Run$_");
        String options = Macro.getOptions();
        if (options == null && GraphicsEnvironment.isHeadless()) {
            options = "";
        }
        return new Caller(macro, options, macro || !IJ.recording() ? null : Recorder.getCommand());
    }

    /** Whether nobody would see, or a macro would wait for, a message window. */
    boolean isUnattended() {
        return macro || GraphicsEnvironment.isHeadless();
    }

    /** Tells why the command did not do its work, and stops the macro. */
    void fail(String title, String sentence) {
        if (isUnattended()) {
            IJ.log(sentence);
            stop(sentence);
        } else {
            forget();
            IJ.error(title, sentence);
        }
    }

    /** Ends a command that the user cancelled, and the macro with it. */
    void cancel() {
        forget();
        if (isUnattended()) {
            IJ.log(CANCELLED);
        }
        stop(CANCELLED);
    }

    /** Or ImageJ writes a line without options. */
    private void forget() {
        if (recorded != null) {
            Recorder.disableCommandRecording();
        }
    }

    private void stop(String sentence) {
        if (!macro) {
            return;
        }
        Interpreter interpreter = Interpreter.getInstance();
        if (interpreter != null) {
            // Interpreter.abort() would wait two seconds for this very thread; this stops it at once, without a dialog
            interpreter.setIgnoreErrors(true);
            interpreter.abort(sentence);
        }
        // last, for it throws on a macro's thread: ImageJ expects that
        Macro.abort();
    }
}
