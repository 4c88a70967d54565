// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.ModelException;

/**
 * The tiles of a whole plane that make one part of it. They lie where they do when the whole plane is done at once, and go through the
 * network one by one, so that the part has the same bits whatever the other parts are.
 *
 * @param rows of the window that these tiles see
 * @param columns of the window
 */
record TileWindow(TileAxis rows, TileAxis columns) implements TileLayout {

    /**
     * The tiles that make a part of a plane.
     *
     * @param width of the plane
     * @param height of the plane
     */
    static TileWindow of(Tiles tiles, int width, int height, Region part) {
        return new TileWindow(tiles.axis(height).part(part.y(), part.y() + part.height()),
                tiles.axis(width).part(part.x(), part.x() + part.width()));
    }

    /** What of the plane the tiles see. */
    Region region() {
        return new Region(columns.origin(), rows.origin(), columns.extent(), rows.extent());
    }

    @Override
    public TileAxis rows(int extent) {
        return rows;
    }

    @Override
    public TileAxis columns(int extent) {
        return columns;
    }

    @Override
    public int batch(int pixels) {
        return 1;
    }

    @Override
    public void shrink(int count, int length, Throwable cause) {
        // smaller tiles would make this part of the plane with other numbers than the rest
        throw new ModelException("Memory ran out with a tile of " + length + " pixels. Close other programs, or choose a smaller tile"
                + " for the whole image.", cause);
    }
}
