// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.pipeline.Progress;
import java.util.function.BooleanSupplier;
import org.scijava.app.StatusService;

/** Progress in the status bar, which is emptied at the end. */
final class StatusProgress implements Progress, AutoCloseable {

    private static final int WHOLE = 1000;

    private final StatusService status;
    private final BooleanSupplier cancelled;

    /** @param status may be null */
    StatusProgress(StatusService status, BooleanSupplier cancelled) {
        this.status = status;
        this.cancelled = cancelled;
    }

    @Override
    public void update(double fraction) {
        if (status != null) {
            status.showStatus((int) (WHOLE * fraction), WHOLE, "Sumi: " + Math.round(100 * fraction) + " %");
        }
    }

    @Override
    public boolean cancelled() {
        return cancelled.getAsBoolean();
    }

    @Override
    public void close() {
        if (status != null) {
            status.showStatus(1, 1, "");
        }
    }
}
