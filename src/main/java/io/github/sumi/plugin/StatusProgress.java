// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.TimeLeft;
import java.util.function.BooleanSupplier;
import org.scijava.app.StatusService;
import org.scijava.task.Task;
import org.scijava.task.TaskService;

/** Progress in the status bar, which is emptied at the end, and as a task, which Fiji shows with an icon that cancels it. */
final class StatusProgress implements Progress, AutoCloseable {

    private static final int WHOLE = 1000;

    private final StatusService status;
    private final BooleanSupplier cancelled;
    private final Task task;
    private final TimeLeft time = new TimeLeft();
    private int shown = -1;
    private volatile boolean stopped;

    /**
     * @param status may be null
     * @param tasks may be null
     */
    StatusProgress(StatusService status, TaskService tasks, BooleanSupplier cancelled) {
        this.status = status;
        this.cancelled = cancelled;
        task = tasks == null ? null : tasks.createTask("Sumi");
        if (task != null) {
            task.setCancelCallBack(() -> stopped = true);
            task.setProgressMaximum(WHOLE);
            task.start();
        }
    }

    @Override
    public void update(double fraction) {
        int step = (int) (WHOLE * fraction);
        if (step == shown) {
            // each event is drawn
            return;
        }
        shown = step;
        String text = "Sumi: " + time.text(fraction, System.nanoTime());
        if (status != null) {
            status.showStatus(step, WHOLE, text);
        }
        if (task != null) {
            task.setStatusMessage(text);
            task.setProgressValue(step);
        }
    }

    /** Stays so once it was: the key that says so is let go, or reset by another run. */
    @Override
    public boolean cancelled() {
        stopped |= cancelled.getAsBoolean();
        return stopped;
    }

    @Override
    public void close() {
        if (status != null) {
            status.showStatus(1, 1, "");
        }
        if (task != null) {
            task.finish();
        }
    }
}
