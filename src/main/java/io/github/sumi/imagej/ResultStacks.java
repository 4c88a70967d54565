// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.sumi.pipeline.Restored;

/** The planes of what comes out, as they are made: the image, and in uncertainty mode standard deviations and residuals. */
final class ResultStacks {

    private final ImagePlus source;
    private final GreyLevels levels;
    private final Selection inside;
    private final ImageStack images;
    private final ImageStack sds;
    private final ImageStack residuals;

    /** @param uncertainty whether there are standard deviations and residuals */
    ResultStacks(ImagePlus source, GreyLevels levels, Selection inside, boolean uncertainty) {
        this.source = source;
        this.levels = levels;
        this.inside = inside;
        images = stack(levels.bytesPerPixel());
        ImageStack second = null;
        ImageStack third = null;
        try {
            second = uncertainty ? stack(Float.BYTES) : null;
            third = uncertainty ? stack(Float.BYTES) : null;
        } catch (RuntimeException e) {
            SpooledStack.release(images);
            SpooledStack.release(second);
            throw e;
        }
        sds = second;
        residuals = third;
    }

    private ImageStack stack(int bytesPerPixel) {
        return SpooledStack.like(source, source.getStackSize(), bytesPerPixel);
    }

    /** Adds a plane that is left as it is. */
    void addCopy(int index, ImageProcessor plane) {
        String label = Dressing.label(source, index);
        images.addSlice(label, levels.copy(plane));
        if (sds != null) {
            sds.addSlice(label, zeros());
            residuals.addSlice(label, zeros());
        }
    }

    /** Adds a plane and what became of it. */
    void add(int index, ImageProcessor plane, Restored result) {
        String label = Dressing.label(source, index);
        FloatProcessor image = PlaneImages.processor(result.image());
        inside.keepOutside(image, plane);
        if (sds != null) {
            FloatProcessor sd = PlaneImages.processor(result.sd());
            inside.keepOutside(sd, zeros());
            sds.addSlice(label, levels.deviation(sd));
            residuals.addSlice(label, levels.difference(difference(plane, image)));
        }
        images.addSlice(label, levels.convert(image));
    }

    private FloatProcessor zeros() {
        return new FloatProcessor(source.getWidth(), source.getHeight());
    }

    private FloatProcessor difference(ImageProcessor plane, FloatProcessor image) {
        FloatProcessor difference = zeros();
        for (int i = 0; i < image.getPixelCount(); i++) {
            difference.setf(i, plane.getf(i) - image.getf(i));
        }
        return difference;
    }

    /** How many planes there are so far. */
    int size() {
        return images.getSize();
    }

    /** @param suffix what its title ends with */
    ImagePlus image(String suffix) {
        return Dressing.like(source, images, suffix, levels.calibrated());
    }

    /** Null unless in uncertainty mode. */
    ImagePlus sd() {
        return sds == null ? null : Dressing.beside(source, sds, "-sd");
    }

    /** Null unless in uncertainty mode. */
    ImagePlus residual() {
        return residuals == null ? null : Dressing.beside(source, residuals, "-residual");
    }

    /** Frees what is on disk; the pixels are lost. */
    void release() {
        SpooledStack.release(images);
        SpooledStack.release(sds);
        SpooledStack.release(residuals);
    }
}
