// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

/** A command failed; the message is the sentence for the user. */
final class BridgeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BridgeException(String sentence) {
        super(sentence);
    }

    /** In one line: what failed, and what the cause says. */
    BridgeException(String command, Throwable cause) {
        super(sentence(command, cause), cause);
    }

    private static String sentence(String command, Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            return command + " ran out of memory; close images, or give ImageJ more in Edit > Options > Memory & Threads.";
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage().strip();
        return command + " failed: " + message.replaceAll("\\s*\\R\\s*", " ");
    }
}
