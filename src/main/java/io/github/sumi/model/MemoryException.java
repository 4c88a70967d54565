// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

/** A call of the network found too little memory. A smaller one may do. */
public final class MemoryException extends ModelException {

    private static final long serialVersionUID = 1L;

    /** @param message the sentences that the user reads */
    public MemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
