// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import ij.gui.ImageRoi;
import ij.gui.Overlay;
import io.github.sumi.imagej.ImagePreview;
import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.Joining;
import io.github.sumi.pipeline.Progress;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** Lays what a command would make over a part of its image while the dialog is open; the pixels stay as they are. */
final class Preview implements AutoCloseable {

    /** Makes the picture, on a thread of its own. */
    @FunctionalInterface
    interface Work {
        ImagePreview.Result run(Progress progress);
    }

    private final ImagePlus image;
    private final Consumer<String> status;
    private Run current;
    private boolean closed;

    /** @param status is told what is shown, or why nothing is */
    Preview(ImagePlus image, Consumer<String> status) {
        this.image = image;
        this.status = status;
    }

    /** Shows this instead of what was asked for before. */
    synchronized void request(Work work) {
        withdraw();
        if (!closed) {
            current = new Run(work);
            current.start();
        }
    }

    /** Shows nothing. */
    synchronized void withdraw() {
        if (current != null) {
            current.withdraw();
            current = null;
        }
    }

    /** Shows nothing any more; returns when the network is free. */
    @Override
    public void close() {
        Run last;
        synchronized (this) {
            closed = true;
            last = current;
            withdraw();
        }
        if (last != null) {
            Joining.uninterruptibly(last);
        }
    }

    private final class Run extends Thread implements Progress {

        private final Work work;
        private volatile boolean withdrawn;
        private ImageRoi shown;

        Run(Work work) {
            super("sumi-preview");
            this.work = work;
            setDaemon(true);
        }

        @Override
        public void run() {
            status.accept("Sumi: preview...");
            String said;
            try {
                ImagePreview.Result result = work.run(this);
                show(result);
                said = "Sumi: preview of " + result.pixels().getWidth() + " x " + result.pixels().getHeight() + " pixels, " + result.how();
            } catch (CancellationException e) {
                said = "";
            } catch (IllegalArgumentException | ModelException e) {
                said = "Sumi: no preview. " + e.getMessage();
            }
            if (!withdrawn) {
                status.accept(said);
            }
        }

        private synchronized void show(ImagePreview.Result result) {
            if (withdrawn) {
                return;
            }
            shown = new ImageRoi(result.x(), result.y(), result.pixels());
            if (image.isHyperStack()) {
                shown.setPosition(image.getC(), image.getZ(), image.getT());
            } else if (image.getStackSize() > 1) {
                shown.setPosition(image.getCurrentSlice());
            }
            Overlay overlay = image.getOverlay() == null ? new Overlay() : image.getOverlay();
            overlay.add(shown);
            image.setOverlay(overlay);
        }

        private synchronized void withdraw() {
            withdrawn = true;
            Overlay overlay = image.getOverlay();
            if (shown != null && overlay != null) {
                overlay.remove(shown);
                image.setOverlay(overlay.size() == 0 ? null : overlay);
            }
        }

        @Override
        public void update(double fraction) {
            // it is short
        }

        @Override
        public boolean cancelled() {
            return withdrawn;
        }
    }
}
