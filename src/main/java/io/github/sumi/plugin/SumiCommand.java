// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.macro.Interpreter;
import io.github.sumi.imagej.Report;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.imagej.Titles;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.Progress;
import java.awt.GraphicsEnvironment;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.scijava.app.StatusService;
import org.scijava.command.ContextCommand;
import org.scijava.command.Previewable;
import org.scijava.log.LogService;
import org.scijava.object.ObjectService;
import org.scijava.plugin.Parameter;
import org.scijava.task.TaskService;
import org.scijava.ui.UIService;

/**
 * What the commands share: values are checked while the dialog is open and again when the command runs, a fault becomes a
 * sentence, and stops the macro that called.
 */
abstract class SumiCommand extends ContextCommand implements Previewable {

    @Parameter
    private StatusService status;
    @Parameter
    private LogService log;
    @Parameter
    private ObjectService objects;
    @Parameter(required = false)
    private UIService ui;
    @Parameter(required = false)
    private TaskService tasks;
    private StatusProgress progress;
    /** A dialog is open. */
    private volatile boolean asking;
    /** No dialog will be open any more. */
    private boolean begun;
    private String afterwards = "";

    /**
     * Checks what can be checked before the work, since macros bypass the dialog.
     *
     * @throws IllegalArgumentException naming a value and what is allowed
     */
    void check() {
    }

    /** Does the work, after {@link #check}. */
    abstract void execute();

    /** Shows in the open dialog's image what the values would give, or not any more; comes back at once. */
    void showPreview() {
    }

    /** Takes away what {@link #showPreview} showed. */
    void endPreview() {
    }

    @Override
    public final void run() {
        IJ.resetEscape();
        try {
            cancel();
            MacroText.check(this);
            check();
            execute();
        } catch (CancellationException e) {
            // who cancelled needs no dialog to be told so
            stop("");
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
            say(afterwards);
            if (!afterwards.isEmpty()) {
                log.info(afterwards);
            }
        }
    }

    /** Called when a dialog opens, and after each change in it; never without a dialog. */
    @Override
    public final synchronized void preview() {
        asking = !begun;
        if (!asking) {
            return;
        }
        if (problem() == null) {
            showPreview();
        } else {
            endPreview();
        }
    }

    /** Called when the dialog is over. */
    @Override
    public final synchronized void cancel() {
        begun = true;
        asking = false;
        endPreview();
    }

    /**
     * The validater of each command's last input: of all values together, since they depend on one another. Macros and scripts
     * set them one after the other, so there they are checked when all are there, by {@link #run}.
     *
     * @return what is wrong, or null
     */
    final String problem() {
        if (!asking) {
            return null;
        }
        try {
            check();
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** The initializer of inputs that are models: dialogs list those that are here. */
    final void offerAllModels() {
        ModelName.offerAll(library(), objects);
    }

    /** The initializer of inputs that are models which are given no image; the others are for DDPM Translate... alone. */
    final void offerModels() {
        ModelName.offer(library(), objects);
    }

    /** Makes the models that make an image of another the ones that dialogs list, or {@link ModelName#NONE} where there is none. */
    final List<ModelName> translators() {
        return ModelName.offerTranslators(library(), objects);
    }

    /** The initializer of inputs that are labels: dialogs list those of the models that are here. */
    final void offerLabels() {
        LabelName.offer(library(), objects);
    }

    /** A macro goes on after a failed command, and saves the wrong image, unless its interpreter is stopped. */
    private void stop(String reason) {
        if (ui != null && ui.isHeadless()) {
            // Fiji would say nothing; with windows it is a dialog, and stderr would open Fiji's console
            log.error(reason.isEmpty() ? "Cancelled." : reason);
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

    /** @throws IllegalArgumentException if there is no image: headless, Fiji gives an empty one */
    static void needImage(ImagePlus image) {
        if (image == null || image.getProcessor() == null) {
            throw new IllegalArgumentException("There is no image; open one first.");
        }
    }

    static ModelLibrary library() {
        String folder = IJ.getDirectory("imagej");
        return ModelLibrary.standard(folder == null ? null : Path.of(folder));
    }

    /** @throws ModelException if there is none of that name, or it isn't sound */
    static Model find(ModelName name) {
        return library().find(name.text());
    }

    /** A title of its own; and headless, Fiji shows no output, so a macro could not select it. */
    final ImagePlus show(ImagePlus image) {
        Titles.makeUnique(image);
        afterwards = RunInfo.note(image);
        if (IJ.isMacro() && ui != null && ui.isHeadless()) {
            image.show();
        }
        return image;
    }

    /**
     * Hands over what was finished before the user cancelled: outputs of a cancelled command are shown by nobody else.
     *
     * @param finished the images, the main one first
     * @throws CancellationException always
     */
    final void keep(List<ImagePlus> finished) {
        for (ImagePlus image : finished) {
            Titles.makeUnique(image);
            if (IJ.isMacro() || !GraphicsEnvironment.isHeadless()) {
                image.show();
            }
        }
        afterwards = "Cancelled; what was finished is in " + finished.get(0).getTitle();
        throw new CancellationException();
    }

    /** In the status bar. */
    final void say(String text) {
        status.showStatus(1, 1, text);
    }

    static void report(String title, List<String> lines) {
        Report.show(title, lines);
    }

    /** Asked for by Esc, the task's stop icon, and closing the image that is worked on. @param image null for none */
    final Progress progress(ImagePlus image) {
        boolean shown = image != null && image.getWindow() != null;
        progress = new StatusProgress(status, tasks, () -> IJ.escapePressed() || isCanceled() || shown && image.getWindow() == null);
        return progress;
    }
}
