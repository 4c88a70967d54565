// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import java.awt.Color;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ImageRestorerTest {

    private static final Model MODEL = ModelLibrary.standard(null).find("nuclei");
    private static final DenoiseOptions SIGMA = DenoiseOptions.defaults().withSigma(30.0);

    private static ImageProcessor textured(int offset) {
        ShortProcessor plane = new ShortProcessor(16, 12);
        for (int i = 0; i < 192; i++) {
            plane.set(i, offset + 13 * (i * i % 29));
        }
        return plane;
    }

    private static ImagePlus image(ImageProcessor... planes) {
        ImageStack stack = new ImageStack(planes[0].getWidth(), planes[0].getHeight());
        for (int i = 0; i < planes.length; i++) {
            stack.addSlice("plane " + (i + 1), planes[i]);
        }
        return new ImagePlus("cells.tif", stack);
    }

    private static ImageRestorer.Result denoise(ImagePlus input, DenoiseOptions options, ImageOptions imageOptions) {
        try (Denoiser denoiser = new Denoiser(MODEL, options)) {
            return new ImageRestorer(denoiser, imageOptions).restore(input, Progress.NONE);
        }
    }

    private static ImageOptions floating() {
        return new ImageOptions(true, Set.of(), false, true);
    }

    @Test
    void channelsLeftOutAreCopiesThatShareNothing() {
        ImagePlus input = image(textured(100).convertToFloat(), textured(900).convertToFloat());
        input.setDimensions(2, 1, 1);
        ImagePlus result = denoise(input, SIGMA, new ImageOptions(true, Set.of(2), false, false)).image();
        assertNotSame(input.getStack().getPixels(1), result.getStack().getPixels(1));
        assertArrayEquals((float[]) input.getStack().getPixels(1), (float[]) result.getStack().getPixels(1));
        assertArrayEquals((float[]) textured(900).convertToFloat().getPixels(), (float[]) input.getStack().getPixels(2), "the input stays");
    }

    @Test
    @DisplayName("Pain 27: signed pixels change their values")
    void signedPixelsStayNegativeAsFloat() {
        ImagePlus input = image(textured(32768 - 500));
        input.getCalibration().setSigned16BitCalibration();
        double mean = input.getStatistics().mean;
        assertTrue(mean < 0);
        ImageRestorer.Result result = denoise(input, SIGMA.withMode(Mode.UNCERTAINTY).withSteps(2).withSamples(2), floating());
        assertEquals(mean, result.image().getStatistics().mean, 15);
        assertTrue(!result.image().getCalibration().calibrated(), "the offset is in the values now");
        ImagePlus kept = denoise(input, SIGMA, ImageOptions.defaults()).image();
        assertTrue(kept.getCalibration().isSigned16Bit());
        assertEquals(mean, kept.getStatistics().mean, 15);
    }

    @Test
    void constantPlanesOfAStackStayAndAreCounted() {
        ImagePlus input = image(textured(100), new ShortProcessor(16, 12), textured(100));
        ImageRestorer.Result result = denoise(input, DenoiseOptions.defaults(), ImageOptions.defaults());
        assertEquals(2, result.planes());
        assertEquals(1, result.constant());
        assertEquals(0, result.image().getStack().getProcessor(2).getStats().max);
        assertEquals("plane 2", result.image().getStack().getSliceLabel(2));
        String message = assertThrows(IllegalArgumentException.class,
                () -> denoise(image(new ShortProcessor(16, 12)), SIGMA, ImageOptions.defaults())).getMessage();
        assertTrue(message.contains("constant"), message);
    }

    /** The user closes the image meanwhile: ImageJ takes its pixels away. */
    @Test
    void anInputThatIsClosedMeanwhileIsDenoised() {
        ImagePlus expected = denoise(image(textured(100), textured(900)), SIGMA, ImageOptions.defaults()).image();
        for (ImagePlus input : new ImagePlus[] {image(textured(100), textured(900)), new ImagePlus("cells.tif", textured(100))}) {
            Progress closing = new Progress() {
                @Override
                public void update(double fraction) {
                    input.close();
                }

                @Override
                public boolean cancelled() {
                    return false;
                }
            };
            try (Denoiser denoiser = new Denoiser(MODEL, SIGMA)) {
                ImagePlus result = new ImageRestorer(denoiser, ImageOptions.defaults()).restore(input, closing).image();
                assertEquals("cells-denoised", result.getTitle());
                if (result.getStackSize() == 2) {
                    assertArrayEquals((short[]) expected.getStack().getPixels(2), (short[]) result.getStack().getPixels(2));
                }
            }
        }
    }

    @Test
    void scopePlaneGivesTheCurrentPlaneAlone() {
        ImagePlus stack = image(textured(100), textured(900), textured(1700), textured(2500));
        stack.setDimensions(2, 2, 1);
        CompositeImage input = new CompositeImage(stack, CompositeImage.COLOR);
        input.setChannelLut(LUT.createLutFromColor(Color.GREEN), 2);
        input.setPosition(2, 2, 1);
        ImageRestorer.Result result = denoise(input, SIGMA, new ImageOptions(false, Set.of(), false, false));
        assertEquals(1, result.image().getStackSize());
        assertEquals("plane 4", result.image().getStack().getSliceLabel(1));
        assertEquals(input.getStack().getProcessor(4).getStats().mean, result.image().getProcessor().getStats().mean, 20);
        assertEquals(255, result.image().getProcessor().getLut().getGreen(255));
        assertEquals(0, result.image().getProcessor().getLut().getRed(255));
        String message = assertThrows(IllegalArgumentException.class,
                () -> denoise(input, SIGMA, new ImageOptions(false, Set.of(1), false, false))).getMessage();
        assertTrue(message.contains("channel 2"), message);
    }

    /** What was taken away and what is left make up the input, in the units of the result. */
    @Test
    void theResidualIsInputLessResult() {
        ImagePlus input = image(textured(100), textured(200));
        Calibration calibration = new Calibration();
        calibration.setFunction(Calibration.STRAIGHT_LINE, new double[] {50, -2}, "units");
        input.setCalibration(calibration);
        ImageRestorer.Result result = denoise(input, SIGMA.withMode(Mode.UNCERTAINTY).withSteps(2).withSamples(2), floating());
        boolean some = false;
        for (int n = 1; n <= 2; n++) {
            for (int i = 0; i < input.getWidth() * input.getHeight(); i++) {
                float taken = result.residualImage().getStack().getProcessor(n).getf(i);
                float left = result.image().getStack().getProcessor(n).getf(i);
                assertEquals(calibration.getCValue(input.getStack().getProcessor(n).getf(i)), left + taken, 1e-3);
                some |= Math.abs(taken) > 1;
            }
        }
        assertTrue(some);
    }

    @Test
    void whatBelongsToTheImageComesAlong() {
        ImagePlus input = image(textured(100), textured(200));
        Calibration calibration = new Calibration();
        calibration.pixelWidth = 0.25;
        calibration.setUnit("micron");
        input.setCalibration(calibration);
        input.setProperty("Info", "microscope 7");
        input.setProp("objective", "63x");
        input.setOverlay(new Overlay(new Roi(1, 1, 3, 3)));
        input.setRoi(new Roi(2, 2, 5, 5));
        input.setDisplayRange(50, 700);
        ImageRestorer.Result result = denoise(input, SIGMA.withMode(Mode.UNCERTAINTY).withSteps(2).withSamples(2), ImageOptions.defaults());
        for (ImagePlus image : result.images()) {
            assertEquals(0.25, image.getCalibration().pixelWidth);
            assertEquals("microscope 7", image.getInfoProperty());
            assertEquals("63x", image.getProp("objective"));
            assertEquals(1, image.getOverlay().size());
            assertNotSame(input.getRoi(), image.getRoi());
            assertEquals(5, image.getRoi().getBounds().width);
        }
        assertEquals("cells-denoised", result.image().getTitle());
        assertEquals("cells-sd", result.sd().getTitle());
        assertEquals(700, result.image().getDisplayRangeMax());
        assertEquals(32, result.sd().getBitDepth());
        assertTrue(result.sd().getDisplayRangeMax() < 200);
        assertTrue(result.image().getID() != input.getID());
        assertEquals("cells-residual", result.residualImage().getTitle());
        assertNull(denoise(input, SIGMA, ImageOptions.defaults()).sd());
    }

    @Test
    void whatDoesNotFitTheTypeIsSaturatedAndCounted() {
        GreyLevels levels = new GreyLevels(image(textured(0)), false);
        short[] pixels = (short[]) levels.convert(new FloatProcessor(2, 2, new float[] {-3, 70000, 12.5f, 65535.4f})).getPixels();
        assertArrayEquals(new short[] {0, (short) 65535, 13, (short) 65535}, pixels);
        assertEquals(2, levels.clipped());
    }

    @Test
    void aPixelThatIsNotANumberNamesItsPlane() {
        FloatProcessor bad = textured(100).convertToFloatProcessor();
        bad.setf(3, 2, Float.POSITIVE_INFINITY);
        String message = assertThrows(IllegalArgumentException.class,
                () -> denoise(image(textured(100).convertToFloat(), bad), SIGMA, ImageOptions.defaults())).getMessage();
        assertTrue(message.contains("Plane 2") && message.contains("x = 3, y = 2"), message);
    }

    @Test
    void theLabelThatImageJMakesUpForASinglePlaneIsNotKept() {
        ImagePlus input = new ImagePlus("cells.tif", textured(100));
        input.setProperty("Info", "microscope 7");
        assertTrue(input.getStack().getSliceLabel(1).contains("microscope"));
        assertNull(denoise(input, SIGMA, ImageOptions.defaults()).image().getStack().getSliceLabel(1));
    }

    @Test
    void stripesAreSaidOfTheirChannel() {
        ShortProcessor[] channels = {new ShortProcessor(96, 96), new ShortProcessor(96, 96)};
        java.util.Random random = new java.util.Random(1);
        for (int i = 0; i < 96 * 96; i++) {
            channels[0].set(i, (int) Math.rint(1000 + 40 * random.nextGaussian()));
            channels[1].set(i, (int) Math.rint(1000 + 40 * random.nextGaussian() + 40 * (i / 96 % 2)));
        }
        ImagePlus input = image(channels);
        input.setDimensions(2, 1, 1);
        try (ImageRestorer.Result result = denoise(input, DenoiseOptions.defaults(), ImageOptions.defaults())) {
            assertTrue(result.warnings().stream().anyMatch(warning -> warning.startsWith("Channel 2: Rows have offsets")), result.warnings().toString());
            assertTrue(result.warnings().stream().noneMatch(warning -> warning.contains("Channel 1: Rows") || warning.contains("Columns")), result.warnings().toString());
        }
    }
}
