// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.ModelException;
import io.github.sumi.model.TinyModel;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Sampling;
import io.github.sumi.pipeline.StackRestorer;
import io.github.sumi.pipeline.TranslateOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.script.ScriptService;

/** The service as a Java program uses it. */
class SumiServiceTest {

    private static final DenoiseOptions SIGMA = DenoiseOptions.defaults().withSigma(30.0);

    private Context context;
    private SumiService sumi;

    @BeforeEach
    void start() {
        context = new Context();
        sumi = context.service(SumiService.class);
    }

    @AfterEach
    void end() {
        context.dispose();
    }

    private static Img<UnsignedShortType> image(long... size) {
        Img<UnsignedShortType> image = ArrayImgs.unsignedShorts(size);
        int i = 0;
        for (UnsignedShortType pixel : image) {
            pixel.set(1000 + 13 * (i * i % 29));
            i++;
        }
        return image;
    }

    private static float[] pixels(RandomAccessibleInterval<FloatType> image) {
        float[] pixels = new float[(int) (image.size())];
        int i = 0;
        for (FloatType pixel : Views.flatIterable(image)) {
            pixels[i++] = pixel.get();
        }
        return pixels;
    }

    private static double mean(RandomAccessibleInterval<FloatType> image) {
        double sum = 0;
        for (float pixel : pixels(image)) {
            sum += pixel;
        }
        return sum / image.size();
    }

    @Test
    void imagesOfAnyDimensionsAreDenoised() {
        assertEquals(List.of("nuclei"), sumi.models().subList(0, 1));
        assertEquals(1000 + 13 * 12, mean(sumi.denoise(image(48, 40))), 40);
        RandomAccessibleInterval<FloatType> clean = sumi.denoise(image(16, 12, 2, 3), SIGMA);
        assertArrayEquals(new long[] {16, 12, 2, 3}, clean.dimensionsAsLongArray());
        assertEquals(1000 + 13 * 12, mean(clean), 40);
    }

    @Test
    @DisplayName("Pain 29: the minimum of an interval is ignored")
    void theIntervalOfACropStays() {
        RandomAccessibleInterval<UnsignedShortType> crop = Views.interval(image(40, 30), new FinalInterval(new long[] {5, 7}, new long[] {20, 21}));
        RandomAccessibleInterval<FloatType> clean = sumi.denoise(crop, SIGMA, "fluorescence");
        assertArrayEquals(new long[] {5, 7}, clean.minAsLongArray());
        assertArrayEquals(pixels(sumi.denoise(Views.zeroMin(crop), SIGMA)), pixels(clean));
    }

    @Test
    void constantPlanesStay() {
        Img<UnsignedShortType> stack = image(16, 12, 2);
        Views.hyperSlice(stack, 2, 1).forEach(pixel -> pixel.set(77));
        assertEquals(77, mean(Views.hyperSlice(sumi.denoise(stack, SIGMA), 2, 1)));
        String message = assertThrows(IllegalArgumentException.class, () -> sumi.denoise(ArrayImgs.floats(8, 8))).getMessage();
        assertTrue(message.contains("constant"), message);
    }

    @Test
    void uncertaintyHasAMeanAndAnSd() {
        StackRestorer.Result result = sumi.uncertainty(image(16, 12, 2), SIGMA.withSteps(2).withSamples(2));
        assertArrayEquals(pixels(sumi.denoise(image(16, 12, 2), SIGMA.withSteps(2).withSamples(2).withMode(Mode.UNCERTAINTY))), pixels(result.image()));
        assertTrue(mean(Views.hyperSlice(result.sd(), 2, 1)) > 0.1);
    }

    /** By a model that makes of an image the image itself. */
    @Test
    void imagesAreTranslated(@TempDir Path folder) {
        String model = TinyModel.conditioned(folder, "").toString();
        TranslateOptions options = TranslateOptions.defaults().withSteps(2).withSamples(2);
        RandomAccessibleInterval<FloatType> made = sumi.translate(image(16, 12, 2, 3), options, model);
        assertArrayEquals(new long[] {16, 12, 2, 3}, made.dimensionsAsLongArray());
        assertEquals(mean(made), image(16, 12, 2, 3).stream().mapToInt(UnsignedShortType::get).average().orElseThrow(), 0.01);
        StackRestorer.Result spread = sumi.uncertainty(image(16, 12), options, model);
        assertArrayEquals(pixels(sumi.translate(image(16, 12), options.withMode(Mode.UNCERTAINTY), model)), pixels(spread.image()));
        assertTrue(mean(spread.sd()) > 1);
        String message = assertThrows(ModelException.class, () -> sumi.translate(image(16, 12), options, "nuclei")).getMessage();
        assertTrue(message.contains("DDPM Denoise..."), message);
    }

    @Test
    void imagesAreGenerated() {
        GenerateOptions options = GenerateOptions.defaults().withSize(16, 24).withSteps(3).withCount(2);
        RandomAccessibleInterval<FloatType> images = sumi.generate(options);
        assertArrayEquals(new long[] {16, 24, 2}, images.dimensionsAsLongArray());
        RandomAccessibleInterval<FloatType> films = sumi.generate(options.withFilm(4));
        assertArrayEquals(new long[] {16, 24, 4, 2}, films.dimensionsAsLongArray());
        assertArrayEquals(pixels(Views.hyperSlice(images, 2, 1)), pixels(Views.hyperSlice(Views.hyperSlice(films, 3, 1), 2, 3)));
    }

    @Test
    void changingOneOptionKeepsTheOthers() {
        Sampling ddim = Sampling.of("ddim", 0.5);
        assertEquals(ddim, GenerateOptions.defaults().withSampling(ddim).withSize(8, 8).withSteps(3).withCount(2).withSeed(5).withFilm(2).sampling());
    }

    @Test
    void imagesDissolve() {
        assertArrayEquals(new long[] {16, 12, 3}, sumi.diffuse(image(16, 12), "nuclei", 1, 0, 100, 999).dimensionsAsLongArray());
    }

    @Test
    void faultsAreSentences() {
        assertThrows(ModelException.class, () -> sumi.model("none"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> sumi.denoise(ArrayImgs.floats(8))).getMessage().contains("dimensions"));
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, () -> sumi.denoise(image(16, 12), SIGMA));
        assertTrue(Thread.interrupted());
    }

    /** As in {@code #@ SumiService sumi}. */
    @Test
    void scriptsFindItByItsName() throws Exception {
        assertSame(SumiService.class, context.service(ScriptService.class).lookupClass("SumiService"));
    }
}
