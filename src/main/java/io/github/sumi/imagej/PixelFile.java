// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Arrays of pixels in a file, big-endian, moved in chunks: a whole plane would be kept a second time, outside of the heap. */
final class PixelFile {

    private static final int CHUNK = 1 << 20;

    private PixelFile() {
    }

    /** @param pixels byte[], short[], int[] or float[] of {@code count} */
    static void write(FileChannel channel, long start, Object pixels, int count) throws IOException {
        int size = size(pixels);
        ByteBuffer chunk = chunk(size, count);
        for (int from = 0; from < count; from += chunk.capacity() / size) {
            int length = Math.min(chunk.capacity() / size, count - from);
            put(chunk.clear(), pixels, from, length);
            chunk.limit(length * size);
            long position = start + (long) from * size;
            while (chunk.hasRemaining()) {
                position += channel.write(chunk, position);
            }
        }
    }

    /** @param pixels byte[], short[], int[] or float[] of {@code count}, overwritten */
    static void read(FileChannel channel, long start, Object pixels, int count) throws IOException {
        int size = size(pixels);
        ByteBuffer chunk = chunk(size, count);
        for (int from = 0; from < count; from += chunk.capacity() / size) {
            int length = Math.min(chunk.capacity() / size, count - from);
            chunk.clear().limit(length * size);
            long position = start + (long) from * size;
            while (chunk.hasRemaining()) {
                int bytes = channel.read(chunk, position);
                if (bytes < 0) {
                    throw new IOException("it ends too early");
                }
                position += bytes;
            }
            get(chunk.flip(), pixels, from, length);
        }
    }

    private static ByteBuffer chunk(int size, int count) {
        return ByteBuffer.allocate((int) Math.min(CHUNK, (long) size * count));
    }

    private static int size(Object pixels) {
        return pixels instanceof byte[] ? Byte.BYTES : pixels instanceof short[] ? Short.BYTES : Integer.BYTES;
    }

    private static void put(ByteBuffer chunk, Object pixels, int from, int length) {
        if (pixels instanceof byte[] bytes) {
            chunk.duplicate().put(bytes, from, length);
        } else if (pixels instanceof short[] shorts) {
            chunk.asShortBuffer().put(shorts, from, length);
        } else if (pixels instanceof int[] ints) {
            chunk.asIntBuffer().put(ints, from, length);
        } else {
            chunk.asFloatBuffer().put((float[]) pixels, from, length);
        }
    }

    private static void get(ByteBuffer chunk, Object pixels, int from, int length) {
        if (pixels instanceof byte[] bytes) {
            chunk.get(bytes, from, length);
        } else if (pixels instanceof short[] shorts) {
            chunk.asShortBuffer().get(shorts, from, length);
        } else if (pixels instanceof int[] ints) {
            chunk.asIntBuffer().get(ints, from, length);
        } else {
            chunk.asFloatBuffer().get((float[]) pixels, from, length);
        }
    }
}
