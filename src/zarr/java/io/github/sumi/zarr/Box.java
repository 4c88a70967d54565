// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.util.Arrays;

/**
 * A part of an array of several axes.
 *
 * @param offset of its first pixel
 * @param shape its extents, 1 or more
 */
record Box(long[] offset, int[] shape) {

    /** Number of pixels. @throws ArithmeticException if there are 2^31 or more */
    int size() {
        int size = 1;
        for (int extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }

    /** Whether both are the same part. */
    boolean same(Box other) {
        return Arrays.equals(offset, other.offset) && Arrays.equals(shape, other.shape);
    }

    /** What two boxes share; null if nothing. */
    Box intersect(Box other) {
        long[] from = new long[shape.length];
        int[] extents = new int[shape.length];
        for (int d = 0; d < shape.length; d++) {
            from[d] = Math.max(offset[d], other.offset[d]);
            long to = Math.min(offset[d] + shape[d], other.offset[d] + other.shape[d]);
            if (to <= from[d]) {
                return null;
            }
            extents[d] = (int) (to - from[d]);
        }
        return new Box(from, extents);
    }

    /** The same, along one axis only this part. */
    Box with(int axis, long from, int extent) {
        long[] offsets = offset.clone();
        int[] extents = shape.clone();
        offsets[axis] = from;
        extents[axis] = extent;
        return new Box(offsets, extents);
    }

    /** Where a position of the array lies in this box, counted row by row. */
    int index(long[] position) {
        int index = 0;
        for (int d = 0; d < shape.length; d++) {
            index = index * shape[d] + (int) (position[d] - offset[d]);
        }
        return index;
    }

    @Override
    public String toString() {
        return Arrays.toString(offset) + " + " + Arrays.toString(shape);
    }
}
