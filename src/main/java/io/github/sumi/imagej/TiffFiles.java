// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.IJ;
import ij.ImagePlus;
import ij.VirtualStack;
import ij.io.FileInfo;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.io.RoiEncoder;
import ij.io.TiffEncoder;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** TIFF files by ImageJ's own reader and writer: never a dialog, never half a file. */
public final class TiffFiles {

    /** Stacks of more than this part of the memory that Java may take are read plane by plane. */
    private static final int PART_OF_MEMORY = 4;

    private TiffFiles() {
    }

    /**
     * Opens a TIFF with everything that ImageJ keeps in it; a stack that would fill the memory as a virtual one.
     *
     * @throws IOException in a sentence, if it is missing, a folder, empty, damaged or not a TIFF
     */
    public static ImagePlus open(Path file) throws IOException {
        return open(file, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY);
    }

    /** @param most bytes of pixels that are read into memory */
    static ImagePlus open(Path file, long most) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; needed is a TIFF file.");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no file " + file + ".");
        }
        if (Files.size(file) == 0) {
            throw new IOException(file + " is empty; copy it again.");
        }
        FileInfo[] parts = TiffCheck.parts(file);
        long planes = Stream.of(parts).mapToLong(part -> Math.max(1, part.nImages)).sum();
        boolean virtual = TiffStack.fits(parts) && planes * parts[0].width * parts[0].height * parts[0].getBytesPerPixel() > most;
        ImagePlus image;
        try {
            // ImageJ would print a fault and return black pixels
            IJ.setExceptionHandler(fault -> {
                throw new IllegalStateException(fault.getMessage(), fault);
            });
            image = virtual ? TiffStack.open(parts) : new Opener().openTiff(file.toAbsolutePath().getParent() + "/", file.getFileName().toString());
        } catch (RuntimeException | OutOfMemoryError e) {
            throw TiffCheck.damaged(file, e);
        } finally {
            IJ.setExceptionHandler(null);
        }
        if (image == null || image.getProcessor() == null || image.getStackSize() < planes) {
            throw TiffCheck.damaged(file, null);
        }
        image.setTitle(file.getFileName().toString());
        return image;
    }

    /**
     * Refuses what {@link #save} would refuse, before any work is done.
     *
     * @param input the file that is read for it, which must not be overwritten; may be null
     * @throws IOException in a sentence
     */
    public static void checkTarget(Path input, Path file, boolean overwrite) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; give the name of a file in it.");
        }
        if (!file.getFileName().toString().matches("(?i).*\\.tiff?")) {
            throw new IOException(file + " must end in .tif; TIFF is what is written.");
        }
        if (input != null && Files.exists(file) && Files.exists(input) && Files.isSameFile(input, file)) {
            throw new IOException(file + " is the input, which is never overwritten; give OUT another name.");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new IOException("Nothing can be written to the folder " + folder + "; it is missing or write-protected.");
        }
        if (Files.exists(file) && !overwrite) {
            throw new IOException(file + " exists already; --overwrite replaces it.");
        }
    }

    /**
     * Writes an image beside its place and moves it there when it is whole.
     *
     * @throws IOException in a sentence; nothing is left behind then, and what was there before stays
     */
    public static void save(ImagePlus image, Path file, boolean overwrite) throws IOException {
        checkTarget(null, file, overwrite);
        Path folder = file.toAbsolutePath().getParent();
        Path partial = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            write(image, partial);
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (ClosedByInterruptException e) {
            throw new CancellationException("Cancelled.");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IOException e) {
            throw new IOException(file + " can't be written (" + e.getMessage() + "). Is the disk full?", e);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** What ImageJ's "Save As Tiff" writes; its own methods swallow a full disk, a stream of ours doesn't. */
    private static void write(ImagePlus image, Path partial) throws IOException {
        FileInfo info = image.getFileInfo();
        int planes = image.getStackSize();
        info.nImages = planes;
        info.pixels = planes == 1 ? image.getProcessor().getPixels() : image.getStack().getImageArray();
        info.virtualStack = planes > 1 && image.getStack() instanceof VirtualStack stack ? stack : null;
        FileSaver saver = new FileSaver(image);
        info.description = saver.getDescriptionString();
        info.info = image.getInfoProperty();
        info.roi = image.getRoi() == null ? null : RoiEncoder.saveAsByteArray(image.getRoi());
        info.overlay = FileSaver.getOverlay(image);
        info.properties = image.getPropertiesAsArray();
        if (planes > 1 || image.getStack().getSliceLabel(1) != null) {
            info.sliceLabels = IntStream.rangeClosed(1, planes).mapToObj(image.getStack()::getSliceLabel).toArray(String[]::new);
        }
        if (image.isComposite()) {
            saver.saveDisplayRangesAndLuts(image, info);
        }
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(partial)))) {
            new TiffEncoder(info).write(out);
        }
    }
}
