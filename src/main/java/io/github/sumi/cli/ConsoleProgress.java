// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.pipeline.Progress;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Progress on a terminal as a bar, elsewhere as a line for each stage that took a while. */
final class ConsoleProgress implements Progress, AutoCloseable {

    private static final long LINE_EVERY_MILLIS = 5000;

    private final boolean terminal = System.console() != null;
    private final PrintWriter err;
    private long lastLine = System.currentTimeMillis();
    private ProgressBar bar;
    private String stage = "";

    ConsoleProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void update(String newStage, long done, long total) {
        if (terminal) {
            if (!newStage.equals(stage)) {
                close();
                stage = newStage;
                bar = new ProgressBarBuilder().setTaskName(newStage).setInitialMax(total).clearDisplayOnFinish().build();
            }
            bar.maxHint(total);
            bar.stepTo(done);
        } else if (System.currentTimeMillis() - lastLine > LINE_EVERY_MILLIS) {
            lastLine = System.currentTimeMillis();
            err.println(newStage + " " + done + "/" + total);
        }
    }

    @Override
    public boolean cancelled() {
        return Thread.currentThread().isInterrupted();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
            stage = "";
        }
    }
}
