// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.IJ;
import ij.plugin.frame.Recorder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Hands the options of a menu command to the Recorder, which writes one {@code run(...)} line when the command returns. */
final class Recording {

    private Recording() {
    }

    /**
     * @param command as the Recorder knows it
     * @param texts the values by key
     */
    static void write(String command, List<Option> options, Map<String, String> texts) {
        // anew, for the user may have run other commands while this one worked
        Recorder.setCommand(command);
        texts.forEach((key, text) -> Recorder.recordOption(key, Recorder.fixString(text)));
        if (!isReadBack(options, texts)) {
            IJ.log("The recorded line of " + command + " cannot be run: a value in it holds a bracket, a quote or the name of another option.");
        }
    }

    /** Whether a macro reads the same values, once its quotes are off. */
    static boolean isReadBack(List<Option> options, Map<String, String> texts) {
        try {
            return new MacroOptions(line(texts)).read(options).equals(texts);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String line(Map<String, String> texts) {
        return texts.entrySet().stream().map(entry -> entry.getKey() + "="
                + (entry.getValue().contains(" ") ? "[" + entry.getValue() + "]" : entry.getValue())).collect(Collectors.joining(" "));
    }
}
