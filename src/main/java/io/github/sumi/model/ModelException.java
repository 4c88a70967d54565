// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

/**
 * A model cannot be used. The message is one sentence or two that name the file and what to do. Some of its words can be the
 * model's own, a stranger's: it is cut to {@value #MAX_LENGTH} characters, and none of them steers a terminal.
 */
public class ModelException extends RuntimeException {

    static final int MAX_LENGTH = 1000;

    private static final long serialVersionUID = 1L;

    /** @param message the sentences that the user reads */
    public ModelException(String message) {
        super(printable(message));
    }

    /** @param message the sentences that the user reads */
    public ModelException(String message, Throwable cause) {
        super(printable(message), cause);
    }

    /** The text without control characters, and not longer than a message may be. */
    static String printable(String text) {
        String cut = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
        return cut.replaceAll("\\p{Cc}+", " ");
    }
}
