// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Chunks in a chunk, with an index at its beginning or end (Zarr 3, codec sharding_indexed).
 *
 * @param chunks shape of the inner ones
 * @param codec of the inner ones
 * @param bigEndian byte order of the index
 * @param checksum whether the index has a CRC-32C
 * @param atStart where the index is
 */
record Sharding(int[] chunks, ChunkCodec codec, boolean bigEndian, boolean checksum, boolean atStart) {

    private static final int ENTRY = 16;

    /** Bytes of the index of so many chunks. */
    int indexLength(int count) {
        return ENTRY * count + (checksum ? Compressions.Checksum.LENGTH : 0);
    }

    /** Offset and length of each inner chunk, -1 of one that isn't stored. @throws ZarrException what is wrong with the index */
    long[] index(byte[] bytes) throws ZarrException {
        byte[] entries = checksum ? new Compressions.Checksum().decode(bytes, bytes.length) : bytes;
        long[] index = new long[entries.length / Long.BYTES];
        ByteBuffer.wrap(entries).order(order()).asLongBuffer().get(index);
        return index;
    }

    private ByteOrder order() {
        return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** The file of a shard, its inner chunks in order; those of the fill value alone aren't stored. @throws ZarrException if a codec fails */
    byte[] encode(Block shard, double fill) throws ZarrException {
        Grid grid = new Grid(Arrays.stream(shard.box().shape()).asLongStream().toArray(), chunks);
        int count = grid.count();
        ByteBuffer index = ByteBuffer.allocate(ENTRY * count).order(order());
        ByteArrayOutputStream chunksOut = new ByteArrayOutputStream();
        int begin = atStart ? indexLength(count) : 0;
        Block inPlace = new Block(shard.type(), new Box(new long[chunks.length], shard.box().shape()), shard.bytes());
        for (int i = 0; i < count; i++) {
            Block chunk = Block.allocate(shard.type(), grid.box(i));
            inPlace.copyTo(chunk);
            if (chunk.isAll(fill)) {
                index.putLong(-1).putLong(-1);
                continue;
            }
            byte[] encoded = codec.encode(chunk);
            index.putLong(begin + (long) chunksOut.size()).putLong(encoded.length);
            chunksOut.writeBytes(encoded);
        }
        byte[] entries = checksum ? new Compressions.Checksum().encode(index.array()) : index.array();
        ByteArrayOutputStream file = new ByteArrayOutputStream(entries.length + chunksOut.size());
        file.writeBytes(atStart ? entries : chunksOut.toByteArray());
        file.writeBytes(atStart ? chunksOut.toByteArray() : entries);
        return file.toByteArray();
    }
}
