// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoised;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;

/** Denoises an ImagePlus plane by plane: over channels, slices and frames, whatever their order. */
public final class ImageDenoiser {

    /**
     * What came out.
     *
     * @param image of the input's dimensions, calibration, LUTs and display range; planes left out are copies
     * @param sd standard deviation per pixel, 32 bit; null unless {@link Mode#UNCERTAINTY}
     * @param sigma the noise, grey values; of the first plane where planes differ
     * @param clipped pixels that the result's type could not hold
     */
    public record Result(ImagePlus image, ImagePlus sd, double sigma, long clipped) {
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

    /**
     * Denoises; the input stays as it is.
     *
     * @throws IllegalArgumentException if the image can't be denoised: RGB, values that aren't finite, constant
     */
    public Result denoise(ImagePlus input, Progress progress) {
        if (input.getBitDepth() == 24) {
            throw new IllegalArgumentException(input.getTitle() + " is RGB; split it first with Image > Color > Split Channels.");
        }
        imageOptions.check(input);
        Map<Integer, Scaling> scalings = scalings(input, progress);
        if (scalings.isEmpty()) {
            throw new IllegalArgumentException("No plane of " + input.getTitle() + " is in the chosen channels.");
        }
        ImageStack stack = new ImageStack(input.getWidth(), input.getHeight());
        ImageStack sds = new ImageStack(input.getWidth(), input.getHeight());
        Quantizer quantizer = new Quantizer(imageOptions.toFloat() ? 32 : input.getBitDepth());
        int done = 0;
        for (int index = 1; index <= input.getStackSize(); index++) {
            ImageProcessor plane = input.getStack().getProcessor(index);
            String label = input.getStack().getSliceLabel(index);
            Scaling scaling = scalings.get(index);
            if (scaling == null) {
                stack.addSlice(label, quantizer.quantize((FloatProcessor) plane.convertToFloatProcessor()));
                sds.addSlice(label, new FloatProcessor(input.getWidth(), input.getHeight()));
                continue;
            }
            progress.check();
            Denoised result = denoiser.denoise(image(plane), scaling, (index - 1) * options.samples(), progress);
            stack.addSlice(label, quantizer.quantize(processor(result.image())));
            sds.addSlice(label, result.sd() == null ? new FloatProcessor(1, 1) : processor(result.sd()));
            progress.update("planes", ++done, scalings.size());
        }
        ImagePlus sd = options.mode() == Mode.UNCERTAINTY ? Dressing.like(input, sds, "-sd") : null;
        return new Result(Dressing.like(input, stack, "-denoised"), sd, scalings.values().iterator().next().sigma(), quantizer.clipped());
    }

    /** The scaling of each plane to be denoised, by its index; pooled over each channel unless it is per plane. */
    private Map<Integer, Scaling> scalings(ImagePlus input, Progress progress) {
        Map<Integer, Scaling> each = new TreeMap<>();
        Map<Integer, List<Scaling>> byChannel = new TreeMap<>();
        for (int index = 1; index <= input.getStackSize(); index++) {
            if (imageOptions.includes(input, index)) {
                progress.check();
                Scaling scaling = denoiser.measure(image(input.getStack().getProcessor(index)));
                each.put(index, scaling);
                byChannel.computeIfAbsent(input.convertIndexToPosition(index)[0], channel -> new ArrayList<>()).add(scaling);
            }
        }
        if (!imageOptions.rangePerPlane()) {
            each.replaceAll((index, scaling) -> Scaling.pool(byChannel.get(input.convertIndexToPosition(index)[0])));
        }
        return each;
    }

    private static Img<FloatType> image(ImageProcessor plane) {
        float[] pixels = (float[]) plane.convertToFloatProcessor().getPixels();
        return ArrayImgs.floats(pixels, plane.getWidth(), plane.getHeight());
    }

    /** The plane as 32-bit pixels. */
    public static FloatProcessor processor(Img<FloatType> plane) {
        FloatProcessor processor = new FloatProcessor((int) plane.dimension(0), (int) plane.dimension(1));
        float[] pixels = (float[]) processor.getPixels();
        int i = 0;
        for (FloatType value : plane) {
            pixels[i++] = value.get();
        }
        return processor;
    }
}
