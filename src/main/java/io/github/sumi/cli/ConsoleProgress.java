// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.TimeLeft;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Progress on a terminal as a bar, elsewhere as a line now and then. Cancelled when the thread that made it is interrupted. */
final class ConsoleProgress implements Progress, AutoCloseable {

    private static final long LINE_EVERY_MILLIS = 5000;
    private static final int WHOLE = 1000;

    private final boolean terminal = System.console() != null;
    private final Thread worker = Thread.currentThread();
    private final String task;
    private final PrintWriter err;
    private long lastLine = System.currentTimeMillis();
    private final TimeLeft time = new TimeLeft();
    private ProgressBar bar;

    /** @param task what is done, for the user */
    ConsoleProgress(String task, PrintWriter err) {
        this.task = task;
        this.err = err;
    }

    @Override
    public void update(double fraction) {
        String text = time.text(fraction, System.nanoTime());
        if (terminal) {
            if (bar == null) {
                bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(WHOLE).clearDisplayOnFinish().build();
            }
            bar.stepTo(Math.round(WHOLE * fraction));
        } else if (System.currentTimeMillis() - lastLine > LINE_EVERY_MILLIS) {
            lastLine = System.currentTimeMillis();
            err.println(task + " " + text);
        }
    }

    @Override
    public boolean cancelled() {
        return worker.isInterrupted();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
