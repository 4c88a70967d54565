// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A JSON object of an image, whose every fault is a sentence with file and key. */
record Json(String file, JsonObject object) {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();
    private static final int MAX_BYTES = 64 << 20;

    /** @throws ZarrException if there is no such file, or no object in it */
    static Json read(ZarrStore store, String key, String name) throws IOException {
        String file = name + "/" + key;
        byte[] bytes = store.read(key);
        if (bytes == null) {
            throw new ZarrException(file + " is missing; copy the image again.");
        }
        if (bytes.length > MAX_BYTES) {
            throw new ZarrException(file + " is larger than metadata can be; copy the image again.");
        }
        try {
            JsonElement element = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8));
            if (element.isJsonObject()) {
                return new Json(file, element.getAsJsonObject());
            }
            throw new ZarrException(file + " must hold a JSON object; copy the image again.");
        } catch (JsonParseException | StackOverflowError e) {
            throw new ZarrException(file + " is not valid JSON; copy the image again.", e);
        }
    }

    static byte[] bytes(JsonElement element) {
        return GSON.toJson(element).getBytes(StandardCharsets.UTF_8);
    }

    boolean has(String key) {
        return object.has(key) && !object.get(key).isJsonNull();
    }

    Json child(String key) throws ZarrException {
        if (!has(key) || !object.get(key).isJsonObject()) {
            throw fault(key, "an object");
        }
        return new Json(file, object.getAsJsonObject(key));
    }

    /** The object at key, empty where there is none. */
    Json childOrEmpty(String key) throws ZarrException {
        return has(key) ? child(key) : new Json(file, new JsonObject());
    }

    JsonArray array(String key) throws ZarrException {
        if (!has(key) || !object.get(key).isJsonArray()) {
            throw fault(key, "a list");
        }
        return object.getAsJsonArray(key);
    }

    /** The objects of the list at key. */
    List<Json> objects(String key) throws ZarrException {
        List<Json> objects = new ArrayList<>();
        for (JsonElement element : array(key)) {
            if (!element.isJsonObject()) {
                throw fault(key, "a list of objects");
            }
            objects.add(new Json(file, element.getAsJsonObject()));
        }
        return objects;
    }

    String text(String key, String fallback) throws ZarrException {
        if (!has(key)) {
            return fallback;
        }
        if (!object.get(key).isJsonPrimitive()) {
            throw fault(key, "a text");
        }
        return object.get(key).getAsString();
    }

    /** The whole numbers at key. @param least of each @param most of each, 2^53 at most */
    long[] numbers(String key, long least, long most) throws ZarrException {
        JsonArray array = array(key);
        long[] numbers = new long[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            double value = number(array.get(i));
            if (value != Math.rint(value) || value < least || value > most) {
                throw fault(key, "whole numbers from " + least + " to " + most);
            }
            numbers[i] = (long) value;
        }
        return numbers;
    }

    /** The same, as ints. */
    int[] integers(String key, int least) throws ZarrException {
        return Arrays.stream(numbers(key, least, Integer.MAX_VALUE)).mapToInt(Math::toIntExact).toArray();
    }

    int integer(String key, int fallback) throws ZarrException {
        if (!has(key)) {
            return fallback;
        }
        double value = number(object.get(key));
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw fault(key, "a whole number");
        }
        return (int) value;
    }

    boolean flag(String key) {
        return has(key) && object.get(key).isJsonPrimitive() && object.get(key).getAsBoolean();
    }

    /** Not a number where the element is none. */
    static double number(JsonElement element) {
        try {
            return element.isJsonPrimitive() ? element.getAsDouble() : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    ZarrException fault(String key, String needed) {
        String value = object.has(key) ? GSON.toJson(object.get(key)).replaceAll("\\s+", " ") : "missing";
        return new ZarrException(file + ": \"" + key + "\" is " + (value.length() > 100 ? value.substring(0, 100) + "..." : value) + "; needed is " + needed + ".");
    }
}
