// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.io.Opener;
import ij.measure.Calibration;
import ij.process.LUT;
import io.github.sumi.model.Model;
import io.github.sumi.model.TinyModel;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import java.awt.Color;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What belongs to an image goes with it, whatever its type and axes. */
class ImagePropertiesTest {

    private static final DenoiseOptions SIGMA = DenoiseOptions.defaults().withSigma(3);
    private static final DenoiseOptions SPREAD = SIGMA.withMode(Mode.UNCERTAINTY).withSteps(2).withSamples(2);

    @TempDir
    Path folder;
    private Model model;

    @BeforeEach
    void model() {
        model = Model.load(TinyModel.folder(folder, "timestep-float-n"));
    }

    private static Stream<Dressed> kinds() {
        return Dressed.all();
    }

    private ImageRestorer.Result denoise(ImagePlus input, DenoiseOptions options, ImageOptions imageOptions) {
        try (Denoiser denoiser = new Denoiser(model, options)) {
            return new ImageRestorer(denoiser, imageOptions).restore(input, Progress.NONE);
        }
    }

    private static ImageOptions options(boolean stack, boolean toFloat) {
        return new ImageOptions(stack, Set.of(), false, toFloat);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("Pain 26: calibration, unit, LUT, labels, selection and overlay are lost")
    void whatBelongsToAnImageComesAlong(Dressed kind) throws Exception {
        ImagePlus input = kind.image();
        try (ImageRestorer.Result result = denoise(input, SPREAD, ImageOptions.defaults())) {
            Likeness.assertAlike(input, result.image());
            Likeness.assertLooksAlike(input, result.image());
            if (kind.bits() != 24) {
                Likeness.assertAlike(input, result.sd());
            }
            TiffFiles.save(result.image(), folder.resolve("out.tif"), false);
            ImagePlus back = TiffFiles.open(folder.resolve("out.tif"));
            // a file doesn't hold all of it: what ImageJ itself writes of the input is what can be asked for
            IJ.saveAsTiff(input, folder.resolve("in.tif").toString());
            ImagePlus expected = new Opener().openTiff(folder + "/", "in.tif");
            Likeness.assertAlike(expected, back);
            Likeness.assertLooksAlike(expected, back);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("Pain 26: the input is changed too")
    void theInputStaysAsItIs(Dressed kind) {
        ImagePlus input = kind.image();
        ImagePlus before = kind.image();
        input.setPosition(kind.channels(), kind.slices(), kind.frames());
        ImageStack stack = input.getStack();
        try (ImageRestorer.Result result = denoise(input, SIGMA, ImageOptions.defaults())) {
            assertNotSame(stack, result.image().getStack());
        }
        assertArrayEquals(new int[] {kind.channels(), kind.slices(), kind.frames()}, new int[] {input.getC(), input.getZ(), input.getT()});
        assertEquals("cells.tif", input.getTitle());
        assertFalse(input.changes);
        assertSame(stack, input.getStack());
        assertEquals(before.getInfoProperty(), input.getInfoProperty());
        Likeness.assertAlike(before, input);
        Likeness.assertLooksAlike(before, input);
        for (int index = 1; index <= kind.planes(); index++) {
            assertArrayEquals(before.getStack().getProcessor(index).getFloatArray(), input.getStack().getProcessor(index).getFloatArray());
        }
    }

    /** ImageJ draws all of an overlay on an image of one plane, wherever its elements were. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPlaneTakesWhatIsOnItAndNothingOfTheOthers(boolean hyper) {
        ImagePlus input = new Dressed(16, 1, 3, 1, false).image();
        input.setOpenAsHyperStack(hyper);
        Roi second = new Roi(5, 5, 2, 2);
        second.setPosition(2);
        input.getOverlay().add(second);
        input.setSlice(2);
        ImagePlus plane = denoise(input, SIGMA, options(false, false)).image();
        assertEquals(2, plane.getOverlay().size(), "one of all planes, one of this one, not that of the third");
        assertEquals(0, plane.getOverlay().get(1).getPosition());
        assertEquals(3, input.getOverlay().size());
        assertEquals("plane 2", plane.getStack().getSliceLabel(1));
        assertEquals("micron", plane.getCalibration().getUnit());
        Likeness.assertLooksAlike(plane, denoise(plane, SIGMA, ImageOptions.defaults()).image());
    }

    @Test
    void whatIsOnAnRgbPlaneIsOnAllOfItsColours() {
        ImagePlus input = new Dressed(24, 1, 1, 3, false).image();
        Roi second = new Roi(5, 5, 2, 2);
        second.setPosition(2);
        input.getOverlay().add(second);
        ImagePlus colours = denoise(input, SIGMA, options(true, true)).image();
        int[][] expected = {{0, 0, 0}, {0, 1, 3}, {0, 1, 2}};
        for (int i = 0; i < expected.length; i++) {
            Roi roi = colours.getOverlay().get(i);
            assertArrayEquals(expected[i], new int[] {roi.getCPosition(), roi.getZPosition(), roi.getTPosition()}, "element " + i);
        }
    }

    @Test
    void theHeaderOfADicomPlaneIsItsLabel() {
        ImageStack stack = new ImageStack(Dressed.WIDTH, Dressed.HEIGHT);
        stack.addSlice("1.dcm\n0008,0060  Modality: CT", Dressed.plane(16, 0));
        stack.addSlice("2.dcm\n0008,0060  Modality: MR", Dressed.plane(16, 1));
        ImagePlus input = new ImagePlus("series", stack);
        input.setSlice(2);
        assertEquals(stack.getSliceLabel(2), denoise(input, SIGMA, options(true, false)).image().getStack().getSliceLabel(2));
        assertEquals(stack.getSliceLabel(2), denoise(input, SIGMA, options(false, false)).image().getStack().getSliceLabel(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {Calibration.STRAIGHT_LINE, Calibration.EXPONENTIAL, Calibration.UNCALIBRATED_OD, Calibration.CUSTOM})
    @DisplayName("Pain 26: the density calibration is lost")
    void grayValuesKeepTheirMeaning(int function) {
        ImagePlus input = new Dressed(8, 1, 1, 1, false).image();
        input.deleteRoi();
        Calibration density = input.getCalibration();
        if (function == Calibration.CUSTOM) {
            float[] squares = new float[256];
            for (int i = 0; i < squares.length; i++) {
                squares[i] = i * i;
            }
            density.setCTable(squares, "squares");
        } else {
            density.setFunction(function, function == Calibration.UNCALIBRATED_OD ? null : new double[] {2, 0.01}, "dose");
        }
        ImagePlus kept = denoise(input, SIGMA, options(true, false)).image();
        assertEquals(density.getFunction(), kept.getCalibration().getFunction());
        assertArrayEquals(density.getCTable(), kept.getCalibration().getCTable());
        ImagePlus values = denoise(input, SIGMA, options(true, true)).image();
        assertFalse(values.getCalibration().calibrated(), "they are in the pixels now");
        assertEquals(density.getValueUnit(), values.getCalibration().getValueUnit());
        kept.deleteRoi();
        values.deleteRoi();
        assertEquals(kept.getStatistics().mean, values.getStatistics().mean, 0.02 * kept.getStatistics().mean);
        double[] ends = {density.getCValue(7.0), density.getCValue(180.0)};
        assertEquals(Math.min(ends[0], ends[1]), values.getDisplayRangeMin(), 1e-3);
        assertEquals(Math.max(ends[0], ends[1]), values.getDisplayRangeMax(), 1e-3);
    }

    @Test
    @DisplayName("Pain 26: an inverted LUT is lost")
    void anInvertedLutStays() {
        ImagePlus input = new Dressed(8, 1, 2, 1, false).image();
        input.setLut(LUT.createLutFromColor(Color.WHITE).createInvertedLut());
        input.setDisplayRange(5, 90);
        ImagePlus result = denoise(input, SIGMA, ImageOptions.defaults()).image();
        assertTrue(input.isInvertedLut());
        Likeness.assertLooksAlike(input, result);
    }
}
