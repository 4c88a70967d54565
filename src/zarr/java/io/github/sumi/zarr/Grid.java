// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.util.ArrayList;
import java.util.List;

/**
 * An array cut into cells of one shape, smaller at its ends; counted row by row.
 *
 * @param shape of the array
 * @param cell shape of the cells
 */
record Grid(long[] shape, int[] cell) {

    /** Number of cells along an axis. */
    long count(int axis) {
        return (shape[axis] + cell[axis] - 1) / cell[axis];
    }

    /** Number of cells. @throws ArithmeticException if there are 2^31 or more */
    int count() {
        long count = 1;
        for (int d = 0; d < shape.length; d++) {
            count = Math.multiplyExact(count, count(d));
        }
        return Math.toIntExact(count);
    }

    /** Coordinates of a cell. */
    long[] coordinates(int index) {
        long[] coordinates = new long[shape.length];
        long rest = index;
        for (int d = shape.length - 1; d >= 0; d--) {
            coordinates[d] = rest % count(d);
            rest /= count(d);
        }
        return coordinates;
    }

    /** Pixels of a cell that are in the array. */
    Box box(long[] coordinates) {
        long[] offset = new long[shape.length];
        int[] extents = new int[shape.length];
        for (int d = 0; d < shape.length; d++) {
            offset[d] = coordinates[d] * cell[d];
            extents[d] = (int) Math.min(cell[d], shape[d] - offset[d]);
        }
        return new Box(offset, extents);
    }

    /** Pixels of a cell that are in the array. */
    Box box(int index) {
        return box(coordinates(index));
    }

    /** Coordinates of the cells that share pixels with a box, row by row. */
    List<long[]> cells(Box box) {
        int axes = shape.length;
        List<long[]> cells = new ArrayList<>();
        long[] at = new long[axes];
        for (int d = 0; d < axes; d++) {
            at[d] = box.offset()[d] / cell[d];
        }
        int axis = 0;
        while (axis >= 0) {
            cells.add(at.clone());
            axis = axes - 1;
            while (axis >= 0 && ++at[axis] * cell[axis] >= box.offset()[axis] + box.shape()[axis]) {
                at[axis] = box.offset()[axis] / cell[axis];
                axis--;
            }
        }
        return cells;
    }
}
