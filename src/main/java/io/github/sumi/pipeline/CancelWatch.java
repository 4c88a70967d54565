// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.OnnxNoisePredictor;

/** Ends the call of the network that is under way once the user cancels: a large tile takes seconds. */
final class CancelWatch implements AutoCloseable {

    private static final long EVERY_MILLIS = 50;

    private final Thread thread;
    private volatile boolean closed;

    CancelWatch(Progress progress, OnnxNoisePredictor network) {
        thread = new Thread(() -> {
            while (!closed) {
                if (progress.cancelled()) {
                    network.terminate();
                }
                try {
                    Thread.sleep(EVERY_MILLIS);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }, "sumi-cancel-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns when the network is no longer watched. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Joining.uninterruptibly(thread);
    }
}
