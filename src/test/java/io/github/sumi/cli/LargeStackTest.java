// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.model.TinyModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeStackTest {

    private static final int WIDTH = 1024;
    private static final int HEIGHT = 640;
    private static final int HEADER = 1024;
    private static final long PLANE = 2L * WIDTH * HEIGHT;

    @TempDir
    Path folder;

    /** A file of zeros that takes no place on most disks, with texture in three planes. */
    private Path sparse(int planes) throws IOException {
        byte[] description = ("ImageJ=1.54p\nimages=" + planes + "\nslices=" + planes + "\n\0").getBytes(StandardCharsets.US_ASCII);
        int[][] entries = {{256, WIDTH}, {257, HEIGHT}, {258, 16}, {259, 1}, {262, 1}, {270, 200}, {273, HEADER}, {277, 1}, {278, HEIGHT}, {279, (int) PLANE}};
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putShort((short) 0x4D4D).putShort((short) 42).putInt(8).putShort((short) entries.length);
        for (int[] entry : entries) {
            boolean text = entry[0] == 270;
            header.putShort((short) entry[0]).putShort((short) (text ? 2 : 4)).putInt(text ? description.length : 1).putInt(entry[1]);
        }
        header.putInt(0).position(200).put(description);
        ByteBuffer texture = ByteBuffer.allocate((int) PLANE);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            texture.putShort((short) (1000 + i * (long) i % 97));
        }
        Path file = folder.resolve("in.tif");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(HEADER + planes * PLANE);
            out.write(header.array());
            for (int plane : new int[] {0, planes / 2, planes - 1}) {
                out.seek(HEADER + plane * PLANE);
                out.write(texture.array());
            }
        }
        return file;
    }

    /** More pixels than Java may take. */
    @Test
    @DisplayName("Pain 13: a stack larger than the memory")
    void fiveHundredPlanesTakeTheMemoryOfFive() throws Exception {
        Path in = sparse(500);
        Path out = folder.resolve("out.tif");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                "-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path"), Sumi.class.getName(), "denoise",
                in.toString(), out.toString(), "--noise", "gaussian", "--sigma", "20", "--model",
                TinyModel.folder(folder, "timestep-float-n").toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("3 of 500 planes") && said.contains("497 constant planes"), said);
        assertEquals(500, Files.size(out) / PLANE);
        try (Stream<Path> files = Files.list(temporary)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".planes")));
        }
        ImagePlus result = TiffFiles.open(out);
        assertEquals(500, result.getStackSize());
        assertEquals(0, result.getStack().getProcessor(2).get(5, 5));
        assertEquals(1048, result.getStack().getProcessor(251).getStats().mean, 30);
    }
}
