// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.io.FileInfo;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.io.RoiEncoder;
import ij.io.TiffDecoder;
import ij.io.TiffEncoder;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/** TIFF files by ImageJ's own reader and writer: never a dialog, never half a file. */
public final class TiffFiles {

    private TiffFiles() {
    }

    /**
     * Opens a TIFF with everything that ImageJ keeps in it.
     *
     * @throws IOException in a sentence, if it is missing, a folder, empty, damaged or not a TIFF
     */
    public static ImagePlus open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; needed is a TIFF file.");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no file " + file + ".");
        }
        if (Files.size(file) == 0) {
            throw new IOException(file + " is empty; copy it again.");
        }
        check(file);
        ImagePlus image;
        try {
            image = new Opener().openTiff(file.toAbsolutePath().getParent() + "/", file.getFileName().toString());
        } catch (RuntimeException e) {
            throw damaged(file, e);
        }
        if (image == null || image.getStackSize() < 1 || image.getProcessor() == null) {
            throw damaged(file, null);
        }
        image.setTitle(file.getFileName().toString());
        return image;
    }

    /** ImageJ opens a truncated file as black pixels, so the sizes that it declares are held against its length. */
    private static void check(Path file) throws IOException {
        FileInfo[] parts;
        try {
            TiffDecoder decoder = new TiffDecoder(file.toAbsolutePath().getParent() + "/", file.getFileName().toString());
            parts = decoder.getTiffInfo();
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        }
        if (parts == null || parts.length == 0 || parts[0].width < 1 || parts[0].height < 1) {
            throw damaged(file, null);
        }
        long length = Files.size(file);
        for (FileInfo part : parts) {
            boolean plain = part.compression <= FileInfo.COMPRESSION_NONE;
            long needed = part.getOffset() + (plain ? (long) part.width * part.height * part.getBytesPerPixel() * Math.max(1, part.nImages) : 1);
            if (needed > length) {
                throw new IOException(file + " is cut off: its images need " + needed + " bytes, it has " + length + ". Copy it again.");
            }
        }
    }

    private static IOException damaged(Path file, Exception cause) {
        return new IOException(file + " can't be read as a TIFF; it is damaged or of another kind. Open it in Fiji and save it as TIFF.", cause);
    }

    /**
     * Refuses what {@link #save} would refuse, before any work is done.
     *
     * @throws IOException in a sentence
     */
    public static void checkTarget(Path file, boolean overwrite) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; give the name of a file in it.");
        }
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
        checkTarget(file, overwrite);
        Path partial = null;
        try {
            partial = Files.createTempFile(file.toAbsolutePath().getParent(), ".sumi-", ".part");
            write(image, partial);
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            partial = null;
        } catch (IOException e) {
            throw new IOException(file + " can't be written (" + e.getMessage() + "). Is the disk full?", e);
        } finally {
            if (partial != null) {
                Files.deleteIfExists(partial);
            }
        }
    }

    /** What ImageJ's "Save As Tiff" writes; its own methods swallow a full disk, a stream of ours doesn't. */
    private static void write(ImagePlus image, Path partial) throws IOException {
        FileInfo info = image.getFileInfo();
        int planes = image.getStackSize();
        info.nImages = planes;
        info.pixels = planes == 1 ? image.getProcessor().getPixels() : image.getStack().getImageArray();
        FileSaver saver = new FileSaver(image);
        info.description = saver.getDescriptionString();
        info.info = image.getInfoProperty();
        info.roi = image.getRoi() == null ? null : RoiEncoder.saveAsByteArray(image.getRoi());
        info.overlay = FileSaver.getOverlay(image);
        info.properties = image.getPropertiesAsArray();
        if (planes > 1) {
            info.sliceLabels = Arrays.copyOf(image.getStack().getSliceLabels(), planes, String[].class);
        } else if (image.getStack().getSliceLabel(1) != null) {
            info.sliceLabels = new String[] {image.getStack().getSliceLabel(1)};
        }
        if (image.isComposite()) {
            saver.saveDisplayRangesAndLuts(image, info);
        }
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(partial)))) {
            new TiffEncoder(info).write(out);
        }
    }
}
