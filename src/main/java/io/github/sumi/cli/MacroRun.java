// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import ij.IJ;
import ij.Macro;
import ij.Menus;
import ij.macro.Interpreter;
import java.awt.HeadlessException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A macro in an ImageJ that needs no display; public for {@link MacroCommand}, which calls it by another class loader. */
public final class MacroRun {

    private static final Pattern COMMAND = Pattern.compile("[^#]*, *\"(.*)\", *(.*)");
    /** An exit without a message, which is no fault. */
    private static final Pattern QUIET_EXIT = Pattern.compile("\\bexit\\s*(\\(\\s*\\))?\\s*(;|$|})");

    private MacroRun() {
    }

    /** Notes whether a command stopped the macro, which then just ends. */
    private static final class WatchedInterpreter extends Interpreter {

        private volatile boolean aborted;

        @Override
        public void abortMacro() {
            aborted = true;
            super.abortMacro();
        }
    }

    /** Runs a macro to its end and returns null; or returns why it stopped before, if that is known, or else an empty text. */
    public static String run(String code, String argument) throws IOException {
        // a name that ij1-patcher knows; ImageJ's own method can't be called from here
        IJ.runPlugIn("ij.IJ.init", "");
        addCommands();
        WatchedInterpreter interpreter = new WatchedInterpreter();
        RuntimeException end = null;
        try {
            interpreter.run(code, argument);
        } catch (HeadlessException e) {
            return "a command in it needs a display";
        } catch (RuntimeException e) {
            end = e;
        }
        if (interpreter.getErrorMessage() != null) {
            return interpreter.getErrorMessage();
        } else if (end != null && !Macro.MACRO_CANCELED.equals(end.getMessage())) {
            return end.toString();
        }
        return interpreter.aborted || end != null && !isQuietExit(code, interpreter.getLineNumber()) ? "" : null;
    }

    private static boolean isQuietExit(String code, int line) {
        return QUIET_EXIT.matcher(code.lines().skip(Math.max(0, line - 1L)).findFirst().orElse("")).find();
    }

    /** Those of plugins.config, as plain ImageJ finds them in a jar of its plugins folder. */
    @SuppressWarnings("unchecked")
    private static void addCommands() throws IOException {
        try (InputStream in = MacroRun.class.getResourceAsStream("/plugins.config")) {
            if (in == null) {
                throw new IOException("Sumi's commands are missing; use Sumi_-...-all.jar.");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher command = COMMAND.matcher(line);
                if (command.matches()) {
                    Menus.getCommands().put(command.group(1), command.group(2));
                }
            }
        }
    }
}
