// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.OnnxNoisePredictor;
import io.github.sumi.schedule.PredictionType;
import io.github.sumi.schedule.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TiledNoisePredictorTest {

    /** Answers each pixel with a function of itself, as the most local network would. */
    private record Pointwise(int sizeMultiple, float poison) implements GreyPredictor {
        @Override
        public void predict(Tensor sample, double timestep, Tensor output) {
            assertEquals(0, sample.h() % sizeMultiple);
            assertEquals(0, sample.w() % sizeMultiple);
            for (int i = 0; i < sample.size(); i++) {
                float value = sample.buffer().get(i);
                output.buffer().put(i, value == poison ? Float.NaN : 2 * value + 1);
            }
        }
    }

    private static Tensor noise(int n, int h, int w) {
        Tensor tensor = Tensor.allocate(n, 1, h, w);
        new NoiseField(3).fill(0, 0, tensor);
        return tensor;
    }

    @Property(seed = "1", tries = 200)
    void blendedTilesGiveEveryPixelOnce(@ForAll @IntRange(min = 1, max = 3) int n, @ForAll @IntRange(min = 1, max = 150) int h,
            @ForAll @IntRange(min = 1, max = 150) int w, @ForAll @IntRange(min = 2, max = 6) int tile, @ForAll @IntRange(min = 0, max = 40) int overlap) {
        Tensor x = noise(n, h, w);
        Tensor out = Tensor.allocate(n, 1, h, w);
        new TiledNoisePredictor(new Pointwise(8, Float.MAX_VALUE), 8 * tile, Math.min(overlap, 8 * tile - 8), Progress.NONE).predict(x, 10, out);
        for (int i = 0; i < x.size(); i++) {
            assertEquals(2 * x.buffer().get(i) + 1, out.buffer().get(i), 1e-5);
        }
    }

    @Test
    @DisplayName("Pain 31: NaN becomes a black image")
    void aValueThatIsNotFiniteNamesItsTile() {
        Tensor x = noise(1, 64, 64);
        x.buffer().put(50 * 64 + 40, 77);
        String message = assertThrows(ModelException.class, () -> new TiledNoisePredictor(new Pointwise(8, 77), 32, 0, Progress.NONE)
                .predict(x, 10, Tensor.allocate(1, 1, 64, 64))).getMessage();
        assertTrue(message.contains("x = 32, y = 32") && message.contains("timestep 10"), message);
    }

    /** As when a network in float16 overflows: what it knows comes through all that is around it in mean mode. */
    @Test
    void theNetworksOwnAdviceIsGiven() {
        NoisePredictor network = new GreyPredictor() {
            @Override
            public String advice() {
                return "Take the other model.";
            }

            @Override
            public void predict(Tensor sample, double timestep, Tensor output) {
                output.buffer().put(0, Float.NaN);
            }
        };
        NoisePredictor blank = new BlankTiles(new TimedPredictor(network), PredictionType.EPSILON, 0.5);
        String message = assertThrows(ModelException.class, () -> new TiledNoisePredictor(blank, 32, 0, Progress.NONE)
                .predict(noise(1, 32, 32), 10, Tensor.allocate(1, 1, 32, 32))).getMessage();
        assertTrue(message.endsWith("of 32 x 32 pixels. Take the other model."), message);
    }

    /** Samples of one tile go to the network in batches, without a copy. */
    @Test
    void samplesOfOneTileComeInBatches() {
        Tensor x = noise(70, 64, 64);
        Tensor out = Tensor.allocate(70, 1, 64, 64);
        TiledNoisePredictor tiled = new TiledNoisePredictor(new Pointwise(8, 77), 64, 0, Progress.NONE);
        tiled.predict(x, 10, out);
        for (int i = 0; i < x.size(); i++) {
            assertEquals(2 * x.buffer().get(i) + 1, out.buffer().get(i));
        }
        x.buffer().put(x.planeStart(69, 0), 77);
        assertThrows(ModelException.class, () -> tiled.predict(x, 10, out));
    }

    /** The network is local: with an overlap of four receptive fields tiles can't be told from the whole image. */
    @Test
    @DisplayName("Pains 14, 15: seams, since the halo is ignored")
    void tilesOfTheShippedModelGiveTheWholeImage() {
        Model model = ModelLibrary.standard(null).find("nuclei");
        int halo = (model.info().receptiveField() + 7) / 8 * 8;
        int size = 6 * halo;
        Tensor x = noise(1, size, 24);
        Tensor whole = Tensor.allocate(1, 1, size, 24);
        Tensor tiled = Tensor.allocate(1, 1, size, 24);
        try (OnnxNoisePredictor unet = model.open()) {
            unet.predict(x, 100, whole);
            new TiledNoisePredictor(unet, 5 * halo, 4 * halo, Progress.NONE).predict(x, 100, tiled);
        }
        for (int i = 0; i < x.size(); i++) {
            assertEquals(whole.buffer().get(i), tiled.buffer().get(i), 1e-4);
        }
    }
}
