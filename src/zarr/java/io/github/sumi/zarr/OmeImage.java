// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An OME-Zarr image of version 0.4 (Zarr 2) or 0.5 (Zarr 3).
 *
 * @param store its folder
 * @param name of the folder, for messages
 * @param format 2 or 3
 * @param attributes of its group
 * @param axes names, from the slowest to the fastest; the last two are y and x
 * @param channelAxis -1 if there is none
 * @param levels resolutions, the finest first
 */
record OmeImage(ZarrStore store, String name, int format, JsonObject attributes, List<String> axes, int channelAxis, List<Level> levels) {

    /** One resolution. @param path of its array in the store */
    record Level(String path, ArrayHeader header) {
    }

    static final String GROUP_V2 = ".zgroup";
    static final String ATTRIBUTES_V2 = ".zattrs";
    static final String GROUP_V3 = "zarr.json";

    /** @throws ZarrException if it isn't such an image, or one that can't be read */
    static OmeImage open(ZarrStore store, String name) throws IOException {
        boolean v3 = store.exists(GROUP_V3);
        if (!v3 && !store.exists(ATTRIBUTES_V2)) {
            throw new ZarrException(name + " is no OME-Zarr image: neither " + GROUP_V3 + " nor " + ATTRIBUTES_V2 + " is in it."
                    + " If it holds several images, give the folder of one, such as " + name + "/0.");
        }
        Json group = Json.read(store, v3 ? GROUP_V3 : ATTRIBUTES_V2, name);
        Json attributes = v3 ? group.childOrEmpty("attributes") : group;
        Json ome = v3 ? attributes.childOrEmpty("ome") : group;
        if (!ome.has("multiscales")) {
            String why = ome.has("plate") || ome.has("well") ? "it is a plate or a well" : ome.has("bioformats2raw.layout") ? "it holds several"
                    : "its metadata name no multiscales";
            throw new ZarrException(name + " is no OME-Zarr image: " + why + ". Give the folder of one image, such as " + name + "/0.");
        }
        List<Json> multiscales = ome.objects("multiscales");
        if (multiscales.isEmpty()) {
            throw ome.fault("multiscales", "an image");
        }
        Json image = multiscales.get(0);
        String version = v3 ? ome.text("version", "") : image.text("version", "");
        if (!version.equals(v3 ? "0.5" : "0.4")) {
            throw (v3 ? ome : image).fault("version", (v3 ? "0.5" : "0.4") + ", for Zarr " + (v3 ? 3 : 2)
                    + "; convert the image with a newer program");
        }
        List<String> axes = new ArrayList<>();
        int channelAxis = -1;
        for (Json axis : image.objects("axes")) {
            if (axis.text("type", "").equals("channel")) {
                channelAxis = axes.size();
            }
            axes.add(axis.text("name", ""));
        }
        int count = axes.size();
        if (count < 2 || count > 5 || !axes.get(count - 1).equals("x") || !axes.get(count - 2).equals("y")) {
            throw image.fault("axes", "2 to 5 axes, the last of them y and x");
        }
        List<Level> levels = new ArrayList<>();
        for (Json dataset : image.objects("datasets")) {
            String path = dataset.text("path", "");
            if (!path.matches("[^/\\\\]+(/[^/\\\\]+)*") || List.of(path.split("/")).stream().anyMatch(part -> part.matches("\\.+"))) {
                throw dataset.fault("path", "a path inside of the image");
            }
            ArrayHeader header = ArrayHeader.read(store, path, v3 ? 3 : 2, name);
            if (header.shape().length != count) {
                throw header.json().fault("shape", "as many extents as there are axes, " + count);
            }
            levels.add(new Level(path, header));
        }
        if (levels.isEmpty()) {
            throw image.fault("datasets", "one resolution or more");
        }
        return new OmeImage(store, name, v3 ? 3 : 2, attributes.object(), List.copyOf(axes), channelAxis, List.copyOf(levels));
    }

    /** The finest resolution. */
    Level finest() {
        return levels.get(0);
    }

    /** Number of channels. */
    long channels() {
        return channelAxis < 0 ? 1 : finest().header().shape()[channelAxis];
    }

    /** The part of some attributes of such a group that is of OME. */
    JsonObject ome(JsonObject ofGroup) {
        return format == 2 ? ofGroup : ofGroup.getAsJsonObject("ome");
    }

    /** The attributes of a result: those of this image, with its own resolutions and what was done. @param datasets of the result */
    JsonObject attributesOf(JsonArray datasets, JsonElement done) {
        JsonObject copy = attributes.deepCopy();
        JsonObject multiscale = ome(copy).getAsJsonArray("multiscales").get(0).getAsJsonObject();
        multiscale.add("datasets", datasets);
        JsonArray one = new JsonArray();
        one.add(multiscale);
        ome(copy).add("multiscales", one);
        copy.add("sumi", done);
        return copy;
    }

    /** Makes a folder an image: until then no program takes it for one. */
    void writeGroup(ZarrStore target, JsonObject ofGroup) throws IOException {
        JsonObject group = new JsonObject();
        group.addProperty("zarr_format", format);
        if (format == 2) {
            target.write(GROUP_V2, Json.bytes(group));
            target.write(ATTRIBUTES_V2, Json.bytes(ofGroup));
        } else {
            group.addProperty("node_type", "group");
            group.add("attributes", ofGroup);
            target.write(GROUP_V3, Json.bytes(group));
        }
    }
}
