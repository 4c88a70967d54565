// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.MemoryException;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.model.TinyModel;
import io.github.sumi.schedule.PredictionType;
import io.github.sumi.schedule.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanePartsTest {

    @TempDir
    Path folder;

    /** A network that sees all of a tile, and where in it a pixel is: it gives away which tiles there were. */
    private record SeesTile(List<String> calls) implements NoisePredictor {
        @Override
        public int inChannels() {
            return 1;
        }

        @Override
        public int outChannels() {
            return 1;
        }

        @Override
        public int sizeMultiple() {
            return 8;
        }

        @Override
        public boolean fractionalTimesteps() {
            return true;
        }

        @Override
        public void predict(Tensor sample, double timestep, Tensor output) {
            calls.add(sample.n() + "x" + sample.h() + "x" + sample.w());
            int length = sample.h() * sample.w();
            for (int n = 0; n < sample.n(); n++) {
                float sum = 0;
                for (int i = 0; i < length; i++) {
                    sum += sample.buffer().get(n * length + i) * (i % 13 + 1);
                }
                for (int i = 0; i < length; i++) {
                    output.buffer().put(n * length + i, sum + i);
                }
            }
        }
    }

    @Property(seed = "1", tries = 300)
    void aPartIsWhatItIsInTheWhole(@ForAll @IntRange(min = 1, max = 200) int width, @ForAll @IntRange(min = 1, max = 200) int height,
            @ForAll @IntRange(min = 1, max = 6) int tile, @ForAll @IntRange(min = 0, max = 40) int overlap, @ForAll int place) {
        Tiles tiles = new Tiles(8 * tile, Math.min(overlap, 8 * tile - 8), 8);
        Tensor whole = Tensor.allocate(1, 1, height, width);
        new NoiseField(3).fill(0, 0, whole);
        Tensor expected = Tensor.allocate(1, 1, height, width);
        new TiledNoisePredictor(new SeesTile(new ArrayList<>()), tiles, Progress.NONE).predict(whole, 10, expected);
        int x = Math.floorMod(place, width);
        int y = Math.floorMod(place / 7, height);
        Region part = new Region(x, y, 1 + Math.floorMod(place / 11, width - x), 1 + Math.floorMod(place / 13, height - y));

        TileWindow window = TileWindow.of(tiles, width, height, part);
        Region seen = window.region();
        Tensor sample = Tensor.allocate(1, 1, seen.height(), seen.width());
        for (int i = 0; i < sample.size(); i++) {
            sample.buffer().put(i, whole.buffer().get((seen.y() + i / seen.width()) * width + seen.x() + i % seen.width()));
        }
        Tensor found = Tensor.allocate(1, 1, seen.height(), seen.width());
        SeesTile network = new SeesTile(new ArrayList<>());
        new TiledNoisePredictor(network, window, Progress.NONE).predict(sample, 10, found);
        for (int i = 0; i < part.size(); i++) {
            int px = part.x() + i % part.width();
            int py = part.y() + i / part.width();
            assertEquals(expected.buffer().get(py * width + px), found.buffer().get((py - seen.y()) * seen.width() + px - seen.x()), px + ", " + py);
        }
        assertTrue(network.calls().stream().allMatch(call -> call.startsWith("1x")), "one by one: " + network.calls());
    }

    private static float[] noisy(int width, int height) {
        Tensor noise = Tensor.allocate(1, 1, height, width);
        new NoiseField(5).fill(0, 0, noise);
        float[] pixels = new float[width * height];
        for (int i = 0; i < pixels.length; i++) {
            double clean = 100 + 400 / (1 + Math.exp(Math.hypot(i % width % 60 - 30, i / width % 50 - 25.0) - 12));
            pixels[i] = Math.round(clean + 3 * Math.sqrt(clean) * noise.buffer().get(i));
        }
        return pixels;
    }

    private static float[] values(Img<FloatType> image) {
        float[] values = new float[(int) image.size()];
        int i = 0;
        for (FloatType value : image) {
            values[i++] = value.get();
        }
        return values;
    }

    private static float[] byParts(Denoiser denoiser, PlanePixels plane, Scaling scaling, int partWidth, int partHeight) {
        float[] joined = new float[plane.width() * plane.height()];
        for (int y = 0; y < plane.height(); y += partHeight) {
            for (int x = 0; x < plane.width(); x += partWidth) {
                Region part = new Region(x, y, Math.min(partWidth, plane.width() - x), Math.min(partHeight, plane.height() - y));
                float[] pixels = values(denoiser.denoise(plane, part, scaling, Progress.NONE).image());
                for (int i = 0; i < pixels.length; i++) {
                    joined[(y + i / part.width()) * plane.width() + x + i % part.width()] = pixels[i];
                }
            }
        }
        return joined;
    }

    private void denoisedByPartsEqualsTheWhole(Model model, int width, int height, int partWidth, int partHeight) {
        Img<FloatType> image = ArrayImgs.floats(noisy(width, height), width, height);
        try (Denoiser denoiser = new Denoiser(model, DenoiseOptions.defaults())) {
            Scaling scaling = denoiser.measure(image);
            float[] whole = values(denoiser.denoise(image, scaling, 0, Progress.NONE).image());
            assertArrayEquals(whole, byParts(denoiser, Planes.of(image), scaling, partWidth, partHeight));
        }
    }

    @Test
    void theShippedModelGivesTheSameBits() {
        denoisedByPartsEqualsTheWhole(ModelLibrary.standard(null).find("nuclei"), 700, 460, 400, 460);
    }

    /** Whose tiles go through the network in batches where the plane is whole. */
    @Test
    void smallTilesGiveTheSameBits() {
        denoisedByPartsEqualsTheWhole(Model.load(TinyModel.folder(folder, "sees-tile")), 300, 260, 77, 64);
    }

    /** The margin of a mosaic, with camera noise, which couldn't be brought back from below its offset. */
    @Test
    void theMarginOfAMosaicStaysAsItIs() {
        int size = 330;
        float[] pixels = noisy(size, size);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % size < 170 ? 0 : pixels[i];
        }
        Img<FloatType> image = ArrayImgs.floats(pixels, size, size);
        try (Denoiser denoiser = new Denoiser(Model.load(TinyModel.folder(folder, "sees-tile")), DenoiseOptions.defaults())) {
            Scaling scaling = denoiser.measure(image, new NoiseModel(9, 20, 4));
            Restored whole = denoiser.denoise(image, scaling, 0, Progress.NONE);
            float[] found = values(whole.image());
            for (int y = 0; y < size; y++) {
                assertEquals(0, found[y * size + 50]);
                assertNotEquals(pixels[y * size + 250], found[y * size + 250]);
            }
            assertArrayEquals(found, byParts(denoiser, Planes.of(image), scaling, 100, 330));
        }
    }

    @Test
    void partsAreOfTheMeanAlone() {
        try (Denoiser denoiser = new Denoiser(Model.load(TinyModel.folder(folder, "sees-tile")), DenoiseOptions.defaults().withSigma(3).withMode(Mode.SAMPLE))) {
            PlanePixels plane = Planes.of(ArrayImgs.floats(noisy(64, 64), 64, 64));
            Scaling scaling = new Scaling(0, 100, NoiseModel.gaussian(3));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> denoiser.denoise(plane, new Region(0, 0, 8, 8), scaling, Progress.NONE))
                    .getMessage().startsWith("mode is sample"));
        }
    }

    @Test
    void aPlaneOfSeveralCellsIsMeasuredAsTheWhole() {
        int width = PlanePixels.CELL + 151;
        int height = PlanePixels.CELL + 97;
        float[] pixels = noisy(width, height);
        NoiseModel camera = new NoiseModel(9, 20, 4);
        float[] stabilized = pixels.clone();
        GreyValues.stabilizer(camera).accept(stabilized);
        Scaling expected = Scaling.of(stabilized, width, height, camera, 1, 99.8);
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), DenoiseOptions.defaults())) {
            Img<FloatType> image = ArrayImgs.floats(pixels, width, height);
            assertEquals(List.of(expected, expected), denoiser.measure(List.of(Planes.of(image), Planes.of(image)), camera));
        }
    }

    @ParameterizedTest
    @EnumSource(PredictionType.class)
    void blankTilesStayAndTheNetworkIsNotAsked(PredictionType type) {
        SeesTile network = new SeesTile(new ArrayList<>());
        Tensor x = Tensor.allocate(2, 1, 8, 8);
        for (int i = 0; i < x.size(); i++) {
            x.buffer().put(i, i < 64 ? 0.7f : -0.3f);
        }
        Tensor output = Tensor.allocate(2, 1, 8, 8);
        BlankTiles blank = new BlankTiles(network, type, 0.6);
        blank.predict(x, 10, output);
        assertEquals(List.of(), network.calls());
        Tensor clean = Tensor.allocate(2, 1, 8, 8);
        type.predOriginalSample(output, x, 0.6, clean);
        for (int i = 0; i < x.size(); i++) {
            assertEquals(x.buffer().get(i) / Math.sqrt(0.6), clean.buffer().get(i), 1e-6);
        }
        x.buffer().put(70, 2f);
        blank.predict(x, 10, output);
        assertEquals(List.of("2x8x8"), network.calls());
        type.predOriginalSample(output, x, 0.6, clean);
        assertEquals(0.7 / Math.sqrt(0.6), clean.buffer().get(5), 1e-6);
        assertTrue(Math.abs(clean.buffer().get(69) - clean.buffer().get(68)) > 0.1, "the other tile is the network's");
    }

    @Test
    void shortMemoryEndsAPartInsteadOfChangingItsTiles() {
        TileWindow window = TileWindow.of(new Tiles(16, 0, 8), 64, 64, new Region(0, 0, 16, 16));
        assertTrue(assertThrows(ModelException.class, () -> window.shrink(1, 16, new MemoryException("short", null))).getMessage().contains("smaller tile"));
    }
}
