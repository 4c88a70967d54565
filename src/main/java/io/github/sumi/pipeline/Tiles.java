// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.ModelException;
import io.github.sumi.model.ModelInfo;

/**
 * How large tiles are and how many go through the network at once: what the user chose, or else the model's own, and less from
 * the moment on that memory is short.
 */
final class Tiles implements TileLayout {

    /** Pixels of small tiles that go through the network at once: enough to keep the processor busy, few enough for its cache. */
    private static final int BATCH_PIXELS = 1 << 16;

    /** Pixels that go through the network at once at most, for memory's sake, unless a single tile has more. */
    private static final int MOST_PIXELS = 1 << 19;

    /** Tiles don't get smaller than this many pixels: less memory is too little for anything. */
    private static final int FLOOR = 32;

    private final int multiple;
    private final int asked;
    private int tile;
    private int overlap;
    private int mostAtOnce = Integer.MAX_VALUE;

    /**
     * @param tile height and width in pixels, rounded up to the size multiple
     * @param overlap pixels that neighbours share
     * @param multiple of which heights and widths must be, for the network
     * @throws IllegalArgumentException if they share too many
     */
    Tiles(int tile, int overlap, int multiple) {
        this.multiple = multiple;
        this.tile = TileAxis.roundUp(tile, multiple);
        this.asked = this.tile;
        this.overlap = overlap;
        if (overlap < 0 || overlap > this.tile - multiple) {
            throw new IllegalArgumentException("overlap is " + overlap + "; with tiles of " + this.tile
                    + " it must be from 0 to " + (this.tile - multiple) + ".");
        }
    }

    /**
     * Tiles for a model.
     *
     * @param tile pixels, or null for the model's own
     * @param overlap pixels, or null for the model's own, but never more than half a tile that the user chose
     */
    static Tiles of(ModelInfo info, Integer tile, Integer overlap) {
        int size = tile == null ? info.tile() : tile;
        return new Tiles(size, overlap != null ? overlap : Math.min(info.overlap(), size / 2), info.sizeMultiple());
    }

    TileAxis axis(int extent) {
        return TileAxis.of(extent, tile, overlap, multiple);
    }

    @Override
    public TileAxis rows(int extent) {
        return axis(extent);
    }

    @Override
    public TileAxis columns(int extent) {
        return axis(extent);
    }

    /** How many tiles of so many pixels go through the network at once: one for each thread is a tenth faster than one for all. */
    @Override
    public int batch(int pixels) {
        int busy = Math.max(BATCH_PIXELS / pixels, Runtime.getRuntime().availableProcessors());
        return Math.max(1, Math.min(mostAtOnce, Math.min(busy, MOST_PIXELS / pixels)));
    }

    /** Fewer at once from now on, or smaller ones. @throws ModelException if they can't be smaller */
    @Override
    public void shrink(int count, int length, Throwable cause) {
        if (count > 1) {
            mostAtOnce = count / 2;
        } else if (length <= TileAxis.roundUp(FLOOR, multiple)) {
            throw new ModelException("Memory ran out, even with one tile of " + length
                    + " pixels at a time. Close other programs and images, or process fewer pixels.", cause);
        } else {
            tile = TileAxis.roundUp(Math.max(FLOOR, length / 2), multiple);
            overlap = Math.min(overlap, Math.min(tile / 2, tile - multiple));
        }
    }

    /** Whether tiles are smaller than was asked for. */
    boolean smaller() {
        return tile < asked;
    }

    int tile() {
        return tile;
    }

    int overlap() {
        return overlap;
    }

    /** What memory forced, as a sentence without its full stop; empty if nothing. */
    String note() {
        if (smaller()) {
            return "memory was short: tiles of " + tile + " instead of " + asked;
        }
        return mostAtOnce == Integer.MAX_VALUE ? "" : "memory was short: " + mostAtOnce + " tiles at once";
    }
}
