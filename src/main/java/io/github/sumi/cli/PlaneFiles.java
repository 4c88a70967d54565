// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import ij.ImagePlus;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.ImageRestorer;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.PlaneRestorer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * TIFF files that are restored plane by plane: one in, and one out, or three in {@link Mode#UNCERTAINTY}.
 *
 * @param err is told of progress and warnings
 */
record PlaneFiles(Mode mode, boolean overwrite, PrintWriter err) {

    /** What is written last for a job. */
    Path last(Jobs.Job job) {
        return mode == Mode.UNCERTAINTY ? beside(job, "-residual") : job.out();
    }

    /**
     * The files that are written.
     *
     * @throws IOException in a sentence, if one of them can't be
     */
    List<Path> targets(Jobs.Job job) throws IOException {
        List<Path> targets = mode == Mode.UNCERTAINTY ? List.of(job.out(), beside(job, "-sd"), beside(job, "-residual")) : List.of(job.out());
        for (Path target : targets) {
            TiffFiles.checkTarget(job.in(), target, overwrite);
        }
        return targets;
    }

    private static Path beside(Jobs.Job job, String suffix) {
        return job.out().resolveSibling(job.out().getFileName().toString().replaceFirst("(?i)\\.tiff?$", suffix + ".tif"));
    }

    /** Tells what the user should know before the first file. */
    void announce(PlaneRestorer restorer) {
        if (!RunInfo.fallback(restorer.device()).isEmpty()) {
            err.println(RunInfo.fallback(restorer.device()));
        }
        if (restorer.evaluations() > 1) {
            err.printf(Locale.ROOT, "Each plane takes %d UNet evaluations, about %.1f s a megapixel.%n", restorer.evaluations(),
                    restorer.secondsPerMegapixel());
        }
    }

    /**
     * Restores one file.
     *
     * @param describe gives the results their Info, and says what the words for the user begin with
     * @return what was done, for the user
     * @throws IOException in a sentence, if a file can't be read or written
     */
    String restore(Jobs.Job job, PlaneRestorer restorer, ImageOptions imageOptions, Function<ImageRestorer.Result, String> describe) throws IOException {
        List<Path> targets = targets(job);
        ImagePlus input = TiffFiles.open(job.in());
        long start = System.nanoTime();
        try (ImageRestorer.Result result = restore(input, restorer, imageOptions)) {
            String begin = describe.apply(result);
            if (!restorer.memoryNote().isEmpty()) {
                err.println(job.in() + ": " + restorer.memoryNote());
            }
            result.warnings().forEach(warning -> err.println(job.in() + ": " + warning));
            for (int i = 0; i < targets.size(); i++) {
                TiffFiles.save(result.images().get(i), targets.get(i), overwrite);
            }
            int planes = input.getStackSize() * (input.getBitDepth() == 24 ? 3 : 1);
            return begin + String.format(Locale.ROOT, "%d of %d planes on %s, %.1f s, %d clipped pixels%s", result.planes(), planes, restorer.device(),
                    (System.nanoTime() - start) / 1e9, result.clipped(),
                    result.constant() == 0 ? "" : ", " + result.constant() + " constant planes left as they are");
        }
    }

    private ImageRestorer.Result restore(ImagePlus input, PlaneRestorer restorer, ImageOptions imageOptions) {
        try (ConsoleProgress progress = new ConsoleProgress(input.getTitle(), err)) {
            return new ImageRestorer(restorer, imageOptions).restore(input, progress);
        }
    }
}
