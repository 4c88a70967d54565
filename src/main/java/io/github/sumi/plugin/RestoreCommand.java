// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.IJ;
import ij.ImagePlus;
import io.github.sumi.imagej.ImageDenoiser;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.pipeline.PlaneRestorer;
import java.util.Locale;

/** What the commands share that make better images of images. */
abstract class RestoreCommand extends SumiCommand {

    /** Does the planes of an image, or of its selection; says before how long chains take. */
    final ImageDenoiser.Result restore(PlaneRestorer restorer, ImagePlus input, ImageOptions options) {
        if (restorer.evaluations() > 1) {
            say(String.format(Locale.ROOT, "Sumi: %d UNet evaluations a plane, about %.0f s a megapixel", restorer.evaluations(),
                    restorer.secondsPerMegapixel()));
        }
        return new ImageDenoiser(restorer, options).denoise(input, input.getRoi(), progress(input));
    }

    /**
     * Shows results that have their Info, and logs what the user should know.
     *
     * @throws java.util.concurrent.CancellationException if there are planes that were not reached
     */
    final void show(ImageDenoiser.Result result, ImagePlus input) {
        result.warnings().forEach(warning -> IJ.log(input.getTitle() + ": " + warning));
        if (result.missing() > 0) {
            keep(result.images());
        }
        result.images().forEach(this::show);
    }
}
