// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.process.FloatProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.schedule.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FlippedPredictorTest {

    private static final double SIGMA = 20;
    private static final DenoiseOptions OPTIONS = DenoiseOptions.defaults().withSigma(SIGMA);
    private final Model model = ModelLibrary.standard(null).find("fluorescence");

    /** A real crop, not square, with noise. */
    private static FloatProcessor crop(int width, int height, boolean noisy) {
        ImagePlus image = IJ.openImage("models/nuclei/testset/f01a9742c43a69f0.png");
        image.setRoi(60, 60, width, height);
        FloatProcessor pixels = image.getProcessor().crop().convertToFloatProcessor();
        Tensor noise = Tensor.allocate(1, 1, height, width);
        new NoiseField(2).fill(0, 0, noise);
        for (int i = 0; noisy && i < width * height; i++) {
            pixels.setf(i, (float) (pixels.getf(i) + SIGMA * noise.buffer().get(i)));
        }
        return pixels;
    }

    private static float[] denoise(Denoiser denoiser, FloatProcessor pixels, Scaling scaling) {
        return Planes.pixels(denoiser.denoise(Planes.image(((float[]) pixels.getPixels()).clone(), pixels.getWidth(), pixels.getHeight()), scaling, 0,
                Progress.NONE).image());
    }

    private static double rms(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += Math.pow(a[i] - b[i], 2);
        }
        return Math.sqrt(squares / a.length);
    }

    private static FloatProcessor with(FloatProcessor pixels, java.util.function.Consumer<FloatProcessor> change) {
        FloatProcessor copy = (FloatProcessor) pixels.duplicate();
        change.accept(copy);
        return copy;
    }

    /** Whether what is done to the input is done to the result; without flips and turns the network's own bias is seen. */
    @Test
    void theResultTurnsWithTheImage() {
        FloatProcessor noisy = crop(96, 64, true);
        List<UnaryOperator<FloatProcessor>> changes = List.of(pixels -> with(pixels, FloatProcessor::flipHorizontal),
                pixels -> with(pixels, FloatProcessor::flipVertical), pixels -> (FloatProcessor) pixels.rotateRight(),
                pixels -> (FloatProcessor) pixels.rotateLeft());
        for (boolean flips : new boolean[] {true, false}) {
            try (Denoiser denoiser = new Denoiser(model, OPTIONS.withFlips(flips))) {
                Scaling scaling = denoiser.measure(Planes.image((float[]) noisy.getPixels(), 96, 64));
                FloatProcessor result = new FloatProcessor(96, 64, denoise(denoiser, noisy, scaling));
                for (UnaryOperator<FloatProcessor> change : changes) {
                    float[] expected = (float[]) change.apply(result).getPixels();
                    float[] found = denoise(denoiser, change.apply(noisy), scaling);
                    if (flips) {
                        assertArrayEquals(expected, found, 0.01f);
                    } else {
                        assertTrue(rms(expected, found) > 0.1, "the network itself turns along: " + rms(expected, found));
                    }
                }
                assertEquals(flips ? 40 : 5, denoiser.unetCalls());
            }
        }
    }

    @Test
    void theMeanIsNearerToTheTruth() {
        FloatProcessor noisy = crop(128, 128, true);
        float[] clean = (float[]) crop(128, 128, false).getPixels();
        double[] errors = new double[2];
        for (boolean flips : new boolean[] {false, true}) {
            try (Denoiser denoiser = new Denoiser(model, OPTIONS.withFlips(flips))) {
                errors[flips ? 1 : 0] = rms(clean, denoise(denoiser, noisy, denoiser.measure(Planes.image((float[]) noisy.getPixels(), 128, 128))));
            }
        }
        assertTrue(errors[1] < errors[0], errors[0] + " without, " + errors[1] + " with flips");
    }

    /** Tiles that aren't square, and parts of planes. */
    @Test
    void tilesAndPartsAreTurnedToo() {
        FloatProcessor noisy = crop(150, 90, true);
        try (Denoiser denoiser = new Denoiser(model, OPTIONS.withFlips(true).withTile(128).withOverlap(96))) {
            PlanePixels plane = Planes.of(Planes.image((float[]) noisy.getPixels(), 150, 90));
            Scaling scaling = denoiser.measure(Planes.image((float[]) noisy.getPixels(), 150, 90));
            float[] whole = denoise(denoiser, noisy, scaling);
            float[] part = Planes.pixels(denoiser.denoise(plane, new Region(100, 20, 40, 60), scaling, Progress.NONE).image());
            for (int i = 0; i < part.length; i++) {
                assertEquals(whole[(20 + i / 40) * 150 + 100 + i % 40], part[i], 0.01);
            }
        }
    }

    @Test
    void onlyTheMeanIsOfFlips() {
        assertEquals(8, OPTIONS.withFlips(true).evaluations());
        for (Mode mode : new Mode[] {Mode.SAMPLE, Mode.UNCERTAINTY}) {
            String said = assertThrows(IllegalArgumentException.class, () -> OPTIONS.withMode(mode).withFlips(true)).getMessage();
            assertTrue(said.contains("mode is " + mode.key()) && said.contains("mode=mean"), said);
        }
    }
}
