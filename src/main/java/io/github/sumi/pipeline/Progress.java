// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.concurrent.CancellationException;

/** Told after each step and tile, and asked as often whether the user has cancelled. */
public interface Progress {

    /** Tells nobody and is never cancelled. */
    Progress NONE = new Progress() {
        @Override
        public void update(String stage, long done, long total) {
            // nobody listens
        }

        @Override
        public boolean cancelled() {
            return false;
        }
    };

    /** @param stage what is being done, for the user; @param done units finished; @param total units in all */
    void update(String stage, long done, long total);

    /** Whether the user wants it to stop. */
    boolean cancelled();

    /** @throws CancellationException if the user wants it to stop */
    default void check() {
        if (cancelled()) {
            throw new CancellationException("Cancelled.");
        }
    }
}
