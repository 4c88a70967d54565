// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ShortProcessor;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.ImageRestorer;
import io.github.sumi.model.ModelLibrary;
import java.util.Arrays;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HotPixelsTest {

    private static final int SIZE = 128;
    private static final double SIGMA = 10;
    /** In the corner, at an edge, beside each other along a diagonal, on a nucleus. */
    private static final int[][] PLACES = {{0, 0}, {127, 60}, {50, 50}, {53, 53}, {60, 20}, {99, 101}};

    private static float[] withHotPixels(double height) {
        float[] pixels = DenoiserTest.cells(SIZE, SIZE, SIGMA);
        for (int[] place : PLACES) {
            pixels[place[1] * SIZE + place[0]] += (float) height;
        }
        return pixels;
    }

    private static Scaling measure(float[] pixels, int width, NoiseModel noise) {
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), DenoiseOptions.defaults())) {
            return denoiser.measure(ArrayImgs.floats(pixels, width, pixels.length / width), noise);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {15, 100, 5000})
    void allAreCountedAndTheRangeStays(double sigmas) {
        Scaling clean = measure(withHotPixels(0), SIZE, NoiseModel.gaussian(SIGMA));
        Scaling hot = measure(withHotPixels(sigmas * SIGMA), SIZE, NoiseModel.gaussian(SIGMA));
        assertEquals(0, clean.hotPixels());
        assertEquals(PLACES.length, hot.hotPixels());
        assertEquals(clean.low(), hot.low(), 1);
        assertEquals(clean.high(), hot.high(), 1);
    }

    /** With a camera's noise, where they are looked for after stabilising. */
    @Test
    void theyAreFoundInCameraNoiseToo() {
        NoiseModel camera = new NoiseModel(0.5, 0, 4);
        assertEquals(0, measure(withHotPixels(0), SIZE, camera).hotPixels());
        assertEquals(PLACES.length, measure(withHotPixels(3000), SIZE, camera).hotPixels());
    }

    /** The sharpest points that a microscope images, wherever between pixels they lie. */
    @Test
    void pointsOfLightAreNotHot() {
        float[] pixels = DenoiserTest.cells(SIZE, SIZE, SIGMA);
        for (int spot = 0; spot < 36; spot++) {
            double x = 10 + spot % 6 * 20 + spot % 5 * 0.2;
            double y = 10 + spot / 6 * 20 + spot % 7 * 0.15;
            for (int i = 0; i < pixels.length; i++) {
                double square = Math.pow(i % SIZE - x, 2) + Math.pow(i / SIZE - y, 2);
                pixels[i] += (float) (200 * Math.pow(2, spot % 6) * Math.exp(-square / (2 * 0.6 * 0.6)));
            }
        }
        assertEquals(0, measure(pixels, SIZE, NoiseModel.gaussian(SIGMA)).hotPixels());
    }

    /** At the seams of the cells in which large planes are read, each once. */
    @Test
    void largePlanesHaveAsMany() {
        int width = PlanePixels.CELL + 40;
        float[] pixels = DenoiserTest.cells(width, PlanePixels.CELL + 9, SIGMA);
        for (int dx = -6; dx <= 6; dx += 3) {
            pixels[(PlanePixels.CELL + dx / 3) * width + PlanePixels.CELL + dx] += 1000;
        }
        assertEquals(5, measure(pixels, width, NoiseModel.gaussian(SIGMA)).hotPixels());
    }

    @Test
    void withoutKnownNoiseNoneIsHot() {
        assertEquals(0, measure(withHotPixels(1000), SIZE, NoiseModel.gaussian(0)).hotPixels());
    }

    /** In words, with their number over all planes; they stay, and what is around them is denoised as without them. */
    @Test
    void theyAreNamedAndHarmNothingElse() {
        ImageStack stack = new ImageStack(SIZE, SIZE);
        stack.addSlice(shorts(withHotPixels(20000)));
        stack.addSlice(shorts(withHotPixels(20000)));
        DenoiseOptions options = DenoiseOptions.defaults().withSigma(SIGMA);
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), options)) {
            ImageRestorer.Result result = new ImageRestorer(denoiser, ImageOptions.defaults()).restore(new ImagePlus("hot", stack), Progress.NONE);
            List<String> hot = result.warnings().stream().filter(warning -> warning.contains("hot pixel")).toList();
            assertEquals(1, hot.size(), hot.toString());
            assertTrue(hot.get(0).startsWith("12 hot pixels") && hot.get(0).contains("Remove Outliers"), hot.get(0));
            float[] plain = (float[]) shorts(withHotPixels(0)).convertToFloatProcessor().getPixels();
            float[] without = Planes.pixels(denoiser.denoise(Planes.image(plain, SIZE, SIZE), measure(plain, SIZE, NoiseModel.gaussian(SIGMA)), 0, Progress.NONE).image());
            double squares = 0;
            for (int i = 0; i < without.length; i++) {
                int at = i;
                if (Arrays.stream(PLACES).anyMatch(place -> place[1] * SIZE + place[0] == at)) {
                    assertEquals(stack.getProcessor(1).get(i), result.image().getProcessor().get(i), "stays as it is");
                } else {
                    squares += Math.pow(result.image().getProcessor().getf(i) - without[i], 2);
                }
            }
            assertTrue(Math.sqrt(squares / without.length) < 0.1 * SIGMA, "RMS change elsewhere " + Math.sqrt(squares / without.length));
        }
    }

    /** Where a hot pixel lies just beyond what is read for a part, too. */
    @Test
    void partsHaveThePixelsOfTheWhole() {
        float[] pixels = DenoiserTest.cells(400, 300, SIGMA);
        for (int place = 20; place < 280; place += 16) {
            pixels[place * 400 + place + 30] += 4000;
        }
        Img<FloatType> image = Planes.image(pixels, 400, 300);
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), DenoiseOptions.defaults().withSigma(SIGMA).withTile(128).withOverlap(32))) {
            Scaling scaling = denoiser.measure(image);
            assertEquals(17, scaling.hotPixels());
            float[] whole = Planes.pixels(denoiser.denoise(image, scaling, 0, Progress.NONE).image());
            for (int x = 0; x < 400; x += 100) {
                Region part = new Region(x, 96, 100, 128);
                float[] found = Planes.pixels(denoiser.denoise(Planes.of(image), part, scaling, Progress.NONE).image());
                assertArrayEquals(Planes.crop(whole, new Region(0, 0, 400, 300), part), found, 0.01f);
            }
        }
    }

    private static ShortProcessor shorts(float[] pixels) {
        ShortProcessor shorts = new ShortProcessor(SIZE, SIZE);
        for (int i = 0; i < pixels.length; i++) {
            shorts.setf(i, Math.max(0, Math.round(pixels[i])));
        }
        return shorts;
    }
}
