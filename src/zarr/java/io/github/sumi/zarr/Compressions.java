// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdInputStream;
import com.scalableminds.bloscjava.Blosc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;

/** The compressions and checksums that OME-Zarr images use. */
final class Compressions {

    private static final int BLOSC_HEADER = 16;

    private Compressions() {
    }

    /** Zlib, RFC 1950. @param level -1 (the default) to 9 */
    record Zlib(int level) implements ByteCodec {
        @Override
        public byte[] encode(byte[] bytes) throws ZarrException {
            Deflater deflater = new Deflater(level);
            try {
                return written(bytes, out -> new DeflaterOutputStream(out, deflater));
            } finally {
                deflater.end();
            }
        }

        @Override
        public byte[] decode(byte[] bytes, int most) throws ZarrException {
            return bounded(most, () -> new InflaterInputStream(new ByteArrayInputStream(bytes)));
        }
    }

    /** Gzip, RFC 1952. @param level -1 to 9 */
    record Gzip(int level) implements ByteCodec {
        @Override
        public byte[] encode(byte[] bytes) throws ZarrException {
            return written(bytes, out -> new GZIPOutputStream(out) {
                {
                    def.setLevel(level);
                }
            });
        }

        @Override
        public byte[] decode(byte[] bytes, int most) throws ZarrException {
            return bounded(most, () -> new GZIPInputStream(new ByteArrayInputStream(bytes)));
        }
    }

    /** Zstandard, RFC 8878. @param level -131072 to 22 @param checksum whether a checksum of the content is added */
    record Zstandard(int level, boolean checksum) implements ByteCodec {
        @Override
        public byte[] encode(byte[] bytes) {
            try (ZstdCompressCtx context = new ZstdCompressCtx()) {
                return context.setLevel(level).setChecksum(checksum).compress(bytes);
            }
        }

        @Override
        public byte[] decode(byte[] bytes, int most) throws ZarrException {
            long size = Zstd.getFrameContentSize(bytes);
            if (size > most) {
                throw tooMuch(most);
            }
            // a stream also reads frames that don't tell their size
            return bounded(most, () -> new ZstdInputStream(new ByteArrayInputStream(bytes)));
        }
    }

    /** Blosc 1. @param typeSize bytes of a value @param blockSize bytes, 0 for Blosc's choice */
    record Blosc1(Blosc.Compressor compressor, int level, Blosc.Shuffle shuffle, int typeSize, int blockSize) implements ByteCodec {
        @Override
        public byte[] encode(byte[] bytes) throws ZarrException {
            return loaded(() -> Blosc.compress(bytes, typeSize, compressor, level, shuffle, blockSize));
        }

        @Override
        public byte[] decode(byte[] bytes, int most) throws ZarrException {
            if (bytes.length < BLOSC_HEADER) {
                throw new ZarrException("it is too short");
            }
            ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int size = header.getInt(4);
            if (size < 0 || size > most) {
                throw tooMuch(most);
            }
            if (header.getInt(12) != bytes.length) {
                throw new ZarrException("it has " + bytes.length + " bytes, not the " + header.getInt(12) + " that it says");
            }
            return size == 0 ? new byte[0] : loaded(() -> Blosc.decompress(bytes));
        }
    }

    /** CRC-32C behind the bytes, RFC 3720, little-endian. */
    record Checksum() implements ByteCodec {

        /** Bytes that it adds. */
        static final int LENGTH = 4;

        @Override
        public byte[] encode(byte[] bytes) {
            byte[] encoded = Arrays.copyOf(bytes, bytes.length + LENGTH);
            ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length, sum(bytes, bytes.length));
            return encoded;
        }

        @Override
        public byte[] decode(byte[] bytes, int most) throws ZarrException {
            int length = bytes.length - LENGTH;
            if (length < 0 || ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(length) != sum(bytes, length)) {
                throw new ZarrException("its checksum is wrong");
            }
            return Arrays.copyOf(bytes, length);
        }

        private static int sum(byte[] bytes, int length) {
            CRC32C sum = new CRC32C();
            sum.update(bytes, 0, length);
            return (int) sum.getValue();
        }
    }

    @FunctionalInterface
    private interface Opened<T> {
        T open() throws IOException;
    }

    @FunctionalInterface
    private interface Wrapped {
        OutputStream around(OutputStream out) throws IOException;
    }

    private static byte[] written(byte[] bytes, Wrapped compression) throws ZarrException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream stream = compression.around(out)) {
            stream.write(bytes);
        } catch (IOException e) {
            throw new ZarrException(String.valueOf(e.getMessage()), e);
        }
        return out.toByteArray();
    }

    private static byte[] bounded(int most, Opened<InputStream> compression) throws ZarrException {
        try (InputStream stream = compression.open()) {
            byte[] bytes = stream.readNBytes(most);
            if (stream.read() >= 0) {
                throw tooMuch(most);
            }
            return bytes;
        } catch (ZarrException e) {
            throw e;
        } catch (IOException e) {
            throw new ZarrException(String.valueOf(e.getMessage()), e);
        }
    }

    private static byte[] loaded(Opened<byte[]> blosc) throws ZarrException {
        try {
            return blosc.open();
        } catch (LinkageError e) {
            throw new ZarrException("Blosc can't be loaded on this machine; it needs Linux or Windows on x86-64, or macOS.", e);
        } catch (IOException | RuntimeException e) {
            throw new ZarrException("Blosc refuses it (" + e.getMessage() + ")", e);
        }
    }

    private static ZarrException tooMuch(int most) {
        return new ZarrException("it holds more than the " + most + " bytes of a chunk");
    }
}
