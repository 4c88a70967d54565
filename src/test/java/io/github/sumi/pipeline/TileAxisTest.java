// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TileAxisTest {

    @Property(seed = "1", tries = 500)
    void fewSmallTilesCoverEveryPixelOnce(@ForAll @IntRange(min = 1, max = 900) int extent, @ForAll @IntRange(min = 2, max = 30) int eighths,
            @ForAll @IntRange(min = 0, max = 200) int wish) {
        int tile = 8 * eighths;
        int overlap = Math.min(wish, tile - 8);
        TileAxis axis = TileAxis.of(extent, tile, overlap, 8);
        double[] weights = new double[TileAxis.roundUp(extent, 8)];
        for (int i = 0; i < axis.count(); i++) {
            assertEquals(0, axis.start(i) % 8);
            assertTrue(i == 0 || axis.start(i - 1) + axis.length() - axis.start(i) >= overlap, "neighbours share enough");
            for (int p = 0; p < axis.length(); p++) {
                weights[axis.start(i) + p] += axis.weight(i, p);
            }
        }
        for (double weight : weights) {
            assertEquals(1, weight, 1e-12);
        }
        int shared = TileAxis.roundUp(overlap, 8);
        assertTrue(axis.length() <= tile && axis.length() % 8 == 0);
        assertTrue(axis.count() == 1 || (axis.count() - 1) * (tile - shared) + shared < weights.length, "one tile less would not do");
        assertTrue(axis.count() == 1 || axis.count() * (axis.length() - 8 - shared) + shared < weights.length, "smaller ones would not do");
    }

    @Test
    void anImageALittleLargerThanATileIsTwoOfLittleMoreThanHalf() {
        TileAxis axis = TileAxis.of(520, 512, 96, 8);
        assertEquals(2, axis.count());
        assertEquals(312, axis.length());
        assertEquals(208, axis.start(1));
    }
}
