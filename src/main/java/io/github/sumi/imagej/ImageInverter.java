// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.Inverter;
import io.github.sumi.pipeline.Progress;
import java.util.List;
import java.util.Locale;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/** An image to noise and back, or the images between two, as 32-bit ones. */
public final class ImageInverter {

    /**
     * What inversion gives.
     *
     * @param image the reconstruction, NAME-inverted, or the images between two, NAME-between
     * @param latent the noise that it was made of, NAME-latent; of two images two slices
     * @param psnr of the reconstruction of the first image, dB
     */
    public record Result(ImagePlus image, ImagePlus latent, double psnr) {
    }

    private ImageInverter() {
    }

    /**
     * Inverts the current plane.
     *
     * @param other the image at the other end, its current plane; or null for the round trip alone
     * @param frames images from the one to the other, 2 to 1000
     * @throws IllegalArgumentException if an image is RGB, a pixel isn't finite, or the sizes differ
     */
    public static Result invert(Inverter inverter, Model model, ImagePlus input, ImagePlus other, int frames, Progress progress) {
        ImagePlus plane = plane(input);
        Img<FloatType> first = PlaneImages.image(plane.getProcessor());
        Inverter.Result result = other == null ? inverter.roundTrip(first, progress)
                : inverter.between(first, PlaneImages.image(plane(other).getProcessor()), frames, progress);
        ImagePlus latent = Dressing.beside(plane, stack(result.latents(), other == null), "-latent");
        GreyLevels levels = new GreyLevels(plane, true);
        ImageStack images = new ImageStack(plane.getWidth(), plane.getHeight());
        for (int i = 0; i < result.images().size(); i++) {
            String label = other == null ? null : String.format(Locale.ROOT, "%.3f", (double) i / (result.images().size() - 1));
            images.addSlice(label, levels.convert(PlaneImages.processor(result.images().get(i))));
        }
        ImagePlus image = Dressing.like(plane, images, other == null ? "-inverted" : "-between", levels.calibrated());
        image.setDimensions(1, 1, images.getSize());
        latent.setDimensions(1, latent.getStackSize(), 1);
        String line = MacroLine.invert(model, inverter, other == null ? null : other.getTitle(), frames);
        RunInfo.addInversion(image, model, inverter, result.psnr(), line);
        RunInfo.addInversion(latent, model, inverter, result.psnr(), line);
        return new Result(image, latent, result.psnr());
    }

    private static ImagePlus plane(ImagePlus image) {
        PlaneImages.refuseRgb(image);
        return Dressing.currentPlane(image);
    }

    private static ImageStack stack(List<Img<FloatType>> latents, boolean single) {
        ImageStack stack = new ImageStack((int) latents.get(0).dimension(0), (int) latents.get(0).dimension(1));
        for (Img<FloatType> latent : latents) {
            stack.addSlice(single ? null : stack.getSize() == 0 ? "first" : "other", PlaneImages.processor(latent));
        }
        return stack;
    }

    /** Round trip and latent in a line. */
    public static String summary(Result result, int steps) {
        return String.format(Locale.ROOT, "%d steps each way, reconstruction %.1f dB", steps, result.psnr());
    }
}
