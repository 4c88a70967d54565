// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The pixel types that can be denoised; in buffers they are little-endian, whatever they are in the file. */
enum PixelType {
    UINT8("u1", "uint8", 1, 0, 255),
    INT8("i1", "int8", 1, -128, 127),
    UINT16("u2", "uint16", 2, 0, 65535),
    INT16("i2", "int16", 2, -32768, 32767),
    UINT32("u4", "uint32", 4, 0, 4294967295.0),
    INT32("i4", "int32", 4, Integer.MIN_VALUE, Integer.MAX_VALUE),
    FLOAT32("f4", "float32", 4, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
    FLOAT64("f8", "float64", 8, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    private final String v2;
    private final String v3;
    private final int bytes;
    private final double min;
    private final double max;

    PixelType(String v2, String v3, int bytes, double min, double max) {
        this.v2 = v2;
        this.v3 = v3;
        this.bytes = bytes;
        this.min = min;
        this.max = max;
    }

    /** @throws ZarrException if pixels of that type can't be denoised */
    static PixelType of(String file, String name) throws ZarrException {
        for (PixelType type : values()) {
            if (type.v3.equals(name) || name.matches("[|<>]" + type.v2)) {
                return type;
            }
        }
        throw new ZarrException(file + ": pixels of the type \"" + name + "\" can't be denoised; needed is one of "
                + Arrays.stream(values()).map(type -> type.v3).collect(Collectors.joining(", ")) + ".");
    }

    /** The name in Zarr 2, little-endian. */
    String v2() {
        return (bytes == 1 ? "|" : "<") + v2;
    }

    /** The name in Zarr 3. */
    String v3() {
        return v3;
    }

    /** Bytes of a pixel. */
    int bytes() {
        return bytes;
    }

    /** Whether values are whole numbers. */
    boolean isWhole() {
        return min != Double.NEGATIVE_INFINITY;
    }

    /** Whether the type can hold a value, rounded. */
    boolean holds(double value) {
        return !isWhole() || Math.round(value) >= min && Math.round(value) <= max;
    }

    /** Pixel i of a little-endian buffer. */
    double get(ByteBuffer buffer, int i) {
        return switch (this) {
            case UINT8 -> buffer.get(i) & 0xFF;
            case INT8 -> buffer.get(i);
            case UINT16 -> buffer.getShort(2 * i) & 0xFFFF;
            case INT16 -> buffer.getShort(2 * i);
            case UINT32 -> buffer.getInt(4 * i) & 0xFFFFFFFFL;
            case INT32 -> buffer.getInt(4 * i);
            case FLOAT32 -> buffer.getFloat(4 * i);
            case FLOAT64 -> buffer.getDouble(8 * i);
        };
    }

    /** Sets pixel i, rounded and saturated where the type needs it. */
    void put(ByteBuffer buffer, int i, double value) {
        long whole = isWhole() ? (long) Math.max(min, Math.min(max, Math.round(value))) : 0;
        switch (this) {
            case UINT8, INT8 -> buffer.put(i, (byte) whole);
            case UINT16, INT16 -> buffer.putShort(2 * i, (short) whole);
            case UINT32, INT32 -> buffer.putInt(4 * i, (int) whole);
            case FLOAT32 -> buffer.putFloat(4 * i, (float) value);
            default -> buffer.putDouble(8 * i, value);
        }
    }
}
