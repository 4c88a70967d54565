// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import io.github.sumi.pipeline.NoiseModel;
import io.github.sumi.pipeline.Progress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Also what the tests of command and command line measure. */
public class ImageNoiseTest {

    private static final int SIZE = 160;

    /** Discs of several brightnesses as a camera of this noise sees them. */
    public static ImageProcessor plane(NoiseModel camera, long seed) {
        Random random = new Random(seed);
        ShortProcessor plane = new ShortProcessor(SIZE, SIZE);
        for (int i = 0; i < SIZE * SIZE; i++) {
            int x = i % SIZE;
            int y = i / SIZE;
            double disc = 1 / (1 + Math.exp((Math.hypot(x % 40 - 20, y % 40 - 20) - 12) / 2));
            double clean = camera.offset() + 50 + 40 * (1 + x / 40 + 4 * (y / 40)) * disc;
            plane.set(i, (int) Math.rint(clean + camera.sigma(clean) * random.nextGaussian()));
        }
        return plane;
    }

    /** Two channels, three slices; the noise of the second is Gaussian. */
    private static ImagePlus hyperstack() {
        ImageStack stack = new ImageStack(SIZE, SIZE);
        for (int slice = 0; slice < 3; slice++) {
            stack.addSlice(plane(new NoiseModel(2, 100, 5), slice));
            stack.addSlice(plane(new NoiseModel(0, 100, 9), 10 + slice));
        }
        ImagePlus image = new ImagePlus("cells.tif", stack);
        image.setDimensions(2, 3, 1);
        return image;
    }

    private static ImageOptions options(String scope, String channels) {
        return ImageOptions.of(scope, channels, "stack", "input");
    }

    @Test
    void eachChannelHasItsNoise() {
        List<ImageNoise> noises = ImageNoise.of(hyperstack(), ImageOptions.defaults(), Progress.NONE);
        assertEquals(2, noises.size());
        assertEquals(3, noises.get(0).planes());
        NoiseModel camera = new NoiseModel(2, 100, 5);
        for (double z : new double[] {150, 300, 600}) {
            assertEquals(1, noises.get(0).fit().model().sigma(z) / camera.sigma(z), 0.1, noises.get(0).describe());
        }
        assertEquals(9, noises.get(1).fit().model().sigma(300), 0.4, noises.get(1).describe());
        assertTrue(noises.get(0).options().matches("noise=camera gain=[0-9.]+ offset=[0-9.]+ readnoise=[0-9.]+"), noises.get(0).options());
        assertTrue(noises.get(1).options().matches("noise=gaussian sigma=[89][0-9.]*"), noises.get(1).options());
        assertTrue(noises.get(0).describe().startsWith("channel 1: camera, gain "), noises.get(0).describe());
        assertTrue(noises.get(0).describe().endsWith(", fitted to 3 planes"), noises.get(0).describe());
    }

    @Test
    void scopeAndChannelsChoose() {
        List<ImageNoise> second = ImageNoise.of(hyperstack(), options("stack", "2"), Progress.NONE);
        assertEquals(List.of(2), second.stream().map(ImageNoise::channel).toList());
        assertEquals(1, ImageNoise.of(hyperstack(), options("plane", "all"), Progress.NONE).get(0).planes());
        assertThrows(IllegalArgumentException.class, () -> ImageNoise.of(hyperstack(), options("stack", "3"), Progress.NONE));
    }

    @Test
    void coloursAreChannels() {
        ColorProcessor pixels = new ColorProcessor(SIZE, SIZE);
        for (int color = 1; color <= 3; color++) {
            pixels.setChannel(color, (ij.process.ByteProcessor) plane(new NoiseModel(0, 20, 4 * color), color).convertToByte(true));
        }
        assertEquals(3, ImageNoise.of(new ImagePlus("rgb", pixels), ImageOptions.defaults(), Progress.NONE).size());
    }

    @Test
    void nothingToMeasureIsSaid() {
        ImagePlus constant = new ImagePlus("blank", new ShortProcessor(SIZE, SIZE));
        String message = assertThrows(IllegalArgumentException.class, () -> ImageNoise.of(constant, ImageOptions.defaults(), Progress.NONE)).getMessage();
        assertTrue(message.contains("blank is constant"), message);
    }

    @Test
    void thePlotHasASliceForEachChannel() {
        ImagePlus image = hyperstack();
        List<ImageNoise> noises = ImageNoise.of(image, ImageOptions.defaults(), Progress.NONE);
        ImagePlus plot = NoisePlot.of(image, noises);
        assertEquals("cells-noise", plot.getTitle());
        assertEquals(2, plot.getStackSize());
        for (int slice = 1; slice <= 2; slice++) {
            ImageProcessor pixels = plot.getStack().getProcessor(slice);
            assertTrue(count(pixels, 0x0000ff) > 200, "dots");
            assertTrue(count(pixels, 0xff0000) > 200, "the line");
        }
        assertEquals(1, NoisePlot.of(image, noises.subList(0, 1)).getStackSize());
    }

    private static int count(ImageProcessor pixels, int rgb) {
        int count = 0;
        for (int i = 0; i < pixels.getPixelCount(); i++) {
            count += (pixels.get(i) & 0xffffff) == rgb ? 1 : 0;
        }
        return count;
    }
}
