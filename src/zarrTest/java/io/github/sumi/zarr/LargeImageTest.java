// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of 20 GB, most of whose chunks aren't stored, in a JVM of 512 MB. */
class LargeImageTest {

    @TempDir
    Path folder;

    private String denoise(Path in, Path out, String... more) throws Exception {
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-cp",
                System.getProperty("java.class.path"), "io.github.sumi.cli.Sumi", "denoise", in.toString(), out.toString(), "--model",
                TinyModel.folder(folder, "sees-tile").toString()));
        command.addAll(java.util.List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    /** Stores one chunk of nuclei. */
    private static void put(ZarrArray array, long... coordinates) throws IOException {
        Box box = array.grid().box(coordinates);
        Block block = Block.allocate(array.header().type(), box);
        int width = box.shape()[box.shape().length - 1];
        for (int i = 0; i < box.size(); i++) {
            block.type().put(block.buffer(), i, OmeZarrs.nuclei(new long[] {coordinates[0], i / width % 1024, i % width}));
        }
        array.write(block);
    }

    @Test
    void manyPlanes() throws Exception {
        OmeZarrs layout = OmeZarrs.v05("tczyx", new long[] {5, 2, 250, 2048, 2048}, 1, 1, 1, 1024, 1024);
        Path in = folder.resolve("in.zarr");
        layout.writeMetadata(in, 1);
        ZarrArray array = OmeZarrs.open(in, "0", folder.resolve("temporary"));
        put(array, 0, 0, 0, 0, 0);
        put(array, 4, 1, 249, 1, 1);
        Path out = folder.resolve("out.zarr");
        String said = denoise(in, out);
        assertTrue(said.contains("2 planes on cpu") && said.contains("2498 constant planes left as they are"), said);
        // the others of the two planes hold what the network makes of the background
        assertTrue(OmeZarrs.files(out).stream().filter(file -> file.startsWith("0/c/")).allMatch(file -> file.startsWith("0/c/0/0/0/") || file.startsWith("0/c/4/1/249/")));
        ZarrArray result = OmeZarrs.open(out, "0", null);
        Block noisy = array.read(new Box(new long[] {4, 1, 249, 1100, 1100}, new int[] {1, 1, 1, 600, 600}));
        Block clean = result.read(noisy.box());
        int changed = 0;
        for (int i = 0; i < clean.box().size(); i++) {
            changed += clean.type().get(clean.buffer(), i) == noisy.type().get(noisy.buffer(), i) ? 0 : 1;
        }
        assertTrue(changed > 150000, "changed " + changed);
    }

    /** Of a slide's size: 100,000 x 100,000 pixels. */
    @Test
    @Tag("long")
    void onePlane() throws Exception {
        OmeZarrs layout = OmeZarrs.v04("yx", new long[] {100_000, 100_000}, 1024, 1024);
        Path in = folder.resolve("in.zarr");
        layout.writeMetadata(in, 1);
        ZarrArray array = OmeZarrs.open(in, "0", folder.resolve("temporary"));
        put(array, 40, 50);
        put(array, 97, 97);
        Path out = folder.resolve("out.zarr");
        denoise(in, out, "--noise", "camera", "--gain", "2", "--offset", "100", "--readnoise", "5");
        assertEquals(0, at(out, 5000, 5000));
        assertEquals(0, at(out, 99_999, 60_000));
        assertTrue(at(out, 40 * 1024 + 20, 50 * 1024 + 23) > 0 && at(out, 99_999, 99_999) > 0);
        long chunks = OmeZarrs.files(out).stream().filter(file -> file.matches("0/\\d+/\\d+")).count();
        assertTrue(chunks >= 2 && chunks <= 18, "chunks of the margin aren't stored: " + chunks);
        assertEquals(10, OmeZarrs.files(out).stream().filter(file -> file.endsWith("/.zarray")).count());
    }

    private static double at(Path image, long y, long x) throws IOException {
        Block block = OmeZarrs.open(image, "0", null).read(new Box(new long[] {y, x}, new int[] {1, 1}));
        return block.type().get(block.buffer(), 0);
    }
}
