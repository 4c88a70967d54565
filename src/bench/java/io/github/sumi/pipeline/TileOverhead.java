// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.Locale;

/** How many pixels go through the network, and are read, for each of a large plane that is done block by block. */
public final class TileOverhead {

    private static final int PLANE = 100_000;

    private TileOverhead() {
    }

    /** What all blocks read, over the plane. */
    private static double readPerPixel(int plane, int block, int tile, int overlap) {
        Tiles tiles = new Tiles(tile, overlap, 8);
        long sum = 0;
        for (int from = 0; from < plane; from += block) {
            sum += tiles.axis(plane).part(from, Math.min(plane, from + block)).extent();
        }
        double along = sum / (double) plane;
        return along * along;
    }

    /** Of all tiles of all blocks, over the plane's. */
    private static double perPixel(int plane, int block, int tile, int overlap) {
        Tiles tiles = new Tiles(tile, overlap, 8);
        long sum = 0;
        for (int from = 0; from < plane; from += block) {
            TileAxis part = tiles.axis(plane).part(from, Math.min(plane, from + block));
            sum += (long) part.count() * part.length();
        }
        double along = sum / (double) plane;
        return along * along;
    }

    /** Prints a line for each block and tile. */
    public static void main(String[] args) {
        for (int[] tiles : new int[][] {{512, 96}, {1024, 96}, {256, 96}}) {
            for (int block : new int[] {512, 1024, 2048, 4096, PLANE}) {
                System.out.printf(Locale.ROOT, "tile %d, overlap %d, blocks of %d x %d: %.2f through the network, %.2f read%n", tiles[0], tiles[1], block, block,
                        perPixel(PLANE, block, tiles[0], tiles[1]), readPerPixel(PLANE, block, tiles[0], tiles[1]));
            }
        }
        System.out.printf(Locale.ROOT, "tile 512, overlap 96, planes of 2048 x 2048: %.2f%n", perPixel(2048, 2048, 512, 96));
    }
}
