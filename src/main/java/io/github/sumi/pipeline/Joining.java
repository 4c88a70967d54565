// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

/** Waiting for threads that use what is to be freed after them. */
public final class Joining {

    private Joining() {
    }

    /** Returns when the thread has ended, also if this one is interrupted, which it then still is. */
    public static void uninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
