// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.ModelInfo;
import io.github.sumi.model.NoisePredictor;

/** Chooses tile and overlap where the user has not. */
final class Tiles {

    private Tiles() {
    }

    /**
     * The network for images of any size.
     *
     * @param tile pixels, or null for the model's own
     * @param overlap pixels, or null for the model's own, but never more than half a tile that the user chose
     */
    static NoisePredictor of(NoisePredictor unet, ModelInfo info, Integer tile, Integer overlap, Progress progress) {
        int size = tile == null ? info.tile() : tile;
        int shared = overlap != null ? overlap : Math.min(info.overlap(), size / 2);
        return new TiledNoisePredictor(unet, size, shared, progress);
    }
}
