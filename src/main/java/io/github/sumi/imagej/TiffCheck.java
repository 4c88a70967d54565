// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.io.FileInfo;
import ij.io.ImageReader;
import ij.io.RandomAccessStream;
import ij.io.TiffDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Finds damage that ImageJ's reader passes over: what is cut off opens as black pixels there, a directory that leads back
 * to itself is read for ever, and so is a deflated strip that ends too early.
 */
final class TiffCheck {

    private static final Set<Integer> READABLE = Set.of(FileInfo.LZW, FileInfo.LZW_WITH_DIFFERENCING, FileInfo.PACK_BITS,
            FileInfo.ZIP, FileInfo.ZIP_WITH_DIFFERENCING);

    private TiffCheck() {
    }

    /** A TIFF with its directories read within a bounded number of accesses. */
    private static final class BoundedDecoder extends TiffDecoder {
        BoundedDecoder(Path file) throws IOException {
            super(file.toAbsolutePath().getParent() + "/", file.getFileName().toString());
            in = new RandomAccessStream(new BoundedFile(file));
        }
    }

    /** Fails when much more is read than there is. */
    private static final class BoundedFile extends RandomAccessFile {
        private long left;

        BoundedFile(Path file) throws IOException {
            super(file.toFile(), "r");
            left = 16 * length() + (1 << 16);
        }

        @Override
        public int read() throws IOException {
            if (--left < 0) {
                throw new IOException("its directories lead back to themselves");
            }
            return super.read();
        }
    }

    /**
     * Reads the directories and holds what they declare against the file.
     *
     * @return its directories
     * @throws IOException in a sentence, naming the file
     */
    static FileInfo[] parts(Path file) throws IOException {
        FileInfo[] parts = decode(file);
        long length = Files.size(file);
        int planes = 0;
        for (FileInfo part : parts) {
            if (part.width != parts[0].width || part.height != parts[0].height || part.fileType != parts[0].fileType) {
                throw new IOException(file + " holds images of several sizes or types, of which ImageJ reads only the first."
                        + " Save them as files of their own.");
            }
            if (part.compression <= FileInfo.COMPRESSION_NONE) {
                long needed = part.getOffset() + (long) part.width * part.height * part.getBytesPerPixel() * Math.max(1, part.nImages);
                if (needed > length) {
                    throw new IOException(file + " is cut off: its images need " + needed + " bytes, it has " + length + ". Copy it again.");
                }
            } else {
                checkStrips(file, part, planes + 1);
            }
            planes += Math.max(1, part.nImages);
        }
        return parts;
    }

    private static FileInfo[] decode(Path file) throws IOException {
        FileInfo[] parts;
        try {
            parts = new BoundedDecoder(file).getTiffInfo();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw damaged(file, e);
        }
        if (parts == null || parts.length == 0 || parts[0].width < 1 || parts[0].height < 1
                || (long) parts[0].width * parts[0].height > Integer.MAX_VALUE) {
            throw damaged(file, null);
        }
        return parts;
    }

    private static void checkStrips(Path file, FileInfo part, int plane) throws IOException {
        if (!READABLE.contains(part.compression)) {
            throw new IOException(file + " is compressed in a way that ImageJ can't read. Open it in Fiji with Bio-Formats and save it as TIFF.");
        }
        if (part.stripOffsets == null || part.stripLengths == null || part.stripOffsets.length != part.stripLengths.length) {
            throw damaged(file, null);
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            for (int i = 0; i < part.stripOffsets.length; i++) {
                if (part.stripLengths[i] < 0 || (part.stripOffsets[i] & 0xFFFFFFFFL) + part.stripLengths[i] > in.length()) {
                    throw new IOException(file + " is cut off: plane " + plane + " is not whole. Copy it again.");
                }
            }
            CountingReader reader = new CountingReader(part);
            reader.readPixels(new RandomAccessStream(in));
            if (reader.unpacked < (long) part.width * part.height * part.getBytesPerPixel()) {
                throw new IOException(file + " is damaged: the compressed pixels of plane " + plane + " are not whole. Copy it again.");
            }
        } catch (RuntimeException e) {
            throw damaged(file, e);
        }
    }

    /** Knows how much came out of the strips, and leaves one that ends too early. */
    private static final class CountingReader extends ImageReader {
        private long unpacked;

        CountingReader(FileInfo part) {
            super(part);
        }

        @Override
        public byte[] lzwUncompress(byte[] strip) {
            return count(super.lzwUncompress(strip));
        }

        @Override
        public byte[] packBitsUncompress(byte[] strip, int expected) {
            return count(super.packBitsUncompress(strip, expected));
        }

        @Override
        public byte[] zipUncompress(byte[] strip) {
            Inflater inflater = new Inflater();
            inflater.setInput(strip);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            try {
                int length = inflater.inflate(buffer);
                while (length > 0) {
                    out.write(buffer, 0, length);
                    length = inflater.inflate(buffer);
                }
            } catch (DataFormatException e) {
                throw new IllegalStateException(e.getMessage(), e);
            } finally {
                inflater.end();
            }
            return count(out.toByteArray());
        }

        private byte[] count(byte[] strip) {
            unpacked += strip.length;
            return strip;
        }
    }

    /** The sentence for a file that can't be read. */
    static IOException damaged(Path file, Throwable cause) {
        return new IOException(file + " can't be read as a TIFF" + (cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")")
                + "; it is damaged or of another kind. Open it in Fiji and save it as TIFF.", cause);
    }
}
