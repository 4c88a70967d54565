// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.util.Arrays;

/** Which chunks of an array are worked on together. */
final class Blocks {

    private Blocks() {
    }

    /**
     * One chunk, or as many of the same planes as are small enough together.
     *
     * @param side pixels of y and x that aren't exceeded by growing
     * @param bytes that aren't exceeded by growing
     */
    static int[] grow(ArrayHeader header, int bytesPerPixel, int side, long bytes) {
        int[] block = header.chunks().clone();
        int[] most = planes(header);
        int x = block.length - 1;
        while (true) {
            int axis = block[x] >= most[x] || block[x - 1] <= block[x] && block[x - 1] < most[x - 1] ? x - 1 : x;
            int grown = (int) Math.min(most[axis], 2L * block[axis]);
            double size = Arrays.stream(block).asDoubleStream().reduce(bytesPerPixel, (a, b) -> a * b) / block[axis] * grown;
            if (grown == block[axis] || grown > side || size > bytes) {
                return block;
            }
            block[axis] = grown;
        }
    }

    /** The chunks of whole planes. */
    static int[] planes(ArrayHeader header) {
        int[] block = header.chunks().clone();
        for (int d = block.length - 2; d < block.length; d++) {
            block[d] = Math.toIntExact((header.shape()[d] + block[d] - 1) / block[d] * block[d]);
        }
        return block;
    }

    /**
     * Whole planes along the last axis before y and x: as many as lie in the same chunks and are small enough together.
     *
     * @param pixels of a plane that are read at once
     * @param bytes that aren't exceeded, unless by one plane
     */
    static int[] slab(ArrayHeader header, long pixels, long bytes) {
        int[] slab = new int[header.shape().length];
        Arrays.fill(slab, 1);
        int x = slab.length - 1;
        slab[x] = (int) header.shape()[x];
        slab[x - 1] = (int) header.shape()[x - 1];
        if (x > 1) {
            int depth = (int) Math.min(header.chunks()[x - 2], header.shape()[x - 2]);
            slab[x - 2] = depth;
            while (slab[x - 2] > 1 && (depth % slab[x - 2] != 0 || slab[x - 2] * pixels * header.type().bytes() > bytes)) {
                slab[x - 2]--;
            }
        }
        return slab;
    }
}
