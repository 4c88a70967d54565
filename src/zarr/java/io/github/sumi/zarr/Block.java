// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Pixels of a box, row by row.
 *
 * @param bytes of the pixels, little-endian
 */
record Block(PixelType type, Box box, byte[] bytes) {

    /** Of zeros. @throws ZarrException if it would be larger than 2 GiB */
    static Block allocate(PixelType type, Box box) throws ZarrException {
        try {
            return new Block(type, box, new byte[Math.multiplyExact(box.size(), type.bytes())]);
        } catch (ArithmeticException e) {
            throw new ZarrException("A chunk of " + Arrays.toString(box.shape()) + " pixels is larger than 2 GiB; store the image in smaller chunks.", e);
        }
    }

    /** The pixels to read and write, little-endian. */
    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Gives all pixels one value. */
    Block fill(double value) {
        if (bytes.length > 0) {
            type.put(buffer(), 0, value);
            for (int done = type.bytes(); done < bytes.length; done *= 2) {
                System.arraycopy(bytes, 0, bytes, done, Math.min(done, bytes.length - done));
            }
        }
        return this;
    }

    /** Copies the pixels that this one and another of the same type share from this one to the other. */
    void copyTo(Block other) {
        Box shared = box.intersect(other.box);
        if (shared == null) {
            return;
        }
        int last = shared.shape().length - 1;
        int row = shared.shape()[last] * type.bytes();
        Grid rows = new Grid(Arrays.stream(shared.shape()).asLongStream().toArray(), rowShape(shared));
        long[] position = new long[last + 1];
        for (int i = 0; i < rows.count(); i++) {
            long[] at = rows.coordinates(i);
            for (int d = 0; d <= last; d++) {
                position[d] = shared.offset()[d] + (d == last ? 0 : at[d]);
            }
            System.arraycopy(bytes, box.index(position) * type.bytes(), other.bytes, other.box.index(position) * type.bytes(), row);
        }
    }

    private static int[] rowShape(Box box) {
        int[] shape = new int[box.shape().length];
        Arrays.fill(shape, 1);
        shape[shape.length - 1] = box.shape()[shape.length - 1];
        return shape;
    }

    /** Whether all pixels have that value. */
    boolean isAll(double value) {
        byte[] one = new byte[type.bytes()];
        type.put(ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN), 0, value);
        int size = type.bytes();
        // the first pixel is the value, and all others are the one before them
        return bytes.length == 0 || Arrays.equals(bytes, 0, size, one, 0, size) && Arrays.equals(bytes, size, bytes.length, bytes, 0, bytes.length - size);
    }
}
