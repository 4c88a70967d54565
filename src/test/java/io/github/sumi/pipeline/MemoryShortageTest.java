// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.MemoryException;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MemoryShortageTest {

    /** A network that sees the whole tile, so that the tile shows in the result, and has memory for so many pixels. */
    private static final class Small implements GreyPredictor {
        private final int most;
        private final boolean heap;
        private final List<String> calls = new ArrayList<>();

        Small(int most, boolean heap) {
            this.most = most;
            this.heap = heap;
        }

        @Override
        public void predict(Tensor sample, double timestep, Tensor output) {
            calls.add(sample.n() + "x" + sample.h() + "x" + sample.w());
            if (sample.size() > most) {
                // half of the output is there already
                output.buffer().put(0, Float.NaN);
                if (heap) {
                    throw new OutOfMemoryError("Cannot reserve direct buffer memory");
                }
                throw new MemoryException("model.onnx found too little memory.", null);
            }
            int pixels = sample.h() * sample.w();
            for (int n = 0; n < sample.n(); n++) {
                float sum = 0;
                for (int i = 0; i < pixels; i++) {
                    sum += sample.buffer().get(n * pixels + i);
                }
                for (int i = 0; i < pixels; i++) {
                    output.buffer().put(n * pixels + i, sum / pixels + sample.buffer().get(n * pixels + i));
                }
            }
        }
    }

    /** Keeps the fractions that it is told. */
    private static final class Told implements Progress {
        private final List<Double> fractions = new ArrayList<>();

        @Override
        public void update(double fraction) {
            fractions.add(fraction);
        }

        @Override
        public boolean cancelled() {
            return false;
        }
    }

    private static Tensor noise() {
        Tensor tensor = Tensor.allocate(2, 1, 200, 150);
        new NoiseField(3).fill(0, 0, tensor);
        return tensor;
    }

    private static Tensor predict(NoisePredictor unet, Tiles tiles, Progress progress) {
        Tensor out = Tensor.allocate(2, 1, 200, 150);
        new TiledNoisePredictor(unet, tiles, progress).predict(noise(), 10, out);
        return out;
    }

    @Test
    @DisplayName("Pain 9: memory runs out, and the user must guess the number of tiles")
    void smallerTilesGiveWhatTheyGiveWhenAskedForAtOnce() {
        Tensor expected = predict(new Small(Integer.MAX_VALUE, false), new Tiles(64, 32, 8), Progress.NONE);
        for (boolean heap : new boolean[] {false, true}) {
            Tiles tiles = new Tiles(128, 48, 8);
            Told told = new Told();
            Small unet = new Small(64 * 64, heap);
            assertEquals(expected.buffer(), predict(unet, tiles, told).buffer());
            assertEquals("memory was short: tiles of 64 instead of 128", tiles.note());
            assertTrue(tiles.smaller());
            assertEquals(List.of("4x128x104", "2x128x104", "1x128x104"), unet.calls.subList(0, 3), "fewer at once first");
            assertEquals(told.fractions.stream().sorted().toList(), told.fractions, "never falls");
            assertEquals(1, told.fractions.get(told.fractions.size() - 1));
            unet.calls.clear();
            predict(unet, tiles, Progress.NONE);
            assertFalse(unet.calls.contains("1x128x104"), "what failed isn't tried at each step");
        }
    }

    @Test
    void fewerAtOnceChangeNothing() {
        Tensor expected = predict(new Small(Integer.MAX_VALUE, false), new Tiles(64, 32, 8), Progress.NONE);
        Tiles tiles = new Tiles(64, 32, 8);
        assertEquals(expected.buffer(), predict(new Small(3 * 64 * 64, false), tiles, Progress.NONE).buffer());
        assertEquals("memory was short: 2 tiles at once", tiles.note());
        assertFalse(tiles.smaller());
        assertEquals("", new Tiles(64, 32, 8).note());
    }

    @Test
    void tooLittleForAnythingIsASentence() {
        Tiles tiles = new Tiles(256, 48, 8);
        String message = assertThrows(ModelException.class, () -> predict(new Small(100, false), tiles, Progress.NONE)).getMessage();
        assertTrue(message.contains("even with one tile of 32 pixels"), message);
    }
}
