// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * A rectangle of a plane, in pixels.
 *
 * @param x of its left column, 0 or more
 * @param y of its upper row, 0 or more
 * @param width 1 or more
 * @param height 1 or more
 */
public record Region(int x, int y, int width, int height) {

    /** @throws IllegalArgumentException if it is empty or begins left of or above the plane */
    public Region {
        if (x < 0 || y < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("region of " + width + " x " + height + " pixels at x = " + x + ", y = " + y
                    + "; it must have pixels, and x and y of 0 or more.");
        }
    }

    /** A plane of these extents, cut into cells of at most {@code size} pixels a side, row by row. */
    static List<Region> cells(int width, int height, int size) {
        List<Region> cells = new ArrayList<>();
        for (int y = 0; y < height; y += size) {
            for (int x = 0; x < width; x += size) {
                cells.add(new Region(x, y, Math.min(size, width - x), Math.min(size, height - y)));
            }
        }
        return cells;
    }

    /** With {@code pixels} more to each side, as far as the plane goes. */
    Region grown(int pixels, int planeWidth, int planeHeight) {
        int left = Math.max(0, x - pixels);
        int top = Math.max(0, y - pixels);
        return new Region(left, top, (int) Math.min(planeWidth, (long) x + width + pixels) - left,
                (int) Math.min(planeHeight, (long) y + height + pixels) - top);
    }

    /** Number of pixels. */
    public int size() {
        return Math.multiplyExact(width, height);
    }
}
