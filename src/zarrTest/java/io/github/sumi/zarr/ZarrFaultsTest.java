// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZarrFaultsTest {

    @TempDir
    Path folder;
    private Path v2;
    private Path v3;

    @BeforeEach
    void write() throws IOException {
        v2 = OmeZarrs.v04("cyx", new long[] {1, 40, 40}, 1, 20, 40).write(folder.resolve("v2"), 1, OmeZarrs::nuclei);
        v3 = OmeZarrs.v05("cyx", new long[] {1, 40, 40}, 1, 40, 40).sharded(1, 20, 40).write(folder.resolve("v3"), 1, OmeZarrs::nuclei);
    }

    private static OmeImage open(Path folder) throws IOException {
        return OmeImage.open(new FileStore(folder, null), "in.zarr");
    }

    private static String fault(Path folder) {
        String said = assertThrows(ZarrException.class, () -> {
            OmeImage image = open(folder);
            new ZarrArray(image.store(), image.finest().path(), "in.zarr", image.finest().header()).read(new Box(new long[3], new int[] {1, 40, 40}));
        }).getMessage();
        assertTrue(said.endsWith(".") && !said.contains("Exception"), said);
        return said;
    }

    private static void change(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "v2/.zattrs     | `\"multiscales\"`      | `\"pictures\"`         | its metadata name no multiscales",
        "v2/.zattrs     | `\"multiscales\"`      | `\"plate\"`            | it is a plate or a well",
        "v2/.zattrs     | `\"0.4\"`              | `\"0.3\"`              | needed is 0.4, for Zarr 2",
        "v3/zarr.json   | `\"0.5\"`              | `\"0.6\"`              | needed is 0.5, for Zarr 3",
        "v2/.zattrs     | `\"name\":\"x\"`       | `\"name\":\"z\"`       | the last of them y and x",
        "v2/.zattrs     | `\"path\":\"0\"`       | `\"path\":\"../v3/0\"` | a path inside of the image",
        "v2/.zattrs     | `\"path\":\"0\"`       | `\"path\":\"7\"`       | in.zarr/7/.zarray is missing",
        "v2/0/.zarray   | `<u2`                  | `<c8`                  | pixels of the type \"<c8\" can't be denoised",
        "v2/0/.zarray   | `\"blosc\"`            | `\"lzma\"`             | blosc, zlib, gzip or zstd",
        "v2/0/.zarray   | `\"lz4\"`              | `\"snappy\"`           | one of blosclz, lz4, lz4hc, zlib, zstd",
        "v2/0/.zarray   | `\"filters\":null`     | `\"filters\":[{}]`     | filtered arrays can't be read",
        "v2/0/.zarray   | `[1,20,40]`            | `[1,20]`               | chunks of as many",
        "v2/0/.zarray   | `[1,20,40]`            | `[1,200000,400000]`    | less than 2 GiB",
        "v2/0/.zarray   | `\"fill_value\":0`     | `\"fill_value\":-3`    | a number that the type holds",
        "v2/0/.zarray   | `\"zarr_format\":2`    | `\"zarr_format\":3`    | needed is 2",
        "v2/0/.zarray   | `{`                    | `[`                    | is not valid JSON",
        "v3/0/zarr.json | `\"name\":\"zstd\"`    | `\"name\":\"ink\"`     | blosc, gzip, zstd or crc32c",
        "v3/0/zarr.json | `[1,20,40]`            | `[1,30,40]`            | a shape that divides that of the shards",
        "v3/0/zarr.json | `\"end\"`              | `\"middle\"`           | start or end",
        "v3/0/zarr.json | `\"regular\"`          | `\"rectilinear\"`      | needed is regular",
        "v3/0/zarr.json | `\"crc32c\"`           | `\"gzip\"`             | bytes, with or without crc32c"})
    void whatCannotBeReadIsSaidInASentence(String file, String from, String to, String expected) throws IOException {
        change(folder.resolve(file), from, to);
        String said = fault(folder.resolve(file.substring(0, 2)));
        assertTrue(said.contains(expected), said);
    }

    @Test
    void damagedChunksAreNotTakenForPixels() throws IOException {
        Path chunk = v2.resolve("0/0/1/0");
        byte[] bytes = Files.readAllBytes(chunk);
        Files.write(chunk, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertEquals("The chunk 0/0/1/0 of in.zarr is damaged (it has " + bytes.length / 2 + " bytes, not the " + bytes.length + " that it says); copy the image again.", fault(v2));
        bytes[5] = 127;
        Files.write(chunk, bytes);
        assertTrue(fault(v2).contains("it holds more than the 1600 bytes of a chunk"), fault(v2));
        Files.write(chunk, new byte[3]);
        assertTrue(fault(v2).contains("it is too short"));
        Path shard = v3.resolve("0/c/0/0/0");
        byte[] whole = Files.readAllBytes(shard);
        byte[] changed = whole.clone();
        changed[whole.length - 9] ^= 1;
        Files.write(shard, changed);
        assertTrue(fault(v3).contains("its checksum is wrong"));
        changed = whole.clone();
        changed[9] ^= 0x55;
        changed[3] ^= 0x55;
        Files.write(shard, changed);
        assertTrue(fault(v3).contains("is damaged"));
        Files.write(shard, java.util.Arrays.copyOf(whole, 10));
        assertTrue(fault(v3).contains("is shorter than its index says"));
    }

    @Test
    void chunksThatCannotBeReadAreNotTakenForMissingOnes() throws IOException {
        Path chunk = v2.resolve("0/0/1/0");
        Files.delete(chunk);
        OmeImage image = open(v2);
        Block block = new ZarrArray(image.store(), "0", "in.zarr", image.finest().header()).read(new Box(new long[] {0, 19, 0}, new int[] {1, 2, 1}));
        assertTrue(block.type().get(block.buffer(), 0) > 0);
        assertEquals(0, block.type().get(block.buffer(), 1));
        Files.createDirectories(chunk);
        assertTrue(fault(v2).contains("0/0/1/0 can't be read"), fault(v2));
    }

    @Test
    void foldersThatAreNoImage() throws IOException {
        Files.createDirectories(folder.resolve("empty"));
        assertTrue(fault(folder.resolve("empty")).startsWith("in.zarr is no OME-Zarr image: neither zarr.json nor .zattrs is in it."));
        assertTrue(fault(v3.resolve("0")).contains("its metadata name no multiscales"));
    }

    /** Whatever is in the files ends in an image or a sentence. */
    @Test
    void spoiltFilesEndInASentence() throws IOException {
        Random random = new Random(3);
        for (Path file : new Path[] {v2.resolve(".zattrs"), v2.resolve("0/.zarray"), v2.resolve("0/0/1/0"), v3.resolve("zarr.json"), v3.resolve("0/zarr.json"), v3.resolve("0/c/0/0/0")}) {
            byte[] sound = Files.readAllBytes(file);
            boolean text = file.toString().contains("json") || file.getFileName().toString().startsWith(".z");
            for (int i = 0; i < 300; i++) {
                Files.write(file, text ? spoilt(new String(sound, StandardCharsets.UTF_8), random).getBytes(StandardCharsets.UTF_8) : spoilt(sound, random));
                try {
                    OmeImage image = open(file.startsWith(v2) ? v2 : v3);
                    Pyramid.of(image, PixelType.FLOAT32);
                    long[] shape = image.finest().header().shape();
                    int[] some = new int[shape.length];
                    java.util.Arrays.setAll(some, d -> (int) Math.min(shape[d], 40));
                    new ZarrArray(image.store(), image.finest().path(), "in.zarr", image.finest().header()).read(new Box(new long[shape.length], some));
                } catch (ZarrException e) {
                    assertTrue(e.getMessage().endsWith("."), e.getMessage());
                }
            }
            Files.write(file, sound);
        }
    }

    private static String spoilt(String text, Random random) {
        String[] values = {"null", "-1", "1e300", "[]", "{}", "\"\"", "0.5", "[[]]", "true", "99999999999"};
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(6));
        return switch (random.nextInt(3)) {
            case 0 -> text.substring(0, at) + text.substring(end);
            case 1 -> text.replaceFirst("(:)(\\[?)([0-9.]+|\"[^\"]*\"|null)(?=.{0," + random.nextInt(900) + "}$)", "$1$2" + values[random.nextInt(values.length)]);
            default -> text.substring(0, at) + values[random.nextInt(values.length)] + text.substring(end);
        };
    }

    private static byte[] spoilt(byte[] bytes, Random random) {
        byte[] spoilt = bytes.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0 ? java.util.Arrays.copyOf(spoilt, random.nextInt(spoilt.length)) : spoilt;
    }
}
