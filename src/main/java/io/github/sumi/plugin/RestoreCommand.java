// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.IJ;
import ij.ImagePlus;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.ImagePreview;
import io.github.sumi.imagej.ImageRestorer;
import io.github.sumi.pipeline.PlaneRestorer;
import java.util.Locale;
import java.util.function.Supplier;

/** What the commands share that make better images of images. */
abstract class RestoreCommand extends SumiCommand {

    private Preview shown;

    /**
     * Shows what a restorer makes of a part of the image, or not any more.
     *
     * @param wanted the value of the preview's input; null once the command ran
     * @param open a restorer for one preview, on a thread of its own
     */
    final void showPreview(Boolean wanted, ImagePlus input, Supplier<PlaneRestorer> open) {
        if (!Boolean.TRUE.equals(wanted)) {
            endPreview();
            return;
        }
        if (shown == null) {
            shown = new Preview(input, this::say);
        }
        shown.request(progress -> {
            try (PlaneRestorer restorer = open.get()) {
                return new ImagePreview(restorer).restore(input, progress);
            }
        });
    }

    @Override
    final void endPreview() {
        if (shown != null) {
            shown.close();
            shown = null;
        }
    }

    /** Does the planes of an image, or of its selection; says before how long chains take. */
    final ImageRestorer.Result restore(PlaneRestorer restorer, ImagePlus input, ImageOptions options) {
        if (restorer.evaluations() > 1) {
            say(String.format(Locale.ROOT, "Sumi: %d UNet evaluations a plane, about %.0f s a megapixel", restorer.evaluations(),
                    restorer.secondsPerMegapixel()));
        }
        return new ImageRestorer(restorer, options).restore(input, input.getRoi(), progress(input));
    }

    /**
     * Shows results that have their Info, and logs what the user should know.
     *
     * @throws java.util.concurrent.CancellationException if there are planes that were not reached
     */
    final void show(ImageRestorer.Result result, ImagePlus input) {
        result.warnings().forEach(warning -> IJ.log(input.getTitle() + ": " + warning));
        if (result.missing() > 0) {
            keep(result.images());
        }
        result.images().forEach(this::show);
    }
}
