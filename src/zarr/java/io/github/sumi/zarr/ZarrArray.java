// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.IOException;
import java.util.Arrays;

/** An array in a store, read and written by boxes. One thread at a time. */
final class ZarrArray {

    private final ZarrStore store;
    private final String path;
    private final String name;
    private final ArrayHeader header;
    private final Grid grid;
    private String indexedShard = "";
    private long[] index;

    /**
     * @param path of the array in the store
     * @param name of the store, for messages
     */
    ZarrArray(ZarrStore store, String path, String name, ArrayHeader header) {
        this.store = store;
        this.path = path;
        this.name = name;
        this.header = header;
        this.grid = new Grid(header.shape(), header.chunks());
    }

    ArrayHeader header() {
        return header;
    }

    /** The chunks, or shards. */
    Grid grid() {
        return grid;
    }

    /** The pixels of a box. @throws ZarrException if a chunk is damaged or can't be read */
    Block read(Box box) throws IOException {
        Block block = Block.allocate(header.type(), box).fill(header.fill());
        Grid inner = new Grid(header.shape(), header.innerChunks());
        for (long[] coordinates : inner.cells(box)) {
            Block chunk = chunk(coordinates, whole(inner, coordinates));
            if (chunk != null) {
                chunk.copyTo(block);
            }
        }
        return block;
    }

    /** Whether no chunk or shard of a box is stored; then it is of the fill value. */
    boolean isMissing(Box box) throws IOException {
        for (long[] coordinates : grid.cells(box)) {
            if (store.exists(path + "/" + header.key(coordinates))) {
                return false;
            }
        }
        return true;
    }

    /** With what is beyond the array's end, which is stored too. */
    private static Box whole(Grid grid, long[] coordinates) {
        return new Box(grid.box(coordinates).offset(), grid.cell());
    }

    /** Null where nothing is stored. */
    private Block chunk(long[] coordinates, Box box) throws IOException {
        Sharding sharding = header.sharding();
        String key = sharding == null ? header.key(coordinates) : header.key(shardOf(coordinates));
        try {
            byte[] bytes = sharding == null ? store.read(path + "/" + key) : inShard(path + "/" + key, coordinates);
            ChunkCodec codec = sharding == null ? header.codec() : sharding.codec();
            return bytes == null ? null : codec.decode(bytes, header.type(), box);
        } catch (ZarrException e) {
            // what the store says is a whole sentence already
            throw e.getMessage().endsWith(".") ? e
                    : new ZarrException("The chunk " + path + "/" + key + " of " + name + " is damaged (" + e.getMessage() + "); copy the image again.", e);
        }
    }

    private long[] shardOf(long[] coordinates) {
        long[] shard = new long[coordinates.length];
        for (int d = 0; d < shard.length; d++) {
            shard[d] = coordinates[d] * header.innerChunks()[d] / header.chunks()[d];
        }
        return shard;
    }

    private byte[] inShard(String key, long[] coordinates) throws IOException {
        Sharding sharding = header.sharding();
        Grid inside = new Grid(Arrays.stream(header.chunks()).asLongStream().toArray(), sharding.chunks());
        if (!key.equals(indexedShard)) {
            int length = sharding.indexLength(inside.count());
            byte[] bytes = store.read(key, sharding.atStart() ? 0 : -length, length);
            index = bytes == null ? null : sharding.index(bytes);
            indexedShard = key;
        }
        if (index == null) {
            return null;
        }
        int at = 0;
        for (int d = 0; d < coordinates.length; d++) {
            at = (int) (at * inside.count(d) + coordinates[d] % inside.count(d));
        }
        long offset = index[2 * at];
        long length = index[2 * at + 1];
        if (offset == -1 && length == -1) {
            return null;
        }
        if (offset < 0 || length < 0 || length > Integer.MAX_VALUE) {
            throw new ZarrException("its index is wrong");
        }
        return store.read(key, offset, (int) length);
    }

    /**
     * Writes the pixels of a box of whole chunks; it may end where the array ends. Chunks of the fill value alone are left out.
     *
     * @throws ZarrException if a codec fails or the store can't take it
     */
    void write(Block block) throws IOException {
        for (long[] coordinates : grid.cells(block.box())) {
            Block chunk = Block.allocate(header.type(), whole(grid, coordinates)).fill(header.fill());
            block.copyTo(chunk);
            String key = path + "/" + header.key(coordinates);
            if (chunk.isAll(header.fill())) {
                store.delete(key);
            } else {
                store.write(key, header.sharding() == null ? header.codec().encode(chunk) : header.sharding().encode(chunk, header.fill()));
            }
        }
    }
}
