// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.HashMap;
import java.util.Map;

/** A large file that holds little: of what is written at a position only what isn't zero is kept, and must be read from there. */
final class SparseChannel extends FileChannel {

    private final Map<Long, byte[]> written = new HashMap<>();
    private long size;

    @Override
    public int write(ByteBuffer from, long position) {
        int length = from.remaining();
        size = Math.max(size, position + length);
        if (!from.duplicate().equals(ByteBuffer.allocate(length))) {
            byte[] bytes = new byte[length];
            from.duplicate().get(bytes);
            written.put(position, bytes);
        }
        from.position(from.limit());
        return length;
    }

    @Override
    public int read(ByteBuffer to, long position) {
        int length = to.remaining();
        to.put(written.getOrDefault(position, new byte[length]));
        return length;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    protected void implCloseChannel() {
        written.clear();
    }

    @Override
    public int read(ByteBuffer to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer from) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metaData) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long length, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long length, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
