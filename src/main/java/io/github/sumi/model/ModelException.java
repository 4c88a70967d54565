// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

/** A model cannot be used. The message is one sentence or two that name the file and what to do. */
public class ModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message the sentences that the user reads */
    public ModelException(String message) {
        super(message);
    }

    /** @param message the sentences that the user reads */
    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
