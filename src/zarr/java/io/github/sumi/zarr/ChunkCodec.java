// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.util.List;

/**
 * How the pixels of a chunk become bytes.
 *
 * @param bigEndian byte order of the pixels
 * @param order which axis of the array each axis of the stored one is; null where they are the same
 * @param codecs applied one after the other
 */
record ChunkCodec(boolean bigEndian, int[] order, List<ByteCodec> codecs) {

    /** What codecs may add to the bytes of a chunk. */
    private static final int OVERHEAD = 4096;

    /** @throws ZarrException what is wrong with the bytes, to follow the name of their file */
    Block decode(byte[] encoded, PixelType type, Box box) throws ZarrException {
        byte[] bytes = encoded;
        int length = box.size() * type.bytes();
        for (int i = codecs.size() - 1; i >= 0; i--) {
            bytes = codecs.get(i).decode(bytes, i == 0 ? length : length + OVERHEAD);
        }
        if (bytes.length != length) {
            throw new ZarrException("it holds " + bytes.length + " bytes, not " + length);
        }
        Block block = new Block(type, box, swapped(bytes, type));
        return order == null ? block : transposed(block);
    }

    /** @throws ZarrException if a codec fails */
    byte[] encode(Block block) throws ZarrException {
        if (order != null) {
            throw new IllegalStateException("transposed chunks are only read");
        }
        byte[] bytes = swapped(block.bytes().clone(), block.type());
        for (ByteCodec codec : codecs) {
            bytes = codec.encode(bytes);
        }
        return bytes;
    }

    /** In place. */
    private byte[] swapped(byte[] bytes, PixelType type) {
        int size = bigEndian ? type.bytes() : 1;
        for (int i = 0; size > 1 && i < bytes.length; i += size) {
            for (int k = 0; k < size / 2; k++) {
                byte swap = bytes[i + k];
                bytes[i + k] = bytes[i + size - 1 - k];
                bytes[i + size - 1 - k] = swap;
            }
        }
        return bytes;
    }

    private Block transposed(Block stored) throws ZarrException {
        int[] shape = stored.box().shape();
        int axes = shape.length;
        int[] strides = new int[axes];
        int stride = stored.type().bytes();
        for (int d = axes - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= shape[d];
        }
        Block block = Block.allocate(stored.type(), stored.box());
        int[] at = new int[axes];
        int size = stored.type().bytes();
        int target = 0;
        for (int source = 0; source < stored.bytes().length; source += size) {
            System.arraycopy(stored.bytes(), source, block.bytes(), target, size);
            int axis = axes - 1;
            target += strides[order[axis]];
            while (++at[axis] == shape[order[axis]] && axis > 0) {
                target -= at[axis] * strides[order[axis]];
                at[axis--] = 0;
                target += strides[order[axis]];
            }
        }
        return block;
    }
}
