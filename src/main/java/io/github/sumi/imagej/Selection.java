// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import java.awt.Rectangle;

/** The pixels that may change: those inside an area selection, or all. */
final class Selection {

    /** Null where all pixels are inside. */
    private final Roi roi;

    /**
     * @param roi may be null; lines and points select no area, so all pixels are inside
     * @throws IllegalArgumentException if the area lies beside the image
     */
    Selection(Roi roi, ImagePlus image) {
        this.roi = roi != null && roi.isArea() ? roi : null;
        if (this.roi != null && !roi.getBounds().intersects(new Rectangle(image.getWidth(), image.getHeight()))) {
            throw new IllegalArgumentException("The selection lies beside the image; move it, or choose Edit > Selection > Select None.");
        }
    }

    /** Gives the pixels outside the values of the plane. */
    void keepOutside(FloatProcessor result, ImageProcessor plane) {
        if (roi == null) {
            return;
        }
        Rectangle bounds = roi.getBounds();
        ImageProcessor mask = roi.getMask();
        for (int y = 0; y < result.getHeight(); y++) {
            for (int x = 0; x < result.getWidth(); x++) {
                if (!bounds.contains(x, y) || mask != null && mask.get(x - bounds.x, y - bounds.y) == 0) {
                    result.setf(x, y, plane.getf(x, y));
                }
            }
        }
    }

    /** For the result's Info; empty where all pixels are inside. */
    String note() {
        Rectangle bounds = roi == null ? null : roi.getBounds();
        return roi == null ? "" : "Sumi selection: " + roi.getTypeAsString().toLowerCase(java.util.Locale.ROOT) + ", x = " + bounds.x + ", y = "
                + bounds.y + ", " + bounds.width + " x " + bounds.height + " pixels; those outside are as they were\n";
    }
}
