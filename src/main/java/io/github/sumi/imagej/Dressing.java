// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.ImageProcessor;
import ij.process.LUT;

/** Gives new pixels what belongs to the old ones: dimensions, calibration, LUTs, display range, overlay, ROI, properties. */
final class Dressing {

    private Dressing() {
    }

    /** The label of a plane. Of an image that isn't a stack ImageJ makes one up, of its title and all of its Info: not that one. */
    static String label(ImagePlus image, int index) {
        String label = image.getStack().getSliceLabel(index);
        return image.getStackSize() == 1 && label != null && label.startsWith(image.getTitle() + "\n") ? null : label;
    }

    /** The title of a result: that of the input without its ending, and a suffix. */
    static String title(ImagePlus input, String suffix) {
        return input.getTitle().replaceFirst("(?i)\\.tiff?$", "") + suffix;
    }

    /** The current plane as an image of its own, with all that belongs to it. The input stays as it is. */
    static ImagePlus currentPlane(ImagePlus input) {
        int index = input.getCurrentSlice();
        ImageProcessor pixels = input.getStack().getProcessor(index).duplicate();
        if (input.getBitDepth() == 24) {
            // the colours are the pixels, which setting a display range would change
            return framed(input, index, pixels);
        } else if (input instanceof CompositeImage composite) {
            pixels.setLut(composite.getChannelLut(input.convertIndexToPosition(index)[0]));
        } else {
            pixels.setColorModel(input.getProcessor().getColorModel());
            pixels.setMinAndMax(input.getDisplayRangeMin(), input.getDisplayRangeMax());
        }
        ImagePlus plane = framed(input, index, pixels);
        plane.getProcessor().setColorModel(pixels.getColorModel());
        plane.setDisplayRange(pixels.getMin(), pixels.getMax());
        return plane;
    }

    /** The same planes as an image of its own, which stays when the input is closed. */
    static ImagePlus snapshot(ImagePlus input) {
        ImagePlus copy = like(input, input.getStack(), "", false);
        copy.setTitle(input.getTitle());
        return copy;
    }

    private static ImagePlus framed(ImagePlus input, int index, ImageProcessor pixels) {
        ImageStack stack = new ImageStack(input.getWidth(), input.getHeight());
        stack.addSlice(label(input, index), pixels);
        ImagePlus plane = new ImagePlus(input.getTitle(), stack);
        copyProperties(input, plane);
        Positions.keepOnly(plane, input, index);
        plane.setCalibration(input.getCalibration().copy());
        return plane;
    }

    /**
     * Pixels on the input's scale of grey values.
     *
     * @param stack as many planes as the input has; or its first ones, which then are a plain stack, "-partial" by its title; or
     *     several of a plane, whose axes the caller sets
     * @param calibrated whether the pixels went through the input's density calibration, which they then lose
     */
    static ImagePlus like(ImagePlus input, ImageStack stack, String suffix, boolean calibrated) {
        ImagePlus result = bare(input, stack, suffix, calibrated);
        Calibration scale = calibrated ? input.getCalibration() : new Calibration();
        if (input instanceof CompositeImage composite && !isPart(stack, input)) {
            CompositeImage dressed = new CompositeImage(result, composite.getMode());
            LUT[] luts = composite.getLuts();
            for (LUT lut : luts) {
                double[] range = range(scale, lut.min, lut.max);
                lut.min = range[0];
                lut.max = range[1];
            }
            dressed.setLuts(luts);
            boolean[] shown = dressed.getActiveChannels();
            System.arraycopy(composite.getActiveChannels(), 0, shown, 0, shown.length);
            copyProperties(input, dressed);
            return dressed;
        }
        if (input.getBitDepth() != 24) {
            result.getProcessor().setColorModel(input.getProcessor().getColorModel());
            result.getStack().setColorModel(input.getProcessor().getColorModel());
            double[] range = range(scale, input.getDisplayRangeMin(), input.getDisplayRangeMax());
            result.setDisplayRange(range[0], range[1]);
        }
        copyProperties(input, result);
        return result;
    }

    /** A display range in calibrated values, which can fall where the grey values rise. */
    private static double[] range(Calibration scale, double min, double max) {
        double one = scale.getCValue(min);
        double other = scale.getCValue(max);
        return new double[] {Math.min(one, other), Math.max(one, other)};
    }

    /** Pixels on a scale of their own, such as standard deviations: grey, the display range their own too. */
    static ImagePlus beside(ImagePlus input, ImageStack stack, String suffix) {
        ImagePlus result = bare(input, stack, suffix, true);
        copyProperties(input, result);
        result.resetDisplayRange();
        return result;
    }

    private static ImagePlus bare(ImagePlus input, ImageStack stack, String suffix, boolean calibrated) {
        ImagePlus result = new ImagePlus(title(input, suffix + (isPart(stack, input) ? "-partial" : "")), stack);
        if (isPart(stack, input)) {
            flatten(input, result);
        } else {
            result.setDimensions(input.getNChannels(), input.getNSlices(), input.getNFrames());
            result.setOpenAsHyperStack(input.isHyperStack());
        }
        Calibration calibration = input.getCalibration().copy();
        if (calibrated) {
            String unit = calibration.getValueUnit();
            calibration.disableDensityCalibration();
            calibration.setValueUnit(unit);
        }
        result.setCalibration(calibration);
        return result;
    }

    private static boolean isPart(ImageStack stack, ImagePlus input) {
        return stack.getSize() < input.getStackSize();
    }

    /** The first planes alone: along their axis if there is one, or else in a row, each labelled by its place. */
    private static void flatten(ImagePlus input, ImagePlus result) {
        int planes = result.getStackSize();
        boolean frames = input.getNFrames() == input.getStackSize();
        result.setDimensions(1, frames ? 1 : planes, frames ? planes : 1);
        for (int index = 1; !frames && input.getNSlices() < input.getStackSize() && index <= planes; index++) {
            int[] at = input.convertIndexToPosition(index);
            String label = result.getStack().getSliceLabel(index);
            result.getStack().setSliceLabel("c:" + at[0] + " z:" + at[1] + " t:" + at[2] + (label == null ? "" : " - " + label), index);
        }
    }

    /** Not {@link ImagePlus#copyAttributes}, which takes the ID over and refuses an image that has a window. */
    static void copyProperties(ImagePlus input, ImagePlus result) {
        result.setProperties(input.getPropertiesAsArray());
        result.setProperty("Info", input.getProperty("Info"));
        result.setOverlay(input.getOverlay() == null ? null : input.getOverlay().duplicate());
        Roi roi = input.getRoi();
        if (roi != null) {
            result.setRoi((Roi) roi.clone());
        }
    }
}
