// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.macro.Interpreter;
import io.github.sumi.imagej.Report;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.imagej.Titles;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.Progress;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.scijava.app.StatusService;
import org.scijava.command.ContextCommand;
import org.scijava.log.LogService;
import org.scijava.plugin.Parameter;
import org.scijava.task.TaskService;
import org.scijava.ui.UIService;

/** What the commands share: a fault becomes a sentence, and stops the macro that called. */
abstract class SumiCommand extends ContextCommand {

    @Parameter
    private StatusService status;
    @Parameter
    private LogService log;
    @Parameter(required = false)
    private UIService ui;
    @Parameter(required = false)
    private TaskService tasks;
    private StatusProgress progress;
    private String afterwards = "";

    /** Checks all values, since macros bypass the dialog, and does the work. */
    abstract void execute();

    @Override
    public final void run() {
        IJ.resetEscape();
        try {
            MacroText.check(this);
            execute();
        } catch (CancellationException e) {
            stop("Cancelled.");
        } catch (IllegalArgumentException | ModelException | UncheckedIOException e) {
            stop(e.getMessage());
        } catch (OutOfMemoryError e) {
            stop("Memory ran out. Close other images, raise the limit in Edit > Options > Memory & Threads, or process fewer planes.");
        } catch (RuntimeException e) {
            stop("Sumi has a fault (" + e + "); please report it with the options and the image.");
        } finally {
            if (progress != null) {
                progress.close();
            }
            status.showStatus(1, 1, afterwards);
            if (!afterwards.isEmpty()) {
                log.info(afterwards);
            }
        }
    }

    /** A macro goes on after a failed command, and saves the wrong image, unless its interpreter is stopped. */
    private void stop(String reason) {
        if (ui != null && ui.isHeadless()) {
            // Fiji would say nothing; with windows it is a dialog, and stderr would open Fiji's console
            log.error(reason);
        }
        cancel(reason);
        if (IJ.isMacro()) {
            Macro.abort();
            Interpreter.abort();
        }
    }

    /** 0 is what the field tile holds for the model's own. */
    static Integer tile(int pixels) {
        return pixels == 0 ? null : (Integer) pixels;
    }

    /** -1 is what the field overlap holds for the model's own. */
    static Integer overlap(int pixels) {
        return pixels == -1 ? null : (Integer) pixels;
    }

    static ModelLibrary library() {
        String folder = IJ.getDirectory("imagej");
        return ModelLibrary.standard(folder == null ? null : Path.of(folder));
    }

    /** A title of its own; and headless, Fiji shows no output, so a macro could not select it. */
    final ImagePlus show(ImagePlus image) {
        Titles.makeUnique(image);
        afterwards = RunInfo.memoryNote(image);
        if (IJ.isMacro() && ui != null && ui.isHeadless()) {
            image.show();
        }
        return image;
    }

    static void report(String title, List<String> lines) {
        Report.show(title, lines);
    }

    final Progress progress() {
        progress = new StatusProgress(status, tasks, () -> IJ.escapePressed() || isCanceled());
        return progress;
    }
}
