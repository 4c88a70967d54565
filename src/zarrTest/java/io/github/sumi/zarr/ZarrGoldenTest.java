// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays that zarr-python wrote: src/zarrTest/python/zarr_golden.py. */
class ZarrGoldenTest {

    @TempDir
    static Path folder;

    private static final long[] SHAPE = {2, 3, 20, 30};

    @BeforeAll
    static void unpack() throws IOException {
        try (ZipFile zip = new ZipFile("src/zarrTest/resources/golden/arrays.zip")) {
            for (ZipEntry entry : zip.stream().toList()) {
                Path file = folder.resolve("in").resolve(entry.getName());
                Files.createDirectories(file.getParent());
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, file);
                }
            }
        }
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> arrays = Files.list(folder.resolve("in"))) {
            return arrays.map(array -> array.getFileName().toString()).sorted().toList();
        }
    }

    private static ZarrArray open(String name) throws IOException {
        FileStore store = new FileStore(folder.resolve("in"), null);
        return new ZarrArray(store, name, "in", ArrayHeader.read(store, name, name.startsWith("v2") ? 2 : 3, "in"));
    }

    /** As the script stores them. */
    private static double expected(long[] position, PixelType type, double fill) {
        if (position[2] >= 16 && position[3] >= 20) {
            return fill;
        }
        long index = 0;
        for (int d = 0; d < SHAPE.length; d++) {
            index = index * SHAPE[d] + position[d];
        }
        double value = index * 7 % 251;
        return type == PixelType.INT8 ? (byte) value : value;
    }

    private static void check(String name, ZarrArray array, Box box) throws IOException {
        Block block = array.read(box);
        int[] ones = new int[SHAPE.length];
        Arrays.fill(ones, 1);
        Grid each = new Grid(Arrays.stream(box.shape()).asLongStream().toArray(), ones);
        for (int i = 0; i < box.size(); i++) {
            long[] position = each.coordinates(i);
            for (int d = 0; d < position.length; d++) {
                position[d] += box.offset()[d];
            }
            assertEquals(expected(position, block.type(), array.header().fill()), block.type().get(block.buffer(), i), name + " at " + Arrays.toString(position));
        }
    }

    private static Box some(Random random) {
        long[] offset = new long[SHAPE.length];
        int[] extents = new int[SHAPE.length];
        for (int d = 0; d < SHAPE.length; d++) {
            offset[d] = random.nextInt((int) SHAPE[d]);
            extents[d] = 1 + random.nextInt((int) (SHAPE[d] - offset[d]));
        }
        return new Box(offset, extents);
    }

    @Test
    void allAreReadWholeAndByParts() throws IOException {
        assertTrue(names().size() > 45, names().toString());
        Random random = new Random(1);
        for (String name : names()) {
            ZarrArray array = open(name);
            check(name, array, new Box(new long[4], new int[] {2, 3, 20, 30}));
            for (int i = 0; i < 8; i++) {
                check(name, array, some(random));
            }
        }
    }

    @Test
    void whatIsWrittenLikeThemIsReadBack() throws IOException {
        FileStore out = new FileStore(folder.resolve("out"), folder.resolve("temporary"));
        for (String name : names()) {
            ZarrArray from = open(name);
            ArrayHeader header = from.header().like(from.header().type(), SHAPE, List.of("c", "z", "y", "x"));
            out.write(name + "/" + (header.format() == 2 ? ArrayHeader.V2 : ArrayHeader.V3), Json.bytes(header.json().object()));
            ZarrArray to = new ZarrArray(out, name, "out", ArrayHeader.read(out, name, header.format(), "out"));
            for (int i = 0; i < to.grid().count(); i++) {
                to.write(from.read(to.grid().box(i)));
            }
            // NaN isn't kept for a fill value
            if (!Double.isNaN(from.header().fill())) {
                check(name, to, new Box(new long[4], new int[] {2, 3, 20, 30}));
                boolean shards = header.sharding() != null;
                assertEquals(shards, out.exists(name + "/" + header.key(new long[] {0, 0, shards ? 0 : 1, shards ? 0 : 1})), name + ": a chunk of the fill value");
            }
        }
    }
}
