// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import java.util.ArrayList;
import java.util.List;

/** The planes that the selection and the elements of an overlay are of, where those of the image change. */
final class Positions {

    private Positions() {
    }

    /**
     * Of an image that has become one plane, takes what is of other planes away: ImageJ would draw it on this one.
     *
     * @param plane with copies of what is of the input
     * @param index of the plane in the input
     */
    static void keepOnly(ImagePlus plane, ImagePlus input, int index) {
        if (input.getStackSize() == 1) {
            return;
        }
        Overlay overlay = plane.getOverlay();
        for (int i = overlay == null ? -1 : overlay.size() - 1; i >= 0; i--) {
            if (!isOf(overlay.get(i), input, index)) {
                overlay.remove(i);
            }
        }
        all(plane).forEach(roi -> roi.setPosition(0));
    }

    /** Of planes that have become several channels, lets what was of one plane be of all of its channels. */
    static void overChannels(ImagePlus channels, ImagePlus planes) {
        for (Roi roi : all(channels)) {
            int[] at = isIndexed(roi, planes) ? planes.convertIndexToPosition(roi.getPosition())
                    : new int[] {0, roi.getZPosition(), roi.getTPosition()};
            if (roi.hasHyperStackPosition() || roi.getPosition() > 0) {
                roi.setPosition(0, at[1], at[2]);
            }
        }
    }

    private static boolean isOf(Roi roi, ImagePlus image, int index) {
        if (isIndexed(roi, image)) {
            return roi.getPosition() == index;
        }
        int[] at = image.convertIndexToPosition(index);
        int[] of = {roi.getCPosition(), roi.getZPosition(), roi.getTPosition()};
        for (int axis = 0; axis < of.length; axis++) {
            if (of[axis] > 0 && of[axis] != at[axis]) {
                return false;
            }
        }
        return true;
    }

    /** Whether its plane is an index, and not the slice of all channels and frames that it means in a hyperstack. */
    private static boolean isIndexed(Roi roi, ImagePlus image) {
        return roi.getPosition() > 0 && !image.isHyperStack();
    }

    private static List<Roi> all(ImagePlus image) {
        List<Roi> all = new ArrayList<>();
        if (image.getOverlay() != null) {
            image.getOverlay().forEach(all::add);
        }
        if (image.getRoi() != null) {
            all.add(image.getRoi());
        }
        return all;
    }
}
