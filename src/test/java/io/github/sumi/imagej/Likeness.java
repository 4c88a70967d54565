// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.LUT;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Compares all that belongs to two images but their titles and pixels. */
final class Likeness {

    private Likeness() {
    }

    /** Axes, calibration, properties, overlay, selection and labels; the Info of the one found may go on. */
    static void assertAlike(ImagePlus expected, ImagePlus found) {
        assertArrayEquals(expected.getDimensions(), found.getDimensions());
        assertEquals(expected.isHyperStack(), found.isHyperStack());
        assertEquals(scale(expected.getCalibration()), scale(found.getCalibration()));
        assertTrue(found.getInfoProperty().startsWith(expected.getInfoProperty()), found.getInfoProperty());
        assertArrayEquals(expected.getPropertiesAsArray(), found.getPropertiesAsArray());
        assertEquals(elements(expected), elements(found));
        assertEquals(labels(expected), labels(found));
    }

    /** LUTs, display ranges and, of composites, mode and the channels that are shown. */
    static void assertLooksAlike(ImagePlus expected, ImagePlus found) {
        assertEquals(look(expected), look(found));
    }

    private static List<Object> scale(Calibration c) {
        return List.of(c.pixelWidth, c.pixelHeight, c.pixelDepth, c.getUnit(), c.getZUnit(), c.getTimeUnit(), c.frameInterval, c.fps, c.xOrigin, c.yOrigin,
                c.zOrigin, c.getFunction(), c.getValueUnit(), Arrays.toString(c.getCoefficients()));
    }

    private static List<String> elements(ImagePlus image) {
        List<Roi> rois = new ArrayList<>(List.of(image.getOverlay().toArray()));
        rois.add(image.getRoi());
        return rois.stream().map(roi -> roi.getTypeAsString() + roi.getBounds() + " at " + roi.getPosition() + ", " + roi.getCPosition() + ", "
                + roi.getZPosition() + ", " + roi.getTPosition()).toList();
    }

    private static List<String> labels(ImagePlus image) {
        return IntStream.rangeClosed(1, image.getStackSize()).mapToObj(index -> String.valueOf(Dressing.label(image, index))).toList();
    }

    private static List<String> look(ImagePlus image) {
        List<String> look = new ArrayList<>();
        if (image instanceof CompositeImage composite) {
            look.add(composite.getMode() + Arrays.toString(Arrays.copyOf(composite.getActiveChannels(), image.getNChannels())));
            for (LUT lut : composite.getLuts()) {
                look.add(lut.min + " to " + lut.max + Arrays.toString(lut.getBytes()));
            }
        } else if (image.getBitDepth() != 24) {
            for (int index = 1; index <= image.getStackSize(); index++) {
                image.setSlice(index);
                look.add(image.getDisplayRangeMin() + " to " + image.getDisplayRangeMax() + Arrays.toString(image.getProcessor().getLut().getBytes()));
            }
        }
        return look;
    }
}
