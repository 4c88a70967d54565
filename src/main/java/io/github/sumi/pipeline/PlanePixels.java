// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

/** The grey values of a plane that may be larger than the memory, read part by part. */
public interface PlanePixels {

    /** Pixels to each side of the parts that a whole plane is read by. */
    int CELL = 2048;

    /** Of the plane, pixels. */
    int width();

    /** Of the plane, pixels. */
    int height();

    /** The pixels of a part of the plane, row by row, in an array of the caller's own. */
    float[] read(Region region);

    /** Whether all pixels have one value, and more than one pixel says so. */
    default boolean isConstant() {
        float first = read(new Region(0, 0, 1, 1))[0];
        for (Region cell : Region.cells(width(), height(), CELL)) {
            for (float value : read(cell)) {
                if (value != first) {
                    return false;
                }
            }
        }
        return (long) width() * height() > 1;
    }
}
