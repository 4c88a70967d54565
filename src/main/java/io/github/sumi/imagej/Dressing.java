// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;

/** Gives new pixels what belongs to the old ones: dimensions, calibration, LUTs, display range, overlay, ROI, properties. */
final class Dressing {

    private Dressing() {
    }

    /** @param suffix follows the input's name without its ending */
    static ImagePlus like(ImagePlus input, ImageStack stack, String suffix) {
        ImagePlus result = new ImagePlus(input.getTitle().replaceFirst("\\.tiff?$", "") + suffix, stack);
        result.setDimensions(input.getNChannels(), input.getNSlices(), input.getNFrames());
        result.setOpenAsHyperStack(input.isHyperStack());
        result.setCalibration(input.getCalibration().copy());
        boolean sameValues = !suffix.equals("-sd");
        if (input instanceof CompositeImage composite) {
            CompositeImage dressed = new CompositeImage(result, composite.getMode());
            dressed.copyLuts(input);
            result = dressed;
        } else {
            result.getProcessor().setColorModel(input.getProcessor().getColorModel());
            result.getStack().setColorModel(input.getProcessor().getColorModel());
            if (sameValues) {
                result.setDisplayRange(input.getDisplayRangeMin(), input.getDisplayRangeMax());
            }
        }
        if (sameValues) {
            result.copyAttributes(input);
            result.setTitle(input.getTitle().replaceFirst("\\.tiff?$", "") + suffix);
        } else {
            result.resetDisplayRange();
        }
        result.setOverlay(input.getOverlay() == null ? null : input.getOverlay().duplicate());
        if (input.getRoi() != null) {
            result.setRoi((ij.gui.Roi) input.getRoi().clone());
        }
        Object info = input.getProperty("Info");
        if (info != null) {
            result.setProperty("Info", info);
        }
        return result;
    }
}
