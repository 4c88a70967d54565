// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.Model;
import io.github.sumi.model.TinyModel;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** With a network that predicts v, such that x_0 is the image that it is given at the last timestep; elsewhere x_t has a share in it. */
class TranslatorTest {

    private static final int WIDTH = 50;
    private static final int HEIGHT = 37;
    private static final Scaling SCALING = new Scaling(10, 210, NoiseModel.gaussian(0));
    private static final TranslateOptions OPTIONS = TranslateOptions.defaults().withSteps(5).withTiles(64, 16);

    @TempDir
    Path temporary;
    private Path folder;

    @BeforeEach
    void make() {
        folder = TinyModel.conditioned(temporary, "");
    }

    private static Img<FloatType> plane() {
        return ArrayImgs.floats(DenoiserTest.cells(WIDTH, HEIGHT, 40), WIDTH, HEIGHT);
    }

    private Restored translate(TranslateOptions options, int firstSample) {
        try (Translator translator = new Translator(Model.load(folder), options)) {
            return translator.restore(plane(), SCALING, firstSample, Progress.NONE);
        }
    }

    private float[] image(TranslateOptions options) {
        return values(translate(options, 0).image());
    }

    static float[] values(RandomAccessibleInterval<FloatType> image) {
        float[] values = new float[(int) Views.iterable(image).size()];
        int i = 0;
        for (FloatType value : Views.flatIterable(image)) {
            values[i++] = value.get();
        }
        return values;
    }

    /** Grey values far outside of the range too: nothing is clipped. */
    @Test
    void theMeanIsInTheGreyValuesOfTheImage() {
        Restored mean = translate(OPTIONS, 0);
        assertArrayEquals(values(plane()), values(mean.image()), 2e-3f);
        assertEquals(999, mean.timestep());
        assertNull(mean.sd());
        Img<FloatType> bright = ArrayImgs.floats(new float[] {5000, -3000, 100, 10}, 2, 2);
        try (Translator translator = new Translator(Model.load(folder), OPTIONS)) {
            assertArrayEquals(new float[] {5000, -3000, 100, 10}, values(translator.restore(bright, SCALING, 0, Progress.NONE).image()), 0.02f);
            assertEquals(1, translator.unetCalls());
        }
    }

    /** x_0 is what the network says; x_t the seed's noise, keyed by the plane. */
    @Test
    void theMeanIsTakenAtTheLastTimestepFromTheSeedsNoise() throws IOException {
        folder = TinyModel.conditioned(Files.createDirectory(temporary.resolve("sample")), ", \"prediction_type\": \"sample\"");
        double a = NoiseSchedule.of(Model.load(folder).scheduler()).alphaCumprod(999);
        Tensor noise = Tensor.allocate(1, 1, HEIGHT, WIDTH);
        new NoiseField(4).fill(NoiseField.START, 7, noise);
        float[] input = values(plane());
        float[] found = values(translate(OPTIONS.withSeed(4), 7).image());
        for (int i = 0; i < found.length; i++) {
            double x0 = (Math.sqrt(a) * noise.buffer().get(i) - ((input[i] - 10) / 100 - 1)) / Math.sqrt(1 - a);
            assertEquals(10 + 100 * (x0 + 1), found[i], 2e-3, "pixel " + i);
        }
    }

    /** Where the network's v is taken for x_0, that is the image turned to its negative, but for 0.6 % of x_t. */
    @ParameterizedTest
    @EnumSource(value = Mode.class, names = {"SAMPLE", "UNCERTAINTY"})
    void samplesAreInTheGreyValuesOfTheImageToo(Mode mode) throws IOException {
        folder = TinyModel.conditioned(Files.createDirectory(temporary.resolve("sample")), ", \"prediction_type\": \"sample\"");
        float[] input = values(plane());
        float[] found = image(OPTIONS.withMode(mode));
        for (int i = 0; i < found.length; i++) {
            assertEquals(220 - input[i], found[i], 4, "pixel " + i);
        }
    }

    @Test
    void theRangeIsMeasuredAsIfThereWereNoNoise() {
        try (Translator translator = new Translator(Model.load(folder), OPTIONS)) {
            assertEquals(Scaling.of(values(plane()), WIDTH, HEIGHT, NoiseModel.gaussian(0), 1, 99.8), translator.measure(plane()));
            assertEquals(0, translator.measure(plane()).warnings().size());
        }
    }

    @Test
    void aSeedIsOneImageAndAnotherSeedOrPlaneAnother() {
        TranslateOptions sample = OPTIONS.withMode(Mode.SAMPLE);
        float[] first = image(sample);
        assertArrayEquals(first, image(sample));
        assertTrue(difference(first, image(sample.withSeed(2))) > 1);
        assertTrue(difference(first, values(translate(sample, 1).image())) > 1);
        assertTrue(difference(image(OPTIONS), values(translate(OPTIONS, 1).image())) < 1e-2, "the noise has next to no share in this mean");
    }

    private static double difference(float[] one, float[] other) {
        double largest = 0;
        for (int i = 0; i < one.length; i++) {
            largest = Math.max(largest, Math.abs(one[i] - other[i]));
        }
        return largest;
    }

    @Test
    void uncertaintyIsMeanAndDeviationOfTheSamplesOneByOne() throws IOException {
        Files.writeString(folder.resolve("sumi.json"), "{\"formatVersion\": 1, \"sha256\": \"" + Model.load(folder).sha256()
                + "\", \"uncertainty\": {\"factor\": 1.5}}");
        int samples = 3;
        Restored together = translate(OPTIONS.withMode(Mode.UNCERTAINTY).withSamples(samples), 4);
        float[][] each = new float[samples][];
        for (int k = 0; k < samples; k++) {
            each[k] = values(translate(OPTIONS.withMode(Mode.SAMPLE), 4 + k).image());
        }
        float[] mean = values(together.image());
        float[] sd = values(together.sd());
        for (int i = 0; i < mean.length; i++) {
            double average = (each[0][i] + each[1][i] + each[2][i]) / 3.0;
            double squares = Math.pow(each[0][i] - average, 2) + Math.pow(each[1][i] - average, 2) + Math.pow(each[2][i] - average, 2);
            assertEquals(average, mean[i], 1e-2);
            assertEquals(1.5 * Math.sqrt(squares / 2), sd[i], 1e-2);
        }
        assertTrue(sd[100] > 0.1, "the samples differ");
    }

    /** Each tile has its part of the image. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void tilesGiveWhatTheWholeGives(Mode mode) {
        TranslateOptions options = OPTIONS.withMode(mode).withSamples(2);
        assertArrayEquals(image(options), image(options.withTiles(16, 4)), 2e-3f);
    }

    /** Also deterministic ones: the start is drawn. */
    @ParameterizedTest
    @CsvSource({"model,0", "ddpm,0", "ddim,0", "ddim,1", "dpmpp,0", "dpmpp-sde,0", "unipc,0", "euler,0", "euler-ancestral,0", "heun,0", "pndm,0", "lcm,0"})
    void everySamplerOfGenerateWorks(String sampler, double eta) {
        TranslateOptions options = OPTIONS.withMode(Mode.SAMPLE).withSampling(Sampling.of(sampler, eta));
        float[] one = image(options);
        for (float value : one) {
            assertTrue(Float.isFinite(value));
        }
        assertTrue(difference(one, image(options.withSeed(2))) > 0.1);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,130", "2,3"})
    void anySizeWorks(int width, int height) {
        float[] pixels = DenoiserTest.cells(width, height, 40);
        try (Translator translator = new Translator(Model.load(folder), OPTIONS.withTiles(16, 4))) {
            Restored mean = translator.restore(ArrayImgs.floats(pixels, width, height), SCALING, 0, Progress.NONE);
            assertArrayEquals(pixels, values(mean.image()), 2e-3f);
        }
    }

    @Test
    void aStackIsTranslatedPlaneByPlane() {
        float[] pixels = new float[3 * WIDTH * HEIGHT];
        System.arraycopy(values(plane()), 0, pixels, 0, WIDTH * HEIGHT);
        System.arraycopy(DenoiserTest.cells(WIDTH, HEIGHT, 5), 0, pixels, 2 * WIDTH * HEIGHT, WIDTH * HEIGHT);
        try (Translator translator = new Translator(Model.load(folder), OPTIONS)) {
            StackRestorer.Result result = new StackRestorer(translator).restore(ArrayImgs.floats(pixels, WIDTH, HEIGHT, 3), Progress.NONE);
            assertArrayEquals(pixels, values(result.image()), 2e-3f);
            assertEquals(2, translator.unetCalls(), "the plane of zeros is a copy");
            String message = assertThrows(IllegalArgumentException.class,
                    () -> new StackRestorer(translator).restore(ArrayImgs.floats(20, 20), Progress.NONE)).getMessage();
            assertTrue(message.endsWith("so there is nothing to translate."), message);
        }
    }

    @Test
    void cancellingEndsTheRun() {
        try (Translator translator = new Translator(Model.load(folder), OPTIONS.withMode(Mode.SAMPLE))) {
            Progress impatient = new Progress() {
                @Override
                public void update(double fraction) {
                    // nobody looks
                }

                @Override
                public boolean cancelled() {
                    return translator.unetCalls() > 1;
                }
            };
            assertThrows(CancellationException.class, () -> translator.restore(plane(), SCALING, 0, impatient));
            assertTrue(translator.unetCalls() < 4);
        }
    }
}
