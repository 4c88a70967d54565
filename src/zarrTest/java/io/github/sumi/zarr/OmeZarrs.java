// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * OME-Zarr images for tests: nuclei on a dark ground, seen by a camera.
 *
 * @param format 2 (0.4) or 3 (0.5)
 * @param axes such as tczyx
 * @param codecs JSON: of v2 the compressor, of v3 the codecs
 */
public record OmeZarrs(int format, String axes, long[] shape, int[] chunks, PixelType type, String codecs) {

    static final String BYTES = "{\"name\":\"bytes\",\"configuration\":{\"endian\":\"little\"}}";
    static final String ZSTD = "[" + BYTES + ",{\"name\":\"zstd\",\"configuration\":{\"level\":1,\"checksum\":false}}]";

    /** Of version 0.4, Blosc. */
    static OmeZarrs v04(String axes, long[] shape, int... chunks) {
        return new OmeZarrs(2, axes, shape, chunks, PixelType.UINT16, "{\"id\":\"blosc\",\"cname\":\"lz4\",\"clevel\":5,\"shuffle\":1,\"blocksize\":0}");
    }

    /** Of version 0.5, Zstandard. */
    public static OmeZarrs v05(String axes, long[] shape, int... chunks) {
        return new OmeZarrs(3, axes, shape, chunks, PixelType.UINT16, ZSTD);
    }

    public OmeZarrs sharded(int... inner) {
        return new OmeZarrs(format, axes, shape, chunks, type, "[{\"name\":\"sharding_indexed\",\"configuration\":{\"chunk_shape\":" + Arrays.toString(inner)
                + ",\"codecs\":" + codecs + ",\"index_codecs\":[" + BYTES + ",{\"name\":\"crc32c\"}],\"index_location\":\"end\"}}]");
    }

    OmeZarrs of(PixelType newType) {
        return new OmeZarrs(format, axes, shape, chunks, newType, codecs);
    }

    /** What a pixel is. */
    @FunctionalInterface
    public interface Pixels {
        double at(long[] position);
    }

    /** Nuclei with photon noise, the same for the same position whatever the chunks are; 100 to about 700, brighter in later planes. */
    public static double nuclei(long[] position) {
        int n = position.length;
        long key = 17;
        double bright = 1;
        for (int d = 0; d < n; d++) {
            key = key * 1_000_003 + position[d];
            bright += d < n - 2 ? 0.1 * position[d] : 0;
        }
        double distance = Math.hypot(position[n - 1] % 47 - 23, position[n - 2] % 41 - 20);
        double clean = 40 + 500 * bright / (1 + Math.exp((distance - 12) / 1.5));
        Random random = new Random(key * 0x9E3779B97F4A7C15L);
        random.nextLong();
        return Math.max(0, 100 + clean + Math.sqrt(2 * clean + 30) * random.nextGaussian());
    }

    JsonObject header(long[] of) {
        String text = format == 2
                ? "{\"zarr_format\":2,\"shape\":%s,\"chunks\":%s,\"dtype\":\"%s\",\"fill_value\":0,\"order\":\"C\",\"filters\":null,\"dimension_separator\":\"/\",\"compressor\":%s}"
                : "{\"zarr_format\":3,\"node_type\":\"array\",\"shape\":%s,\"chunk_grid\":{\"name\":\"regular\",\"configuration\":{\"chunk_shape\":%s}},\"data_type\":\"%s\","
                        + "\"fill_value\":0,\"chunk_key_encoding\":{\"name\":\"default\",\"configuration\":{\"separator\":\"/\"}},\"attributes\":{},\"codecs\":%s}";
        return JsonParser.parseString(String.format(text, Arrays.toString(of), Arrays.toString(chunks), format == 2 ? type.v2() : type.v3(), codecs)).getAsJsonObject();
    }

    String attributes(int levels) {
        String axesJson = axes.chars().mapToObj(c -> String.format("{\"name\":\"%c\",\"type\":\"%s\"}", c, c == 't' ? "time" : c == 'c' ? "channel" : "space"))
                .collect(Collectors.joining(","));
        String datasets = LongStream.range(0, levels).mapToObj(level -> {
            String scale = axes.chars().mapToObj(c -> "xy".indexOf(c) < 0 ? "1.5" : String.valueOf(0.25 * (1 << level))).collect(Collectors.joining(","));
            return "{\"path\":\"" + level + "\",\"coordinateTransformations\":[{\"type\":\"scale\",\"scale\":[" + scale + "]}]}";
        }).collect(Collectors.joining(","));
        String multiscales = "\"multiscales\":[{" + (format == 2 ? "\"version\":\"0.4\"," : "") + "\"name\":\"cells\",\"axes\":[" + axesJson + "],\"datasets\":[" + datasets + "]}]";
        String omero = "\"omero\":{\"channels\":[{\"label\":\"DAPI\",\"color\":\"0000FF\"}]}";
        return format == 2 ? "{" + multiscales + "," + omero + ",\"mine\":7}" : "{\"ome\":{\"version\":\"0.5\"," + multiscales + "," + omero + "},\"mine\":7}";
    }

    /** Writes it, with only the chunks that hold anything but zeros. @param levels 1, or more, of which only the first has pixels */
    public Path write(Path folder, int levels, Pixels pixels) throws IOException {
        writeMetadata(folder, levels);
        ZarrArray array = open(folder, "0", folder.resolveSibling("temporary"));
        for (int i = 0; i < array.grid().count(); i++) {
            Box box = array.grid().box(i);
            Block block = Block.allocate(type, box);
            int[] ones = new int[shape.length];
            Arrays.fill(ones, 1);
            Grid each = new Grid(Arrays.stream(box.shape()).asLongStream().toArray(), ones);
            for (int k = 0; k < box.size(); k++) {
                long[] position = each.coordinates(k);
                for (int d = 0; d < position.length; d++) {
                    position[d] += box.offset()[d];
                }
                type.put(block.buffer(), k, pixels.at(position));
            }
            array.write(block);
        }
        return folder;
    }

    void writeMetadata(Path folder, int levels) throws IOException {
        Files.createDirectories(folder);
        if (format == 2) {
            Files.writeString(folder.resolve(".zgroup"), "{\"zarr_format\":2}");
            Files.writeString(folder.resolve(".zattrs"), attributes(levels));
        } else {
            Files.writeString(folder.resolve("zarr.json"), "{\"zarr_format\":3,\"node_type\":\"group\",\"attributes\":" + attributes(levels) + "}");
        }
        long[] of = shape.clone();
        for (int level = 0; level < levels; level++) {
            Files.createDirectories(folder.resolve(String.valueOf(level)));
            Files.writeString(folder.resolve(level + (format == 2 ? "/.zarray" : "/zarr.json")), header(of).toString());
            of[of.length - 1] = (of[of.length - 1] + 1) / 2;
            of[of.length - 2] = (of[of.length - 2] + 1) / 2;
        }
    }

    static ZarrArray open(Path folder, String path, Path temporary) throws IOException {
        FileStore store = new FileStore(folder, temporary);
        return new ZarrArray(store, path, folder.toString(), ArrayHeader.read(store, path, Files.exists(folder.resolve("zarr.json")) ? 3 : 2, folder.toString()));
    }

    /** All pixels of a resolution. */
    static double[] pixels(Path folder, String path) throws IOException {
        ZarrArray array = open(folder, path, null);
        long[] shape = array.header().shape();
        Block block = array.read(new Box(new long[shape.length], Arrays.stream(shape).mapToInt(Math::toIntExact).toArray()));
        double[] values = new double[block.box().size()];
        Arrays.setAll(values, i -> block.type().get(block.buffer(), i));
        return values;
    }

    /** Files below a folder, as paths. */
    public static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()).sorted().toList();
        }
    }
}
