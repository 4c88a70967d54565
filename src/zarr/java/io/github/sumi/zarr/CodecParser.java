// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.scalableminds.bloscjava.Blosc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The codecs that metadata name. What isn't known is refused by name. */
final class CodecParser {

    private static final Map<String, Blosc.Compressor> COMPRESSORS = new TreeMap<>();

    static {
        for (Blosc.Compressor compressor : Blosc.Compressor.values()) {
            COMPRESSORS.put(compressor.getValue(), compressor);
        }
    }

    private CodecParser() {
    }

    /** Of .zarray. */
    static ChunkCodec v2(Json array, PixelType type, int axes) throws ZarrException {
        if (array.has("filters") && !array.array("filters").isEmpty()) {
            throw array.fault("filters", "null: filtered arrays can't be read");
        }
        List<ByteCodec> codecs = array.has("compressor") ? List.of(v2Compression(array.child("compressor"), type)) : List.of();
        String order = array.text("order", "C");
        if (!order.equals("C") && !order.equals("F")) {
            throw array.fault("order", "C or F");
        }
        int[] reversed = IntStream.range(0, axes).map(d -> axes - 1 - d).toArray();
        return new ChunkCodec(array.text("dtype", "").startsWith(">"), order.equals("F") ? reversed : null, codecs);
    }

    private static ByteCodec v2Compression(Json json, PixelType type) throws ZarrException {
        String id = json.text("id", "");
        return switch (id) {
            case "zlib" -> new Compressions.Zlib(level(json, "level", 1, 0, 9));
            case "gzip" -> new Compressions.Gzip(level(json, "level", 1, 0, 9));
            case "zstd" -> new Compressions.Zstandard(level(json, "level", 0, -131072, 22), json.flag("checksum"));
            case "blosc" -> {
                int shuffle = json.integer("shuffle", 1);
                // -1 stands for a choice by the size of a value
                shuffle = shuffle == -1 ? type.bytes() == 1 ? 2 : 1 : shuffle;
                if (shuffle < 0 || shuffle > 2) {
                    throw json.fault("shuffle", "from -1 to 2");
                }
                yield blosc(json, Blosc.Shuffle.values()[shuffle], type.bytes());
            }
            default -> throw json.fault("id", "blosc, zlib, gzip or zstd: other compressions can't be read");
        };
    }

    private static ByteCodec blosc(Json json, Blosc.Shuffle shuffle, int typeSize) throws ZarrException {
        Blosc.Compressor compressor = COMPRESSORS.get(json.text("cname", "lz4"));
        if (compressor == null) {
            throw json.fault("cname", "one of " + String.join(", ", COMPRESSORS.keySet()));
        }
        return new Compressions.Blosc1(compressor, level(json, "clevel", 5, 0, 9), shuffle, typeSize, Math.max(0, json.integer("blocksize", 0)));
    }

    private static int level(Json json, String key, int fallback, int low, int high) throws ZarrException {
        int level = json.integer(key, fallback);
        if (level < low || level > high) {
            throw json.fault(key, "from " + low + " to " + high);
        }
        return level;
    }

    /** Of zarr.json: the codecs of an array, or of the chunks of a shard. */
    static ChunkCodec v3(Json owner, String key, PixelType type, int axes) throws ZarrException {
        int[] order = null;
        boolean bigEndian = false;
        boolean bytesSeen = false;
        List<ByteCodec> codecs = new ArrayList<>();
        for (Json codec : owner.objects(key)) {
            String name = codec.text("name", "");
            Json configuration = codec.childOrEmpty("configuration");
            if (name.equals("transpose") && !bytesSeen && order == null) {
                order = permutation(configuration, axes);
            } else if (name.equals("bytes") && !bytesSeen) {
                bytesSeen = true;
                bigEndian = configuration.text("endian", "little").equals("big");
            } else if (bytesSeen) {
                codecs.add(v3Compression(codec, name, configuration, type));
            } else {
                throw codec.fault("name", "transpose, bytes, blosc, gzip, zstd and crc32c, in this order");
            }
        }
        if (!bytesSeen) {
            throw owner.fault(key, "a codec named bytes");
        }
        return new ChunkCodec(bigEndian, order, List.copyOf(codecs));
    }

    private static int[] permutation(Json configuration, int axes) throws ZarrException {
        int[] order = configuration.integers("order", 0);
        if (!Arrays.equals(Arrays.stream(order).sorted().toArray(), IntStream.range(0, axes).toArray())) {
            throw configuration.fault("order", "each of the " + axes + " axes once");
        }
        return order;
    }

    private static ByteCodec v3Compression(Json codec, String name, Json configuration, PixelType type) throws ZarrException {
        return switch (name) {
            case "gzip" -> new Compressions.Gzip(level(configuration, "level", 5, 0, 9));
            case "zstd" -> new Compressions.Zstandard(level(configuration, "level", 0, -131072, 22), configuration.flag("checksum"));
            case "crc32c" -> new Compressions.Checksum();
            case "blosc" -> {
                Blosc.Shuffle shuffle = switch (configuration.text("shuffle", "noshuffle")) {
                    case "noshuffle" -> Blosc.Shuffle.NO_SHUFFLE;
                    case "shuffle" -> Blosc.Shuffle.BYTE_SHUFFLE;
                    case "bitshuffle" -> Blosc.Shuffle.BIT_SHUFFLE;
                    default -> throw configuration.fault("shuffle", "noshuffle, shuffle or bitshuffle");
                };
                yield blosc(configuration, shuffle, type.bytes());
            }
            default -> throw codec.fault("name", "blosc, gzip, zstd or crc32c: other codecs can't be read");
        };
    }

    /** The sharding of zarr.json; null where there is none. */
    static Sharding sharding(Json array, PixelType type, int[] chunks) throws ZarrException {
        List<Json> codecs = array.objects("codecs");
        if (codecs.isEmpty() || !codecs.get(0).text("name", "").equals("sharding_indexed")) {
            return null;
        }
        if (codecs.size() > 1) {
            throw array.fault("codecs", "nothing beside sharding_indexed");
        }
        Json configuration = codecs.get(0).child("configuration");
        int[] inner = configuration.integers("chunk_shape", 1);
        boolean divides = inner.length == chunks.length;
        for (int d = 0; divides && d < inner.length; d++) {
            divides = chunks[d] % inner[d] == 0;
        }
        if (!divides) {
            throw configuration.fault("chunk_shape", "a shape that divides that of the shards, " + Arrays.toString(chunks));
        }
        ChunkCodec index = v3(configuration, "index_codecs", type, chunks.length);
        boolean checksum = index.codecs().equals(List.of(new Compressions.Checksum()));
        if (index.order() != null || !checksum && !index.codecs().isEmpty()) {
            throw configuration.fault("index_codecs", "bytes, with or without crc32c");
        }
        String location = configuration.text("index_location", "end");
        if (!location.equals("start") && !location.equals("end")) {
            throw configuration.fault("index_location", "start or end");
        }
        return new Sharding(inner, v3(configuration, "codecs", type, chunks.length), index.bigEndian(), checksum, location.equals("start"));
    }
}
