// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.VirtualStack;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import java.awt.Color;
import java.util.stream.Stream;

/**
 * Images with all that can belong to one.
 *
 * @param bits 8, 16, 32, or 24 for RGB
 */
record Dressed(int bits, int channels, int slices, int frames, boolean virtual) {

    static final int WIDTH = 20;
    static final int HEIGHT = 14;

    private static final Color[] COLORS = {Color.GREEN, Color.MAGENTA, Color.CYAN};

    /** Each type with each combination of axes, in memory and virtual; RGB has no channels. */
    static Stream<Dressed> all() {
        return Stream.of(8, 16, 24, 32).flatMap(bits -> Stream.of(1, 3).flatMap(channels -> Stream.of(1, 2).flatMap(
                slices -> Stream.of(1, 2).flatMap(frames -> Stream.of(false, true).map(virtual -> new Dressed(bits, channels, slices, frames, virtual))))))
                .filter(kind -> kind.bits != 24 || kind.channels == 1).filter(kind -> !kind.virtual || kind.planes() > 1);
    }

    int planes() {
        return channels * slices * frames;
    }

    /** Textured, and brighter from plane to plane. */
    static ImageProcessor plane(int bits, int index) {
        ImageProcessor plane = blank(bits, WIDTH, HEIGHT);
        for (int i = 0; i < plane.getPixelCount(); i++) {
            int grey = 20 + 16 * index + i * (i + index) % 13;
            if (bits == 24) {
                plane.set(i, grey << 16 | grey + 20 << 8 | grey + 40);
            } else {
                plane.setf(i, bits == 32 ? grey + 0.25f : grey);
            }
        }
        return plane;
    }

    static ImageProcessor blank(int bits, int width, int height) {
        return switch (bits) {
            case 8 -> new ByteProcessor(width, height);
            case 16 -> new ShortProcessor(width, height);
            case 24 -> new ColorProcessor(width, height);
            default -> new FloatProcessor(width, height);
        };
    }

    private ImageStack stack() {
        ImageStack stack = new ImageStack(WIDTH, HEIGHT);
        for (int index = 0; index < planes(); index++) {
            stack.addSlice("plane " + (index + 1), plane(bits, index));
        }
        return virtual ? virtual(stack) : stack;
    }

    /** A stack that computes its planes whenever they are asked for. */
    private static ImageStack virtual(ImageStack planes) {
        VirtualStack stack = new VirtualStack(planes.getWidth(), planes.getHeight(), planes.size()) {
            @Override
            public ImageProcessor getProcessor(int n) {
                ImageProcessor plane = planes.getProcessor(n).duplicate();
                if (getColorModel() != null && getBitDepth() != 24) {
                    plane.setColorModel(getColorModel());
                }
                return plane;
            }

            @Override
            public String getSliceLabel(int n) {
                return planes.getSliceLabel(n);
            }
        };
        stack.setBitDepth(planes.getBitDepth());
        return stack;
    }

    /** Called cells.tif; of several channels the second is not shown. */
    ImagePlus image() {
        ImagePlus image = new ImagePlus("cells.tif", stack());
        image.setDimensions(channels, slices, frames);
        image.setOpenAsHyperStack(true);
        if (channels > 1) {
            image = composite(image);
        } else if (bits != 24) {
            image.setLut(LUT.createLutFromColor(Color.ORANGE));
            image.setDisplayRange(7, 180);
        }
        calibrate(image.getCalibration());
        image.setProperty("Info", "microscope 7\nobjective 63x");
        image.setProp("operator", "nobody");
        Overlay overlay = new Overlay(new Roi(1, 1, 3, 3));
        Roi last = new OvalRoi(4, 4, 6, 5);
        last.setPosition(channels, slices, frames);
        overlay.add(last);
        image.setOverlay(overlay);
        image.setRoi(new OvalRoi(2, 2, 9, 8));
        return image;
    }

    private static CompositeImage composite(ImagePlus image) {
        CompositeImage composite = new CompositeImage(image, CompositeImage.COMPOSITE);
        for (int channel = 1; channel <= image.getNChannels(); channel++) {
            LUT lut = LUT.createLutFromColor(COLORS[channel - 1]);
            lut.min = 10 * channel;
            lut.max = 200 + channel;
            composite.setChannelLut(lut, channel);
        }
        composite.getActiveChannels()[1] = false;
        return composite;
    }

    private static void calibrate(Calibration calibration) {
        calibration.pixelWidth = 0.25;
        calibration.pixelHeight = 0.5;
        calibration.pixelDepth = 2;
        calibration.setUnit("micron");
        calibration.setZUnit("mm");
        calibration.frameInterval = 5;
        calibration.fps = 0.2;
        calibration.setTimeUnit("min");
        calibration.xOrigin = 3;
        calibration.yOrigin = 4;
        calibration.zOrigin = 1;
    }
}
