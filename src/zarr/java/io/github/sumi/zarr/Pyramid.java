// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The resolutions of a result: those of the input where each has whole pixels of the one before, or else y and x halved until both are
 * small.
 *
 * @param levels the finest first; their arrays have the chunks and the compression of the input's
 * @param factors of each level: pixels of the one before that make one of its own, along each axis
 * @param datasets metadata of the levels
 */
record Pyramid(List<OmeImage.Level> levels, List<int[]> factors, JsonArray datasets) {

    /** Planes of at most so many pixels a side need no smaller ones. */
    private static final int SMALL = 256;

    /** @param type of the result's pixels */
    static Pyramid of(OmeImage image, PixelType type) throws ZarrException {
        JsonArray given = image.ome(image.attributes()).getAsJsonArray("multiscales").get(0).getAsJsonObject().getAsJsonArray("datasets");
        List<OmeImage.Level> levels = new ArrayList<>();
        List<int[]> factors = new ArrayList<>();
        for (OmeImage.Level level : image.levels()) {
            int[] factor = levels.isEmpty() ? null : factors(levels.get(levels.size() - 1).header().shape(), level.header().shape());
            if (!levels.isEmpty() && factor == null) {
                return halves(image, type, given.get(0).getAsJsonObject());
            }
            levels.add(new OmeImage.Level(level.path(), level.header().like(type, level.header().shape(), image.axes())));
            factors.add(factor);
        }
        return levels.size() > 1 ? new Pyramid(levels, factors, given.deepCopy()) : halves(image, type, given.get(0).getAsJsonObject());
    }

    /** Null if the coarse pixels aren't whole numbers of fine ones. */
    private static int[] factors(long[] fine, long[] coarse) {
        int[] factors = new int[fine.length];
        for (int d = 0; d < fine.length; d++) {
            factors[d] = (int) Math.max(1, Math.round((double) fine[d] / coarse[d]));
            if (coarse[d] != fine[d] / factors[d] && coarse[d] != (fine[d] + factors[d] - 1) / factors[d]) {
                return null;
            }
        }
        return factors;
    }

    private static Pyramid halves(OmeImage image, PixelType type, JsonObject finest) throws ZarrException {
        List<OmeImage.Level> levels = new ArrayList<>();
        List<int[]> factors = new ArrayList<>();
        JsonArray datasets = new JsonArray();
        String base = image.finest().path();
        long[] shape = image.finest().header().shape();
        int x = shape.length - 1;
        for (int k = 0; k == 0 || Math.max(shape[x], shape[x - 1]) > SMALL; k++) {
            int[] factor = null;
            if (k > 0) {
                factor = new int[shape.length];
                Arrays.fill(factor, 1);
                factor[x] = factor[x - 1] = 2;
                shape = shape.clone();
                shape[x] = (shape[x] + 1) / 2;
                shape[x - 1] = (shape[x - 1] + 1) / 2;
            }
            String path = k == 0 ? base : base.matches("0") ? String.valueOf(k) : base + "-" + (1 << k);
            levels.add(new OmeImage.Level(path, image.finest().header().like(type, shape, image.axes())));
            factors.add(factor);
            datasets.add(k == 0 ? finest.deepCopy() : dataset(finest, path, 1 << k, x));
        }
        return new Pyramid(levels, factors, datasets);
    }

    /** A pixel of the coarse resolution lies in the middle of those that it is the mean of. */
    private static JsonObject dataset(JsonObject finest, String path, int factor, int x) {
        double[] scale = new double[x + 1];
        Arrays.fill(scale, 1);
        double[] translation = new double[x + 1];
        JsonElement given = finest.get("coordinateTransformations");
        for (JsonElement each : given != null && given.isJsonArray() ? given.getAsJsonArray() : new JsonArray()) {
            fill(scale, each, "scale");
            fill(translation, each, "translation");
        }
        for (int d = x - 1; d <= x; d++) {
            translation[d] += (factor - 1) / 2.0 * scale[d];
            scale[d] *= factor;
        }
        JsonArray transformations = new JsonArray();
        transformations.add(transformation("scale", scale));
        transformations.add(transformation("translation", translation));
        JsonObject dataset = new JsonObject();
        dataset.addProperty("path", path);
        dataset.add("coordinateTransformations", transformations);
        return dataset;
    }

    private static void fill(double[] values, JsonElement transformation, String key) {
        JsonElement given = transformation.isJsonObject() ? transformation.getAsJsonObject().get(key) : null;
        for (int d = 0; given != null && given.isJsonArray() && given.getAsJsonArray().size() == values.length && d < values.length; d++) {
            values[d] = Json.number(given.getAsJsonArray().get(d));
        }
    }

    private static JsonObject transformation(String type, double[] values) {
        JsonArray array = new JsonArray();
        Arrays.stream(values).forEach(array::add);
        JsonObject transformation = new JsonObject();
        transformation.addProperty("type", type);
        transformation.add(type, array);
        return transformation;
    }
}
