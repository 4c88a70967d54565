// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageDenoiser;
import io.github.sumi.pipeline.LargeImageJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/** Images that are read and written part by part, by what lies beside this jar. */
final class LargeFormats {

    private LargeFormats() {
    }

    /**
     * What denoises an image part by part.
     *
     * @return null if it is no such image
     * @throws IOException in a sentence, if the jar for it is missing
     */
    static LargeImageDenoiser of(String in) throws IOException {
        if (isGlob(in)) {
            return null;
        }
        try {
            for (LargeImageDenoiser denoiser : ServiceLoader.load(LargeImageDenoiser.class)) {
                if (denoiser.accepts(in)) {
                    return denoiser;
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new IOException("This jar is for Spark: start it by spark-submit (docs/scaling.md), or use the jar whose name ends with -all.jar.", e);
        }
        if (in.matches("[a-z][a-z0-9]+://.*")) {
            throw new IOException(in + " is an address. Images in S3 are denoised by the jar for Spark (docs/scaling.md); copy others to a disk first.");
        }
        if (isZarr(in)) {
            throw new IOException(in + " is a Zarr image. Put the jar of the same version whose name ends with -zarr.jar beside the jar of Sumi"
                    + " ('./mvnw -Pzarr package' makes it in target/zarr), then run the same command again.");
        }
        return null;
    }

    /** @throws IOException if it is an image that only denoising takes */
    static void refuse(String in, String command) throws IOException {
        if (!isGlob(in) && isZarr(in)) {
            throw new IOException(in + " is a Zarr image; " + command + " takes TIFF files. Save its planes as TIFF first.");
        }
    }

    /** Which is no path on Windows. */
    private static boolean isGlob(String in) {
        return in.matches(".*[*?].*");
    }

    private static boolean isZarr(String in) {
        Path path = Path.of(in);
        return Stream.of("zarr.json", ".zgroup", ".zattrs", ".zarray").anyMatch(file -> Files.exists(path.resolve(file)));
    }

    /** Denoises an image. @return what was done */
    static String denoise(LargeImageDenoiser format, String in, String out, Model model, DenoiseOptions options, ImageOptions image, boolean overwrite,
            Denoiser denoiser, PrintWriter err) throws IOException {
        if (!image.stack()) {
            throw new IllegalArgumentException("scope is plane, but of " + in + " all planes are denoised; choose --channels, or leave --scope out.");
        }
        try (ConsoleProgress progress = new ConsoleProgress(in.replaceFirst("^.*[/\\\\](?=.)", ""), err)) {
            return format.denoise(new LargeImageJob(in, out, model, options, image.channels(), image.rangePerPlane(), image.toFloat(), overwrite),
                    denoiser, progress, warning -> err.println(in + ": " + warning));
        } catch (CancellationException e) {
            err.println("What is done so far is kept in " + out + ".part; the same command goes on from there.");
            throw e;
        }
    }
}
