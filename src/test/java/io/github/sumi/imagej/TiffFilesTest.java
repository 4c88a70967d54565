// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.io.FileInfo;
import ij.io.TiffEncoder;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TiffFilesTest {

    private static final int DEFLATE = 8;
    private static final int NONE = 1;

    @TempDir
    Path folder;

    /** A TIFF of 16 x 16 bytes: header, one directory at byte 8, the strip behind it. */
    private Path tiff(String name, int compression, byte[] strip) throws IOException {
        int[][] entries = {{256, 16}, {257, 16}, {258, 8}, {259, compression}, {262, 1}, {273, 8 + 2 + 8 * 12 + 4}, {278, 16}, {279, strip.length}};
        ByteBuffer bytes = ByteBuffer.allocate(8 + 2 + entries.length * 12 + 4 + strip.length);
        bytes.putShort((short) 0x4D4D).putShort((short) 42).putInt(8).putShort((short) entries.length);
        for (int[] entry : entries) {
            bytes.putShort((short) entry[0]).putShort((short) 4).putInt(1).putInt(entry[1]);
        }
        bytes.putInt(0).put(strip);
        return Files.write(folder.resolve(name), bytes.array());
    }

    private static byte[] ramp() {
        byte[] pixels = new byte[256];
        for (int i = 0; i < 256; i++) {
            pixels[i] = (byte) i;
        }
        return pixels;
    }

    private static byte[] deflated() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(ramp());
        }
        return out.toByteArray();
    }

    private void assertRefused(String part, Path file) {
        String message = assertTimeoutPreemptively(Duration.ofSeconds(20),
                () -> assertThrows(IOException.class, () -> TiffFiles.open(file), file.toString()).getMessage());
        assertTrue(message.contains(part) && message.contains(file.getFileName().toString()), message);
    }

    @Test
    void soundFilesOpen() throws IOException {
        assertArrayEquals(ramp(), (byte[]) TiffFiles.open(tiff("plain.tif", NONE, ramp())).getProcessor().getPixels());
        assertArrayEquals(ramp(), (byte[]) TiffFiles.open(tiff("deflated.tif", DEFLATE, deflated())).getProcessor().getPixels());
    }

    /** Read plane by plane, an image is what it is when read at once. */
    @Test
    @DisplayName("Pain 26: a virtual stack loses its LUTs and selection")
    void aVirtualHyperstackIsTheWholeOne() throws IOException {
        ImageStack stack = new ImageStack(9, 7);
        for (int i = 0; i < 12; i++) {
            ShortProcessor plane = new ShortProcessor(9, 7);
            plane.set(i, 500 + i);
            stack.addSlice("plane " + i, plane);
        }
        ImagePlus plain = new ImagePlus("hyper", stack);
        plain.setDimensions(2, 3, 2);
        CompositeImage hyper = new CompositeImage(plain, CompositeImage.COMPOSITE);
        hyper.setChannelLut(LUT.createLutFromColor(Color.CYAN), 2);
        hyper.setPosition(2, 1, 1);
        hyper.setDisplayRange(3, 400);
        hyper.getCalibration().pixelWidth = 0.25;
        hyper.getCalibration().setUnit("micron");
        hyper.setProperty("Info", "microscope 7");
        hyper.setProp("objective", "63x");
        hyper.setOverlay(new Overlay(new Roi(1, 1, 3, 3)));
        hyper.setRoi(new Roi(2, 2, 5, 4));
        Path file = folder.resolve("hyper.tif");
        TiffFiles.save(hyper, file, false);
        CompositeImage whole = (CompositeImage) TiffFiles.open(file);
        CompositeImage virtual = (CompositeImage) TiffFiles.open(file, 100);
        assertTrue(virtual.getStack().isVirtual() && !whole.getStack().isVirtual());
        assertArrayEquals(whole.getDimensions(), virtual.getDimensions());
        assertEquals(whole.getMode(), virtual.getMode());
        assertEquals(whole.getCalibration().toString().replaceAll("@\\w+", ""), virtual.getCalibration().toString().replaceAll("@\\w+", ""));
        assertEquals(whole.getInfoProperty(), virtual.getInfoProperty());
        assertArrayEquals(whole.getPropertiesAsArray(), virtual.getPropertiesAsArray());
        assertEquals(whole.getRoi().getBounds(), virtual.getRoi().getBounds());
        assertEquals(1, virtual.getOverlay().size());
        assertEquals(400, virtual.getChannelLut(2).max);
        assertEquals(whole.getChannelLut(2), virtual.getChannelLut(2));
        for (int n = 1; n <= 12; n++) {
            assertArrayEquals((short[]) whole.getStack().getPixels(n), (short[]) virtual.getStack().getPixels(n));
            assertEquals(whole.getStack().getSliceLabel(n), virtual.getStack().getSliceLabel(n));
        }
        Files.delete(file);
        String message = assertThrows(UncheckedIOException.class, () -> virtual.getStack().getProcessor(5)).getMessage();
        assertTrue(message.contains("Plane 5") && message.contains("hyper.tif"), message);
    }

    /** What other programs write: pages, and no word of axes. */
    @Test
    @DisplayName("Pain 28: the pages of a TIFF come back as time")
    void pagesWithoutAxesAreSlicesVirtualToo() throws IOException {
        ImageStack stack = new ImageStack(9, 7);
        for (int i = 0; i < 3; i++) {
            stack.addSlice(new ShortProcessor(9, 7));
        }
        FileInfo pages = new ImagePlus("pages", stack).getFileInfo();
        pages.description = null;
        Path file = folder.resolve("pages.tif");
        try (OutputStream out = Files.newOutputStream(file)) {
            new TiffEncoder(pages).write(out);
        }
        for (ImagePlus image : List.of(TiffFiles.open(file), TiffFiles.open(file, 100))) {
            assertArrayEquals(new int[] {9, 7, 1, 3, 1}, image.getDimensions());
        }
    }

    @Test
    void damageThatImageJOpensAsBlackIsRefused() throws IOException {
        assertRefused("cut off", tiff("cut.tif", NONE, Arrays.copyOf(ramp(), 200)));
        assertRefused("not whole", tiff("deflated-short.tif", DEFLATE, Arrays.copyOf(deflated(), 60)));
        byte[] junk = deflated();
        Arrays.fill(junk, 10, 60, (byte) 0xFF);
        assertRefused("deflated-junk.tif", tiff("deflated-junk.tif", DEFLATE, junk));
        assertRefused("can't be read", tiff("jpeg.tif", 6, ramp()));
        assertRefused("damaged", Files.write(folder.resolve("junk.tif"), ramp()));
    }

    /** ImageJ reads such a file for ever. */
    @Test
    void aDirectoryThatLeadsBackToItselfIsRefused() throws IOException {
        Path file = tiff("loop.tif", NONE, ramp());
        byte[] bytes = Files.readAllBytes(file);
        bytes[8 + 2 + 8 * 12 + 3] = 8;
        assertRefused("back to themselves", Files.write(file, bytes));
    }

    @Test
    void noFlippedBytesHangOrCrash() throws IOException {
        byte[] sound = Files.readAllBytes(tiff("sound.tif", DEFLATE, deflated()));
        Random random = new Random(1);
        Path file = folder.resolve("flipped.tif");
        for (int i = 0; i < 400; i++) {
            byte[] bytes = sound.clone();
            for (int k = 0; k < 3; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Files.write(file, bytes);
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                try {
                    TiffFiles.open(file);
                } catch (IOException e) {
                    assertTrue(e.getMessage().contains("flipped.tif"), e.getMessage());
                }
            });
        }
    }

    @Test
    void savedFilesCanBeReadByOthersAndNothingStaysBeside() throws IOException {
        Path file = folder.resolve("new.tif");
        TiffFiles.save(new ImagePlus("n", new ByteProcessor(16, 16, ramp())), file, false);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            String fresh = PosixFilePermissions.toString(Files.getPosixFilePermissions(Files.createFile(folder.resolve("other"))));
            assertEquals(fresh, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.noneMatch(path -> path.toString().endsWith(".part")));
        }
    }

    @Test
    void aFullDiskIsASentenceAndKeepsWhatWasThere() throws IOException {
        try (FileSystem small = Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(64 * 1024).build())) {
            Path file = small.getPath("out.tif");
            Files.writeString(file, "what was there");
            String message = assertThrows(IOException.class,
                    () -> TiffFiles.save(new ImagePlus("big", new FloatProcessor(300, 300)), file, true)).getMessage();
            assertTrue(message.contains("disk full") && message.contains("out.tif"), message);
            assertEquals("what was there", Files.readString(file));
            try (Stream<Path> files = Files.list(file.toAbsolutePath().getParent())) {
                assertEquals(1, files.count());
            }
        }
    }

    @Test
    void targetsThatCanNotBeAreRefusedFirst() throws IOException {
        Path in = tiff("in.tif", NONE, ramp());
        assertTrue(assertThrows(IOException.class, () -> TiffFiles.checkTarget(in, in, true)).getMessage().contains("is the input"));
        assertTrue(assertThrows(IOException.class, () -> TiffFiles.checkTarget(in, folder.resolve("x.png"), true)).getMessage().contains(".tif"));
        assertTrue(assertThrows(IOException.class, () -> TiffFiles.checkTarget(in, folder.resolve("no/x.tif"), true)).getMessage().contains("folder"));
        assertFalse(Files.exists(folder.resolve("no")));
    }
}
