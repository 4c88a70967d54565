// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.concurrent.CancellationException;

/** Told after each step and tile how much is done, and asked as often whether the user has cancelled. */
public interface Progress {

    /** Tells nobody and is never cancelled. */
    Progress NONE = new Progress() {
        @Override
        public void update(double fraction) {
            // nobody listens
        }

        @Override
        public boolean cancelled() {
            return false;
        }
    };

    /** @param fraction of the whole that is done, 0 to 1, never falling */
    void update(double fraction);

    /** Whether the user wants it to stop; asked from any thread. */
    boolean cancelled();

    /** @throws CancellationException if the user wants it to stop */
    default void check() {
        if (cancelled()) {
            throw new CancellationException("Cancelled.");
        }
    }

    /** The progress of part {@code index}, counted from 0, of {@code count} equal ones. */
    default Progress part(int index, int count) {
        Progress whole = this;
        return new Progress() {
            @Override
            public void update(double fraction) {
                whole.update((index + Math.min(1, fraction)) / count);
            }

            @Override
            public boolean cancelled() {
                return whole.cancelled();
            }
        };
    }

    /** The progress of each of {@code count} equal parts in turn: when one has come to 1, the next begins. */
    default Progress parts(int count) {
        Progress whole = this;
        return new Progress() {
            private int done;

            @Override
            public void update(double fraction) {
                whole.update(Math.min(1, (done + fraction) / count));
                done += fraction >= 1 ? 1 : 0;
            }

            @Override
            public boolean cancelled() {
                return whole.cancelled();
            }
        };
    }
}
