// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ImageProcessor;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.NoiseFit;
import io.github.sumi.pipeline.PlaneRestorer;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.Residual;
import io.github.sumi.pipeline.Restored;
import io.github.sumi.pipeline.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** Denoises an ImagePlus, or translates it, plane by plane: over channels, slices and frames, whatever their order. */
public final class ImageRestorer {

    /**
     * What came out.
     *
     * @param image of the input's dimensions, calibration, LUTs and display range; channels left out and constant planes
     *     are copies. Of one plane where the scope is the plane. Where the user cancelled and wanted to keep what was finished,
     *     a plain stack of the planes that were.
     * @param sd standard deviation per pixel, 32 bit; null unless {@link Mode#UNCERTAINTY}
     * @param residualImage input minus result per pixel, 32 bit; null unless {@link Mode#UNCERTAINTY}
     * @param noise what was taken for the noise; of the first plane where planes differ, and none where an image is translated
     * @param residual what was taken away, mean of the planes; null unless {@link Mode#MEAN}, and where there is no noise
     * @param planes how many were restored
     * @param constant how many were left as they are since all of their pixels are equal
     * @param clipped pixels that the result's type could not hold
     * @param missing planes that were not reached since the user cancelled; 0 unless finished ones are kept
     * @param inputWarnings what the user should know of noise and grey values of all planes, in sentences; may be empty
     * @param notes lines for the Info: selection, RGB; may be empty
     */
    public record Result(ImagePlus image, ImagePlus sd, ImagePlus residualImage, NoiseFit noise, Residual residual, int planes, int constant,
            long clipped, int missing, List<String> inputWarnings, String notes) implements AutoCloseable {

        /** All images there are, the restored one first. */
        public List<ImagePlus> images() {
            return sd == null ? List.of(image) : List.of(image, sd, residualImage);
        }

        /** What the user should look at, in sentences; may be empty. */
        public List<String> warnings() {
            List<String> warnings = new ArrayList<>(inputWarnings);
            if (residual != null) {
                warnings.addAll(residual.warnings());
            }
            return warnings;
        }

        /** Frees what large results have on disk at once; their pixels are lost. It would be freed later by itself. */
        @Override
        public void close() {
            images().forEach(each -> SpooledStack.release(each.getStack()));
        }
    }

    private final PlaneRestorer restorer;
    private final ImageOptions imageOptions;

    /** @param restorer the caller closes it */
    public ImageRestorer(PlaneRestorer restorer, ImageOptions imageOptions) {
        this.restorer = restorer;
        this.imageOptions = imageOptions;
    }

    /** Does all pixels, whatever is selected. */
    public Result restore(ImagePlus input, Progress progress) {
        return restore(input, null, progress);
    }

    /**
     * Does it; the input stays as it is, and may be closed meanwhile. The planes of the result of a virtual stack, or of one
     * that would fill the memory, are in a temporary file.
     *
     * @param selection pixels outside of it stay as they are, though the network sees them; null, or no area, for all pixels
     * @throws IllegalArgumentException if the image can't be restored: values that aren't finite, every plane constant
     * @throws java.io.UncheckedIOException in a sentence, if planes can't be read, or kept in the temporary file
     */
    public Result restore(ImagePlus input, Roi selection, Progress progress) {
        if (input.getBitDepth() == 24) {
            return restoreRgb(input, selection, progress);
        }
        imageOptions.check(input);
        Selection inside = new Selection(selection, input);
        ImagePlus source = source(input);
        Measurements measured = Measurements.of(source, restorer, imageOptions, progress);
        if (measured.scalings().isEmpty()) {
            throw new IllegalArgumentException("The image " + input.getTitle() + " is constant: all pixels are equal, so there is nothing to " + restorer.verb() + ".");
        }
        GreyLevels levels = new GreyLevels(source, imageOptions.toFloat());
        ResultStacks stacks = new ResultStacks(source, levels, inside, restorer.mode() == Mode.UNCERTAINTY);
        try {
            List<Residual> residuals = new ArrayList<>();
            int planes = fill(stacks, source, measured.scalings(), residuals, progress);
            return new Result(stacks.image(suffix()), stacks.sd(), stacks.residual(), measured.noises().values().iterator().next(),
                    residuals.isEmpty() ? null : Residual.mean(residuals), planes, measured.constant(), levels.clipped(),
                    source.getStackSize() - stacks.size(), measured.warnings(source), inside.note());
        } catch (RuntimeException | Error e) {
            stacks.release();
            throw e;
        }
    }

    /** What the title of the result ends with. */
    private String suffix() {
        return "-" + restorer.verb() + "d";
    }

    private ImagePlus source(ImagePlus input) {
        return imageOptions.stack() && input.getStackSize() > 1 ? Dressing.snapshot(input) : Dressing.currentPlane(input);
    }

    /** How many planes were restored: all, or those before the user cancelled. */
    private int fill(ResultStacks stacks, ImagePlus source, Map<Integer, Scaling> scalings, List<Residual> residuals, Progress progress) {
        int done = 0;
        try {
            for (int index = 1; index <= source.getStackSize(); index++) {
                progress.check();
                ImageProcessor plane = source.getStack().getProcessor(index);
                Scaling scaling = scalings.get(index);
                if (scaling == null) {
                    stacks.addCopy(index, plane);
                    continue;
                }
                Restored result = restorer.restore(PlaneImages.image(plane), scaling, (index - 1) * restorer.samples(),
                        progress.part(done, scalings.size()));
                stacks.add(index, plane, result);
                done++;
                if (result.residual() != null) {
                    residuals.add(result.residual());
                }
            }
        } catch (CancellationException e) {
            if (!imageOptions.keep() || done == 0) {
                throw e;
            }
        }
        return done;
    }

    private Result restoreRgb(ImagePlus input, Roi selection, Progress progress) {
        ImagePlus source = source(input);
        ImagePlus channels = RgbPlanes.split(source);
        Result split;
        try {
            split = new ImageRestorer(restorer, imageOptions.ofStack()).restore(channels, selection, progress);
        } finally {
            SpooledStack.release(channels.getStack());
        }
        ImagePlus image = split.image();
        if (!imageOptions.toFloat() && image.getStackSize() >= RgbPlanes.COLORS) {
            image = RgbPlanes.merge(split.image(), source, suffix());
            SpooledStack.release(split.image().getStack());
        }
        return new Result(image, split.sd(), split.residualImage(), split.noise(), split.residual(), split.planes(), split.constant(),
                split.clipped(), split.missing(), split.inputWarnings(), RgbPlanes.note(restorer.verb()) + split.notes());
    }
}
