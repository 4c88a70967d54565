// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RgbPlanesTest {

    private static final Model MODEL = ModelLibrary.standard(null).find("nuclei");
    private static final DenoiseOptions SIGMA = DenoiseOptions.defaults().withSigma(10.0);

    private static ColorProcessor textured(int seed) {
        ColorProcessor plane = new ColorProcessor(24, 20);
        for (int color = 1; color <= 2; color++) {
            ByteProcessor channel = new ByteProcessor(24, 20);
            for (int i = 0; i < channel.getPixelCount(); i++) {
                channel.set(i, 40 * color + 3 * ((i + seed) * (i + color) % 37));
            }
            plane.setChannel(color, channel);
        }
        return plane;
    }

    private static ImagePlus image() {
        ImageStack stack = new ImageStack(24, 20);
        stack.addSlice("first", textured(0));
        stack.addSlice("second", textured(5));
        ImagePlus rgb = new ImagePlus("section.tif", stack);
        rgb.setDimensions(1, 1, 2);
        rgb.getCalibration().pixelWidth = 0.5;
        return rgb;
    }

    private static ImageRestorer.Result denoise(ImagePlus input, DenoiseOptions options, ImageOptions imageOptions) {
        try (Denoiser denoiser = new Denoiser(MODEL, options)) {
            return new ImageRestorer(denoiser, imageOptions).restore(input, Progress.NONE);
        }
    }

    /** In the middle of the second plane: the first is whole. */
    @Test
    void onlyWholePlanesAreKeptOfACancelledRun() {
        double[] reached = new double[1];
        Progress cancelling = new Progress() {
            @Override
            public void update(double fraction) {
                reached[0] = fraction;
            }

            @Override
            public boolean cancelled() {
                return reached[0] > 0.6;
            }
        };
        ImagePlus whole = denoise(image(), SIGMA, ImageOptions.defaults()).image();
        try (Denoiser denoiser = new Denoiser(MODEL, SIGMA)) {
            ImageRestorer.Result kept = new ImageRestorer(denoiser, ImageOptions.defaults().withKeep(true)).restore(image(), cancelling);
            assertEquals("section-denoised-partial", kept.image().getTitle());
            assertEquals(24, kept.image().getBitDepth());
            assertArrayEquals(new int[] {24, 20, 1, 1, 1}, kept.image().getDimensions());
            assertArrayEquals((int[]) whole.getStack().getPixels(1), (int[]) kept.image().getStack().getPixels(1));
            reached[0] = 0;
            assertThrows(CancellationException.class, () -> new ImageRestorer(denoiser, ImageOptions.defaults()).restore(image(), cancelling));
        }
    }

    @Test
    void splittingAndMergingGivesTheImageBack() {
        ImagePlus rgb = image();
        ImagePlus back = RgbPlanes.merge(RgbPlanes.split(rgb), rgb, "-back");
        for (int index = 1; index <= 2; index++) {
            assertArrayEquals((int[]) rgb.getStack().getPixels(index), (int[]) back.getStack().getPixels(index));
        }
        assertEquals("section-back", back.getTitle());
        assertArrayEquals(rgb.getDimensions(), back.getDimensions());
        assertEquals("second", back.getStack().getSliceLabel(2));
        assertEquals(0.5, back.getCalibration().pixelWidth);
    }

    @Test
    @DisplayName("Pain 27: RGB is refused or becomes grey")
    void eachColourIsDenoisedAsAChannel() {
        ImageRestorer.Result result = denoise(image(), SIGMA, ImageOptions.defaults());
        ImagePlus reds = RgbPlanes.split(image());
        ImagePlus red = denoise(reds, SIGMA, new ImageOptions(true, Set.of(1), false, false)).image();
        ColorProcessor second = (ColorProcessor) result.image().getStack().getProcessor(2);
        assertEquals(24, result.image().getBitDepth());
        assertArrayEquals((byte[]) red.getStack().getPixels(4), second.getChannel(1));
        assertArrayEquals(new byte[480], second.getChannel(3), "there is no blue");
        assertEquals(4, result.planes());
        assertEquals(2, result.constant());
        assertTrue(result.notes().contains("red, green and blue"), result.notes());
    }

    @Test
    void channelsAreColoursAndScopeIsThePlane() {
        ImagePlus input = image();
        input.setPosition(1, 1, 2);
        ImageRestorer.Result result = denoise(input, SIGMA, new ImageOptions(false, Set.of(2), false, false));
        assertEquals(1, result.image().getStackSize());
        ColorProcessor plane = (ColorProcessor) result.image().getProcessor();
        assertArrayEquals(textured(5).getChannel(1), plane.getChannel(1));
        assertTrue(!java.util.Arrays.equals(textured(5).getChannel(2), plane.getChannel(2)));
        assertEquals(1, result.planes());
        assertThrows(IllegalArgumentException.class, () -> denoise(input, SIGMA, new ImageOptions(true, Set.of(4), false, false)));
    }

    @Test
    void floatAndSpreadHaveThreeChannels() {
        ImageRestorer.Result result = denoise(image(), SIGMA.withMode(Mode.UNCERTAINTY).withSteps(2).withSamples(2),
                new ImageOptions(true, Set.of(), false, true));
        assertEquals(32, result.image().getBitDepth());
        assertArrayEquals(new int[] {24, 20, 3, 1, 2}, result.image().getDimensions());
        assertArrayEquals(new int[] {24, 20, 3, 1, 2}, result.sd().getDimensions());
    }
}
