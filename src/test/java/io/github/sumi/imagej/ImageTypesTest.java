// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.TinyModel;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grey values and planes come out where and as they were. */
class ImageTypesTest {

    private static final DenoiseOptions SIGMA = DenoiseOptions.defaults().withSigma(3);

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
            ImageRestorer.Result result = new ImageRestorer(denoiser, imageOptions).restore(input, Progress.NONE);
            RunInfo.add(result, model, options, imageOptions, denoiser);
            return result;
        }
    }

    private static ImageOptions options(Set<Integer> channels, boolean toFloat) {
        return new ImageOptions(true, channels, true, toFloat);
    }

    @ParameterizedTest
    @CsvSource({"8,255", "16,65535"})
    @DisplayName("Pain 27: type and range are changed, the file is white")
    void theResultIsOfTheInputsTypeRoundedAndSaturated(int bits, int most) {
        ImageProcessor pixels = Dressed.blank(bits, 60, 50);
        Random random = new Random(1);
        for (int i = 0; i < pixels.getPixelCount(); i++) {
            double grey = most * (0.5 + 0.5 * Math.sin(i / 300.0) + 0.1 * random.nextGaussian());
            pixels.set(i, (int) Math.max(0, Math.min(most, grey)));
        }
        ImagePlus input = new ImagePlus("wide", pixels);
        // a chain, since the noise of its steps reaches beyond the range
        DenoiseOptions options = DenoiseOptions.defaults().withSigma(0.1 * most).withMode(Mode.SAMPLE).withSteps(3);
        ImageRestorer.Result exact = denoise(input, options, options(Set.of(), true));
        ImageRestorer.Result result = denoise(input, options, options(Set.of(), false));
        assertEquals(32, exact.image().getBitDepth());
        assertEquals(0, exact.clipped());
        assertEquals(bits, result.image().getBitDepth());
        long clipped = 0;
        for (int i = 0; i < pixels.getPixelCount(); i++) {
            long rounded = Math.round((double) exact.image().getProcessor().getf(i));
            clipped += rounded < 0 || rounded > most ? 1 : 0;
            assertEquals(Math.max(0, Math.min(most, rounded)), result.image().getProcessor().get(i));
        }
        assertTrue(clipped > 0);
        assertEquals(clipped, result.clipped());
        assertTrue(result.image().getInfoProperty().contains(", " + clipped + " clipped pixels"), result.image().getInfoProperty());
        assertEquals(input.getDisplayRangeMax(), exact.image().getDisplayRangeMax());
    }

    @Test
    @DisplayName("Pain 27: grey values beside the table of a density calibration")
    void valuesBesideACalibrationsTableAreThoseOfItsEnds() {
        ImagePlus input = new ImagePlus("table", Dressed.plane(8, 0));
        float[] table = new float[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = 1000 - 2 * i;
        }
        input.getCalibration().setCTable(table, "dose");
        assertEquals(Calibration.CUSTOM, input.getCalibration().getFunction());
        FloatProcessor raw = new FloatProcessor(2, 2, new float[] {-3, 0.5f, 254.75f, 300});
        assertArrayEquals(new float[] {1000, 999, 490.5f, 490}, (float[]) new GreyLevels(input, true).convert(raw).getPixels());
    }

    /** Each plane is the one that it is when it is denoised alone, so that none is exchanged with another. */
    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("Pain 28: channels, slices and frames are mixed up")
    void everyPlaneKeepsItsPlace(Dressed kind) {
        try (ImageRestorer.Result result = denoise(kind.image(), SIGMA, options(Set.of(), false))) {
            for (int index = 1; index <= kind.planes(); index++) {
                ImagePlus alone = denoise(new ImagePlus("alone", Dressed.plane(kind.bits(), index - 1)), SIGMA, options(Set.of(), false)).image();
                assertArrayEquals(alone.getProcessor().getFloatArray(), result.image().getStack().getProcessor(index).getFloatArray(), "plane " + index);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32})
    @DisplayName("Pain 28: the wrong channel is taken")
    void onlyTheChosenChannelsChange(int bits) {
        ImagePlus input = new Dressed(bits, 3, 2, 2, false).image();
        ImagePlus result = denoise(input, SIGMA, options(Set.of(1, 3), false)).image();
        for (int index = 1; index <= input.getStackSize(); index++) {
            float[][] before = input.getStack().getProcessor(index).getFloatArray();
            float[][] after = result.getStack().getProcessor(index).getFloatArray();
            assertEquals(input.convertIndexToPosition(index)[0] == 2, Arrays.deepEquals(before, after), "plane " + index);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,37", "37,1", "5,3", "130,2"})
    @DisplayName("Pain 17: images of odd sizes are refused")
    void anySizeOfAnyTypeIsDenoised(int width, int height) {
        for (int bits : new int[] {8, 16, 24, 32}) {
            ImageStack stack = new ImageStack(width, height);
            for (int plane = 0; plane < 2; plane++) {
                ImageProcessor pixels = Dressed.blank(bits, width, height);
                for (int i = 0; i < pixels.getPixelCount(); i++) {
                    pixels.set(i, bits == 32 ? Float.floatToIntBits(40 + i * i % 19) : 0x282828 * (bits == 24 ? 1 : 0) + 40 + i * i % 19);
                }
                stack.addSlice(pixels);
            }
            ImageRestorer.Result result = denoise(new ImagePlus("odd", stack), SIGMA.withMode(Mode.UNCERTAINTY).withSteps(2).withSamples(2),
                    ImageOptions.defaults());
            assertArrayEquals(new int[] {width, height, 1, 2, 1}, result.image().getDimensions());
            assertEquals(bits, result.image().getBitDepth());
            assertTrue(result.planes() > 0);
            assertTrue(Float.isFinite(result.sd().getProcessor().getf(0, 0)));
        }
    }

    @Test
    @DisplayName("Pain 29: the place of a crop is ignored")
    void aCropIsDenoisedAsTheImageThatItIs() {
        ImagePlus whole = new Dressed(16, 1, 2, 1, false).image();
        whole.setRoi(new Roi(5, 3, 9, 8));
        ImagePlus crop = whole.crop("stack");
        ImageStack stack = new ImageStack(9, 8);
        for (int plane = 1; plane <= 2; plane++) {
            ImageProcessor pixels = Dressed.blank(16, 9, 8);
            for (int y = 0; y < 8; y++) {
                for (int x = 0; x < 9; x++) {
                    pixels.set(x, y, whole.getStack().getProcessor(plane).get(5 + x, 3 + y));
                }
            }
            stack.addSlice(pixels);
        }
        ImagePlus expected = denoise(new ImagePlus("same pixels", stack), SIGMA, ImageOptions.defaults()).image();
        ImagePlus result = denoise(crop, SIGMA, ImageOptions.defaults()).image();
        for (int plane = 1; plane <= 2; plane++) {
            assertArrayEquals((short[]) expected.getStack().getPixels(plane), (short[]) result.getStack().getPixels(plane));
        }
    }
}
