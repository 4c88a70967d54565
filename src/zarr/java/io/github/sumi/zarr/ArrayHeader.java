// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * What the metadata of an array say.
 *
 * @param shape of the array, axes from the slowest to the fastest
 * @param chunks shape of the chunks, or of the shards
 * @param codec of a chunk; null where there are shards
 * @param sharding null where there is none
 * @param fill value of what isn't stored
 * @param json the metadata
 */
record ArrayHeader(long[] shape, int[] chunks, PixelType type, ChunkCodec codec, Sharding sharding, double fill, Json json) {

    static final String V2 = ".zarray";
    static final String V3 = "zarr.json";
    private static final long MAX_EXTENT = Integer.MAX_VALUE;

    /**
     * Reads the metadata of an array.
     *
     * @param path of the array in the store
     * @param name of the store, for messages
     * @throws ZarrException if they are missing, or say what can't be read
     */
    static ArrayHeader read(ZarrStore store, String path, int format, String name) throws IOException {
        return of(Json.read(store, path + "/" + (format == 2 ? V2 : V3), name), format);
    }

    private static ArrayHeader of(Json json, int format) throws ZarrException {
        if (json.integer("zarr_format", 0) != format) {
            throw json.fault("zarr_format", String.valueOf(format));
        }
        long[] shape = json.numbers("shape", 1, MAX_EXTENT);
        PixelType type = PixelType.of(json.file(), json.text(format == 2 ? "dtype" : "data_type", ""));
        Json grid = format == 2 ? json : json.child("chunk_grid");
        if (format == 3 && !grid.text("name", "").equals("regular")) {
            throw grid.fault("name", "regular");
        }
        int[] chunks = format == 2 ? json.integers("chunks", 1) : grid.child("configuration").integers("chunk_shape", 1);
        if (shape.length < 2 || shape.length > 5 || chunks.length != shape.length) {
            throw json.fault("shape", "2 to 5 axes, and chunks of as many");
        }
        if (Arrays.stream(chunks).asDoubleStream().reduce(type.bytes(), (a, b) -> a * b) > Integer.MAX_VALUE) {
            throw json.fault(format == 2 ? "chunks" : "chunk_grid", "chunks and shards of less than 2 GiB; store the image in smaller ones");
        }
        Sharding sharding = format == 2 ? null : CodecParser.sharding(json, type, chunks);
        ChunkCodec codec = format == 2 ? CodecParser.v2(json, type, shape.length)
                : sharding != null ? null : CodecParser.v3(json, "codecs", type, shape.length);
        return new ArrayHeader(shape, chunks, type, codec, sharding, fill(json, type), json);
    }

    private static double fill(Json json, PixelType type) throws ZarrException {
        if (!json.has("fill_value")) {
            return 0;
        }
        JsonElement element = json.object().get("fill_value");
        String text = element.isJsonPrimitive() ? element.getAsString() : "";
        double value = text.equals("Infinity") ? Double.POSITIVE_INFINITY : text.equals("-Infinity") ? Double.NEGATIVE_INFINITY
                : Json.number(element);
        if (Double.isNaN(value) && !text.equals("NaN") || !type.holds(value)) {
            throw json.fault("fill_value", "a number that the type holds");
        }
        return value;
    }

    /** 2 or 3. */
    int format() {
        return json.object().get("zarr_format").getAsInt();
    }

    /** Chunks that are encoded one by one: the inner ones where there are shards. */
    int[] innerChunks() {
        return sharding == null ? chunks : sharding.chunks();
    }

    /** The chunk's file, below the array's path. */
    String key(long[] coordinates) throws ZarrException {
        Json encoding = format() == 2 ? json : json.child("chunk_key_encoding");
        boolean plain = format() == 2 || encoding.text("name", "default").equals("v2");
        String separator = format() == 2 ? json.text("dimension_separator", ".")
                : encoding.childOrEmpty("configuration").text("separator", plain ? "." : "/");
        if (!separator.equals(".") && !separator.equals("/")) {
            throw encoding.fault(format() == 2 ? "dimension_separator" : "configuration", "a separator of . or /");
        }
        StringBuilder key = new StringBuilder(plain ? "" : "c");
        for (int d = 0; d < coordinates.length; d++) {
            key.append(d == 0 && plain ? "" : separator).append(coordinates[d]);
        }
        return key.toString();
    }

    /**
     * The metadata of a result beside this array: chunks and compression are the same; pixels are little-endian and not transposed.
     *
     * @param newShape may be smaller
     * @param axes names, which Zarr 3 keeps with the array
     * @throws ZarrException never, unless this array couldn't be read
     */
    ArrayHeader like(PixelType newType, long[] newShape, List<String> axes) throws ZarrException {
        JsonObject copy = json.object().deepCopy();
        JsonArray extents = new JsonArray();
        Arrays.stream(newShape).forEach(extents::add);
        copy.add("shape", extents);
        if (!newType.holds(fill) || !Double.isFinite(fill)) {
            copy.addProperty("fill_value", 0);
        } else {
            copy.add("fill_value", new JsonPrimitive(newType.isWhole() ? (Number) (long) fill : (Number) fill));
        }
        if (format() == 2) {
            copy.addProperty("dtype", newType.v2());
            copy.addProperty("order", "C");
            copy.add("filters", JsonNull.INSTANCE);
        } else {
            copy.addProperty("data_type", newType.v3());
            copy.add("attributes", new JsonObject());
            JsonArray names = new JsonArray();
            axes.forEach(names::add);
            copy.add("dimension_names", names);
            plain(copy.getAsJsonArray("codecs"), newType);
        }
        return of(new Json(json.file(), copy), format());
    }

    /** Takes transposition out of v3 codecs, and makes them little-endian, those of shards too. */
    private static void plain(JsonArray codecs, PixelType type) {
        for (int i = codecs.size() - 1; i >= 0; i--) {
            JsonObject codec = codecs.get(i).getAsJsonObject();
            JsonObject configuration = codec.has("configuration") ? codec.getAsJsonObject("configuration") : new JsonObject();
            switch (codec.get("name").getAsString()) {
                case "transpose" -> codecs.remove(i);
                case "bytes" -> {
                    configuration.addProperty("endian", "little");
                    codec.add("configuration", configuration);
                }
                case "blosc" -> configuration.addProperty("typesize", type.bytes());
                case "sharding_indexed" -> plain(configuration.getAsJsonArray("codecs"), type);
                default -> {
                    // as it is
                }
            }
        }
    }
}
