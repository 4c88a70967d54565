// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoised;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.NoiseFit;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.Scaling;
import io.github.sumi.pipeline.VarianceCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Denoises an ImagePlus plane by plane: over channels, slices and frames, whatever their order. */
public final class ImageDenoiser {

    /**
     * What came out.
     *
     * @param image of the input's dimensions, calibration, LUTs and display range; channels left out and constant planes
     *     are copies. Of one plane where the scope is the plane.
     * @param sd standard deviation per pixel, 32 bit; null unless {@link Mode#UNCERTAINTY}
     * @param noise what was taken for the noise; of the first plane where planes differ
     * @param planes how many were denoised
     * @param constant how many were left as they are since all of their pixels are equal
     * @param clipped pixels that the result's type could not hold
     * @param notes lines for the Info: selection, RGB; may be empty
     */
    public record Result(ImagePlus image, ImagePlus sd, NoiseFit noise, int planes, int constant, long clipped, String notes) {
    }

    private final Denoiser denoiser;
    private final DenoiseOptions options;
    private final ImageOptions imageOptions;

    /** @param denoiser made with {@code options}; the caller closes it */
    public ImageDenoiser(Denoiser denoiser, DenoiseOptions options, ImageOptions imageOptions) {
        this.denoiser = denoiser;
        this.options = options;
        this.imageOptions = imageOptions;
    }

    /** Denoises all pixels, whatever is selected. */
    public Result denoise(ImagePlus input, Progress progress) {
        return denoise(input, null, progress);
    }

    /**
     * Denoises; the input stays as it is.
     *
     * @param selection pixels outside of it stay as they are, though the network sees them; null, or no area, for all pixels
     * @throws IllegalArgumentException if the image can't be denoised: values that aren't finite, every plane constant
     */
    public Result denoise(ImagePlus input, Roi selection, Progress progress) {
        if (input.getBitDepth() == 24) {
            return denoiseRgb(input, selection, progress);
        }
        imageOptions.check(input);
        Selection inside = new Selection(selection, input);
        ImagePlus source = imageOptions.stack() ? input : Dressing.currentPlane(input);
        Map<Integer, NoiseFit> noises = noises(source, progress);
        Map<Integer, Scaling> scalings = scalings(source, noises, progress);
        if (scalings.isEmpty()) {
            throw new IllegalArgumentException("The image " + input.getTitle() + " is constant: all pixels are equal, so there is nothing to denoise.");
        }
        GreyLevels levels = new GreyLevels(source, imageOptions.toFloat());
        ImageStack stack = new ImageStack(source.getWidth(), source.getHeight());
        ImageStack sds = options.mode() == Mode.UNCERTAINTY ? new ImageStack(source.getWidth(), source.getHeight()) : null;
        int done = 0;
        for (int index = 1; index <= source.getStackSize(); index++) {
            progress.check();
            ImageProcessor plane = source.getStack().getProcessor(index);
            // of an image without a stack ImageJ makes a label up, of its title and all of its Info
            String label = source.hasImageStack() ? source.getStack().getSliceLabel(index) : null;
            Scaling scaling = scalings.get(index);
            if (scaling == null) {
                stack.addSlice(label, levels.copy(plane));
                if (sds != null) {
                    sds.addSlice(label, new FloatProcessor(source.getWidth(), source.getHeight()));
                }
                continue;
            }
            Denoised result = denoiser.denoise(PlaneImages.image(plane), scaling, (index - 1) * options.samples(),
                    progress.part(done++, scalings.size()));
            FloatProcessor image = PlaneImages.processor(result.image());
            inside.keepOutside(image, plane);
            stack.addSlice(label, levels.convert(image));
            if (sds != null) {
                FloatProcessor sd = PlaneImages.processor(result.sd());
                inside.keepOutside(sd, new FloatProcessor(sd.getWidth(), sd.getHeight()));
                sds.addSlice(label, levels.deviation(sd));
            }
        }
        return new Result(Dressing.like(source, stack, "-denoised", levels.calibrated()),
                sds == null ? null : Dressing.beside(source, sds, "-sd"), noises.values().iterator().next(),
                scalings.size(), included(source) - scalings.size(), levels.clipped(), inside.note());
    }

    private Result denoiseRgb(ImagePlus input, Roi selection, Progress progress) {
        ImagePlus source = imageOptions.stack() ? input : Dressing.currentPlane(input);
        Result split = new ImageDenoiser(denoiser, options, imageOptions.ofStack()).denoise(RgbPlanes.split(source), selection, progress);
        ImagePlus image = imageOptions.toFloat() ? split.image() : RgbPlanes.merge(split.image(), source, "-denoised");
        return new Result(image, split.sd(), split.noise(), split.planes(), split.constant(), split.clipped(), RgbPlanes.NOTE + split.notes());
    }

    private int included(ImagePlus source) {
        int count = 0;
        for (int index = 1; index <= source.getStackSize(); index++) {
            count += imageOptions.includes(source, index) ? 1 : 0;
        }
        return count;
    }

    /** The noise of each plane to be denoised, by its index; one for each channel unless it is per plane. */
    private Map<Integer, NoiseFit> noises(ImagePlus source, Progress progress) {
        Map<Integer, List<VarianceCurve>> curves = new TreeMap<>();
        List<Integer> planes = new ArrayList<>();
        for (int index = 1; index <= source.getStackSize(); index++) {
            progress.check();
            ImageProcessor plane = imageOptions.includes(source, index) ? source.getStack().getProcessor(index) : null;
            if (plane != null && !PlaneImages.isConstant(plane)) {
                planes.add(index);
                List<VarianceCurve> group = curves.computeIfAbsent(group(source, index), which -> new ArrayList<>());
                if (options.noise() == null) {
                    group.add(ofPlane(source, index, () -> Denoiser.curve(PlaneImages.image(plane))));
                }
            }
        }
        Map<Integer, NoiseFit> fits = new TreeMap<>();
        curves.forEach((group, list) -> fits.put(group, denoiser.noise(list)));
        Map<Integer, NoiseFit> noises = new TreeMap<>();
        planes.forEach(index -> noises.put(index, fits.get(group(source, index))));
        return noises;
    }

    /** Planes of one group are measured together: those of a channel, or each plane alone. */
    private int group(ImagePlus source, int index) {
        return imageOptions.rangePerPlane() ? index : source.convertIndexToPosition(index)[0];
    }

    private Map<Integer, Scaling> scalings(ImagePlus source, Map<Integer, NoiseFit> noises, Progress progress) {
        Map<Integer, Scaling> each = new TreeMap<>();
        Map<Integer, List<Scaling>> groups = new TreeMap<>();
        noises.forEach((index, noise) -> {
            progress.check();
            ImageProcessor plane = source.getStack().getProcessor(index);
            Scaling scaling = ofPlane(source, index, () -> denoiser.measure(PlaneImages.image(plane), noise.model()));
            each.put(index, scaling);
            groups.computeIfAbsent(group(source, index), which -> new ArrayList<>()).add(scaling);
        });
        each.replaceAll((index, scaling) -> Scaling.pool(groups.get(group(source, index))));
        return each;
    }

    /** Says which plane it is that can't be measured. */
    private static <T> T ofPlane(ImagePlus source, int index, Supplier<T> measurement) {
        try {
            return measurement.get();
        } catch (IllegalArgumentException e) {
            throw source.getStackSize() == 1 ? e : new IllegalArgumentException("Plane " + index + ": " + e.getMessage(), e);
        }
    }
}
