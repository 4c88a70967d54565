// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import ij.VirtualStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;

/**
 * A stack whose planes are in a temporary file and come back one by one, so that its size is not bound by memory. The file
 * is gone when the stack is closed, is no longer reachable, or the JVM ends, however it ends.
 */
final class SpooledStack extends VirtualStack implements AutoCloseable {

    /** Stacks of more than this part of the memory that Java may take are spooled. */
    private static final int PART_OF_MEMORY = 3;

    private final FileChannel channel;
    private final List<String> labels = new ArrayList<>();

    /** @param channel empty, closed by this stack */
    SpooledStack(int width, int height, FileChannel channel) {
        super(width, height);
        this.channel = channel;
    }

    /**
     * An empty stack of the size of a source, spooled where the source is virtual or the planes would fill the memory.
     *
     * @param planes how many will be added
     * @throws UncheckedIOException in a sentence, if the disk has no place for them
     */
    static ImageStack like(ImagePlus source, int planes, int bytesPerPixel) {
        long bytes = (long) planes * source.getWidth() * source.getHeight() * bytesPerPixel;
        boolean spooled = source.getStackSize() > 1 && source.getStack().isVirtual() || bytes > Runtime.getRuntime().maxMemory() / PART_OF_MEMORY;
        return spooled ? new SpooledStack(source.getWidth(), source.getHeight(), temporary(bytes))
                : new ImageStack(source.getWidth(), source.getHeight());
    }

    private static FileChannel temporary(long bytes) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < bytes) {
                throw new IOException(bytes / (1 << 20) + " MiB are needed, " + free / (1 << 20) + " are free");
            }
            // deleted by the system, even where the JVM is killed
            return FileChannel.open(folder.resolve("sumi-" + UUID.randomUUID() + ".planes"), StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw fault(e);
        }
    }

    private static UncheckedIOException fault(IOException e) {
        String sentence = "The planes can't be kept in the temporary folder " + System.getProperty("java.io.tmpdir") + " (" + e.getMessage()
                + "). Make room there, or start Java with -Djava.io.tmpdir=FOLDER.";
        return new UncheckedIOException(sentence, new IOException(sentence, e));
    }

    /** Frees what a stack has on disk, if it has anything there; its planes are lost. */
    static void release(ImageStack stack) {
        if (stack instanceof SpooledStack spooled) {
            spooled.close();
        }
    }

    @Override
    public void addSlice(String label, ImageProcessor plane) {
        if (getBitDepth() == 0) {
            setBitDepth(plane.getBitDepth());
        }
        try {
            PixelFile.write(channel, start(labels.size() + 1), plane.getPixels(), getWidth() * getHeight());
        } catch (ClosedByInterruptException e) {
            throw new CancellationException("Cancelled.");
        } catch (IOException e) {
            throw fault(e);
        }
        labels.add(label);
    }

    /** @throws UncheckedIOException in a sentence, if the file can't be read */
    @Override
    public ImageProcessor getProcessor(int n) {
        if (n < 1 || n > labels.size()) {
            throw new IllegalArgumentException("Plane " + n + " of " + labels.size());
        }
        ImageProcessor plane = switch (getBitDepth()) {
            case 8 -> new ByteProcessor(getWidth(), getHeight());
            case 16 -> new ShortProcessor(getWidth(), getHeight());
            case 24 -> new ColorProcessor(getWidth(), getHeight());
            default -> new FloatProcessor(getWidth(), getHeight());
        };
        // or the file would be closed for all that come later
        boolean interrupted = Thread.interrupted();
        try {
            PixelFile.read(channel, start(n), plane.getPixels(), getWidth() * getHeight());
        } catch (IOException e) {
            throw new UncheckedIOException("Plane " + n + " can't be read back from the temporary folder (" + e.getMessage()
                    + "). Run it again.", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (getColorModel() != null && getBitDepth() != 24) {
            plane.setColorModel(getColorModel());
        }
        plane.setSliceNumber(n);
        return plane;
    }

    private long start(int n) {
        return (long) (n - 1) * getWidth() * getHeight() * (getBitDepth() == 24 ? Integer.BYTES : getBitDepth() / Byte.SIZE);
    }

    @Override
    public int getSize() {
        return labels.size();
    }

    @Override
    public String getSliceLabel(int n) {
        return labels.get(n - 1);
    }

    @Override
    public void setSliceLabel(String label, int n) {
        labels.set(n - 1, label);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The temporary file in " + System.getProperty("java.io.tmpdir") + " can't be closed ("
                    + e.getMessage() + ").", e);
        }
    }
}
