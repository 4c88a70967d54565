// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.IJ;
import org.scijava.app.event.StatusEvent;
import org.scijava.event.EventHandler;
import org.scijava.module.event.ModuleErroredEvent;

/** Hands SciJava's status to ImageJ's status bar and progress bar. */
public final class StatusForwarder {

    /** Shows text and progress, as far as the event has them. */
    @EventHandler
    public void onStatus(StatusEvent event) {
        if (event.getStatusMessage() != null) {
            IJ.showStatus(event.getStatusMessage());
        }
        if (event.getProgressMaximum() > 0 && event.getProgressValue() >= 0) {
            IJ.showProgress((double) event.getProgressValue() / event.getProgressMaximum());
        }
    }

    /** Consumed, since SciJava would print a stack trace otherwise; the bridge says a sentence. */
    @EventHandler
    public void onError(ModuleErroredEvent event) {
        event.consume();
    }
}
