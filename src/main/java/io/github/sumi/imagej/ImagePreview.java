// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.NoiseFit;
import io.github.sumi.pipeline.PlaneRestorer;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.Scaling;
import java.awt.Rectangle;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/**
 * What denoising or translating would make of a part of the current plane. Noise and grey values are measured around that part alone, not over
 * the stack, so the result may differ a little.
 */
public final class ImagePreview {

    /**
     * A picture to lay over the image.
     *
     * @param x left edge in pixels of the image
     * @param y upper edge
     * @param pixels of the image's type, LUT and display range
     * @param how what it came of, in words: the noise that was taken, or the mode
     */
    public record Result(int x, int y, ImageProcessor pixels, String how) {
    }

    /** Sides of what is shown: as much as one UNet evaluation does in about a second, less for chains. */
    private static final int LARGEST = 512;
    private static final int SMALLEST = 64;

    /** Side of what noise and grey values are measured over. */
    private static final int MEASURED = 1024;

    private final PlaneRestorer restorer;

    /** @param restorer the caller closes it */
    public ImagePreview(PlaneRestorer restorer) {
        this.restorer = restorer;
    }

    /**
     * Restores the middle of the selection, or of what its window shows.
     *
     * @throws IllegalArgumentException if it can't be restored
     * @throws java.util.concurrent.CancellationException if it isn't wanted any more
     */
    public Result restore(ImagePlus input, Progress progress) {
        ImagePlus plane = Dressing.currentPlane(input);
        Rectangle part = part(plane, input);
        Roi selection = input.getRoi() == null ? null : (Roi) input.getRoi().clone();
        if (plane.getProcessor() instanceof ColorProcessor colors) {
            ColorProcessor shown = new ColorProcessor(part.width, part.height);
            NoiseFit noise = null;
            for (int color = 1; color <= RgbPlanes.COLORS; color++) {
                ByteProcessor channel = new ByteProcessor(plane.getWidth(), plane.getHeight(), colors.getChannel(color));
                Part made = restore(channel, part, selection, plane, progress);
                shown.setChannel(color, (ByteProcessor) new GreyLevels(new ImagePlus("", channel), false).convert(made.pixels));
                noise = made.noise == null ? noise : made.noise;
            }
            return result(part, shown, noise);
        }
        Part made = restore(plane.getProcessor(), part, selection, plane, progress);
        ImageProcessor shown = new GreyLevels(plane, false).convert(made.pixels);
        shown.setColorModel(plane.getProcessor().getColorModel());
        shown.setMinAndMax(plane.getDisplayRangeMin(), plane.getDisplayRangeMax());
        return result(part, shown, made.noise);
    }

    private Result result(Rectangle part, ImageProcessor shown, NoiseFit noise) {
        return new Result(part.x, part.y, shown, noise == null ? "all of one grey value" : restorer.describe(noise));
    }

    private record Part(FloatProcessor pixels, NoiseFit noise) {
    }

    private Part restore(ImageProcessor plane, Rectangle part, Roi selection, ImagePlus image, Progress progress) {
        ImageProcessor around = crop(plane, within(part, MEASURED, MEASURED, plane));
        Rectangle seen = within(part, part.width + 2 * restorer.halo(), part.height + 2 * restorer.halo(), plane);
        FloatProcessor made = PlaneImages.raw(crop(plane, seen));
        NoiseFit noise = null;
        if (!PlaneImages.isConstant(around)) {
            Img<FloatType> measured = PlaneImages.image(around);
            noise = restorer.noise(restorer.estimatesNoise() ? List.of(Denoiser.curve(measured)) : List.of());
            Scaling scaling = restorer.measure(measured, noise.model());
            made = PlaneImages.processor(restorer.restore(PlaneImages.image(made), scaling, 0, progress).image());
            if (selection != null) {
                selection.setLocation(selection.getBounds().x - seen.x, selection.getBounds().y - seen.y);
                new Selection(selection, image).keepOutside(made, crop(plane, seen));
                selection.setLocation(selection.getBounds().x + seen.x, selection.getBounds().y + seen.y);
            }
        }
        return new Part((FloatProcessor) crop(made, new Rectangle(part.x - seen.x, part.y - seen.y, part.width, part.height)), noise);
    }

    /** The middle of the selection or of what the window shows, smaller the more evaluations a pixel takes. */
    private Rectangle part(ImagePlus plane, ImagePlus input) {
        Rectangle image = new Rectangle(plane.getWidth(), plane.getHeight());
        Roi roi = input.getRoi();
        Rectangle wanted = image;
        if (roi != null && roi.isArea()) {
            // refuses one that lies beside the image
            new Selection(roi, plane);
            wanted = roi.getBounds().intersection(image);
        } else if (input.getCanvas() != null) {
            wanted = input.getCanvas().getSrcRect().intersection(image);
        }
        int side = Math.max(SMALLEST, (int) (LARGEST / Math.sqrt(restorer.evaluations())));
        int width = Math.min(side, wanted.width);
        int height = Math.min(side, wanted.height);
        return new Rectangle(wanted.x + (wanted.width - width) / 2, wanted.y + (wanted.height - height) / 2, width, height);
    }

    /** A rectangle around a part, of this size where the plane has it. */
    private static Rectangle within(Rectangle part, int width, int height, ImageProcessor plane) {
        int w = Math.min(Math.max(width, part.width), plane.getWidth());
        int h = Math.min(Math.max(height, part.height), plane.getHeight());
        int x = Math.max(0, Math.min(plane.getWidth() - w, part.x + (part.width - w) / 2));
        int y = Math.max(0, Math.min(plane.getHeight() - h, part.y + (part.height - h) / 2));
        return new Rectangle(x, y, w, h);
    }

    private static ImageProcessor crop(ImageProcessor plane, Rectangle part) {
        plane.setRoi(part);
        ImageProcessor cropped = plane.crop();
        plane.resetRoi();
        return cropped;
    }
}
