// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.ModelException;

/** How a sample is cut into tiles. */
interface TileLayout {

    /** Tiles along the height of a sample. */
    TileAxis rows(int extent);

    /** Tiles along its width. */
    TileAxis columns(int extent);

    /** How many tiles of so many pixels go through the network at once. */
    int batch(int pixels);

    /**
     * Memory was short.
     *
     * @param count tiles of the call that failed
     * @param length height or width of these tiles, the larger
     * @throws ModelException if nothing can be done
     */
    void shrink(int count, int length, Throwable cause);
}
