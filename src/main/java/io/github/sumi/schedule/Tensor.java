// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.nio.FloatBufferAccess;
import net.imglib2.type.numeric.real.FloatType;

/**
 * A float tensor [n, c, h, w] in one direct, native-order buffer, which ONNX Runtime reads and writes in place.
 * Seen as an ImgLib2 image its axes are X, Y, channel, sample.
 */
public record Tensor(FloatBuffer buffer, int n, int c, int h, int w) {

    /** @throws IllegalArgumentException if an extent is below 1, or the buffer isn't direct, native-order and of n*c*h*w floats */
    public Tensor {
        long size = elements(n, c, h, w);
        if (buffer.capacity() != size || !buffer.isDirect() || buffer.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("a tensor [" + n + ", " + c + ", " + h + ", " + w + "] needs a direct, "
                    + "native-order buffer of " + size + " floats; given are " + buffer.capacity());
        }
    }

    /**
     * A tensor of zeros.
     *
     * @throws IllegalArgumentException if an extent is below 1 or the tensor would be larger than 2 GiB
     */
    public static Tensor allocate(int n, int c, int h, int w) {
        int bytes = Math.toIntExact(Float.BYTES * elements(n, c, h, w));
        return new Tensor(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer(), n, c, h, w);
    }

    private static long elements(int n, int c, int h, int w) {
        if (n < 1 || c < 1 || h < 1 || w < 1) {
            throw new IllegalArgumentException("every extent must be 1 or more: [" + n + ", " + c + ", " + h + ", " + w + "]");
        }
        long size = Math.multiplyExact(Math.multiplyExact((long) n * c, (long) h), (long) w);
        if (size > Integer.MAX_VALUE / Float.BYTES) {
            throw new IllegalArgumentException("[" + n + ", " + c + ", " + h + ", " + w + "] is more than 2 GiB");
        }
        return size;
    }

    /** Number of floats. */
    public int size() {
        return buffer.capacity();
    }

    /** Index into the buffer of the first pixel of one channel of one sample. */
    public int planeStart(int sample, int channel) {
        return (sample * c + channel) * h * w;
    }

    /** Index into the buffer of the first value that isn't finite; -1 where all are. */
    public int firstNotFinite() {
        for (int i = 0; i < buffer.capacity(); i++) {
            if (!(Math.abs(buffer.get(i)) <= Float.MAX_VALUE)) {
                return i;
            }
        }
        return -1;
    }

    /** Samples {@code first} to {@code first + count - 1} of this tensor; no copy. */
    public Tensor samples(int first, int count) {
        return new Tensor(buffer.slice(planeStart(first, 0), planeStart(count, 0)), count, c, h, w);
    }

    /** This tensor as an image with the axes X, Y, channel, sample; no copy. */
    public ArrayImg<FloatType, FloatBufferAccess> img() {
        return ArrayImgs.floats(new FloatBufferAccess(buffer, true), w, h, c, n);
    }
}
