// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import java.util.Locale;

/** What really ran, as lines for the result's Info. */
public final class RunInfo {

    private RunInfo() {
    }

    /** Appends to the Info of the result: model, noise, mode, seed, tile, device, time, and a macro line that repeats it. */
    public static void add(ImageDenoiser.Result result, Model model, DenoiseOptions options, Denoiser denoiser) {
        int tile = options.tile() == null ? model.info().tile() : options.tile();
        String mode = options.mode().name().toLowerCase(Locale.ROOT);
        String chain = options.mode() == Mode.MEAN ? "1 UNet evaluation" : "ddpm, " + options.steps() + " steps";
        String text = String.format(Locale.ROOT, """
                Sumi model: %s@%d, SHA-256 %s
                Sumi noise: gaussian, sigma %.6g%s
                Sumi mode: %s (%s), seed %d, tile %d
                Sumi device: %s, %.1f ms per UNet call
                Sumi clipped pixels: %d
                Sumi macro: run("DDPM Denoise...", "model=%s noise=gaussian sigma=%.6g mode=%s samples=%d steps=%d seed=%d tile=%d");
                """, model.id(), model.info().version(), model.sha256(), result.sigma(), options.sigma() == null ? " (estimated)" : "",
                mode, chain, options.seed(), tile, denoiser.device(), denoiser.msPerCall(), result.clipped(),
                model.id(), result.sigma(), mode, options.samples(), options.steps(), options.seed(), tile);
        append(result.image(), text);
        if (result.sd() != null) {
            append(result.sd(), text);
        }
    }

    private static void append(ImagePlus image, String text) {
        String before = image.getInfoProperty();
        image.setProperty("Info", before == null || before.isBlank() ? text : before.stripTrailing() + "\n" + text);
    }
}
