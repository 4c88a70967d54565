// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;

/** RGB images as 8-bit ones of three channels, and back. */
final class RgbPlanes {

    static final int COLORS = 3;

    private RgbPlanes() {
    }

    /** For the result's Info. @param verb what was done, such as denoise */
    static String note(String verb) {
        return "Sumi RGB: red, green and blue were " + verb + "d each as a channel\n";
    }

    /** Red, green and blue as channels, with all that belongs to the image. */
    static ImagePlus split(ImagePlus rgb) {
        ImageStack stack = SpooledStack.like(rgb, COLORS * rgb.getStackSize(), Byte.BYTES);
        for (int index = 1; index <= rgb.getStackSize(); index++) {
            ColorProcessor pixels = (ColorProcessor) rgb.getStack().getProcessor(index);
            for (int color = 1; color <= COLORS; color++) {
                ByteProcessor channel = new ByteProcessor(rgb.getWidth(), rgb.getHeight(), pixels.getChannel(color));
                stack.addSlice(Dressing.label(rgb, index), channel);
            }
        }
        ImagePlus plain = new ImagePlus(rgb.getTitle(), stack);
        boolean hyper = rgb.getNChannels() == 1;
        plain.setDimensions(COLORS, hyper ? rgb.getNSlices() : rgb.getStackSize(), hyper ? rgb.getNFrames() : 1);
        plain.setOpenAsHyperStack(true);
        CompositeImage split = new CompositeImage(plain, CompositeImage.COMPOSITE);
        split.setCalibration(rgb.getCalibration().copy());
        Dressing.copyProperties(rgb, split);
        Positions.overChannels(split, rgb);
        return split;
    }

    /** One RGB image from the channels of a result, as many planes as are whole, with all that belongs to the image that was split. */
    static ImagePlus merge(ImagePlus channels, ImagePlus rgb, String suffix) {
        int planes = channels.getStackSize() / COLORS;
        ImageStack stack = SpooledStack.like(rgb, planes, Integer.BYTES);
        for (int index = 0; index < planes; index++) {
            ColorProcessor pixels = new ColorProcessor(rgb.getWidth(), rgb.getHeight());
            for (int color = 1; color <= COLORS; color++) {
                pixels.setChannel(color, (ByteProcessor) channels.getStack().getProcessor(COLORS * index + color));
            }
            stack.addSlice(Dressing.label(rgb, index + 1), pixels);
        }
        return Dressing.like(rgb, stack, suffix, false);
    }
}
