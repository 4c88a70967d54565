// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A JSON object of a model folder whose every fault is a {@link ModelException} naming file and key. */
record Json(String file, JsonObject object) {

    static Json parse(String file, byte[] bytes) {
        try {
            JsonElement element = JsonText.parse(new String(bytes, StandardCharsets.UTF_8));
            if (element.isJsonObject()) {
                return new Json(file, element.getAsJsonObject());
            }
            throw new ModelException(file + " must hold a JSON object; get the model again.");
        } catch (IOException e) {
            throw new ModelException(file + " is not valid JSON, or of millions of values; get the model again.", e);
        }
    }

    boolean has(String key) {
        return object.has(key) && !object.get(key).isJsonNull();
    }

    String text(String key, String fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonElement element = object.get(key);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
            throw fault(key, "a text");
        }
        return ModelException.printable(element.getAsString());
    }

    /** The text at key as it is, of any length; empty where there is none. */
    String longText(String key) {
        return text(key, "").isEmpty() ? "" : object.get(key).getAsString();
    }

    /** A whole number in [low, high]. */
    int integer(String key, int fallback, int low, int high) {
        double value = number(key, fallback);
        if (value != Math.rint(value) || value < low || value > high) {
            throw fault(key, "a whole number from " + low + " to " + high);
        }
        return (int) value;
    }

    double number(String key, double fallback) {
        if (!has(key)) {
            return fallback;
        }
        if (isNumber(object.get(key)) && Double.isFinite(object.get(key).getAsDouble())) {
            return object.get(key).getAsDouble();
        }
        throw fault(key, "a finite number");
    }

    static boolean isNumber(JsonElement element) {
        return element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
    }

    /** Length of the array at key, or 0 where there is none. */
    int length(String key) {
        if (!has(key)) {
            return 0;
        }
        if (!object.get(key).isJsonArray()) {
            throw fault(key, "a list");
        }
        return object.get(key).getAsJsonArray().size();
    }

    /** The object at key, empty where there is none. */
    Json child(String key) {
        if (!has(key)) {
            return new Json(file, new JsonObject());
        }
        if (!object.get(key).isJsonObject()) {
            throw fault(key, "a JSON object");
        }
        return new Json(file, object.get(key).getAsJsonObject());
    }

    ModelException fault(String key, String needed) {
        return new ModelException(file + ": \"" + key + "\" is " + shown(object.get(key)) + "; needed is " + needed + ".");
    }

    /** A value as a message can show it. */
    private static String shown(JsonElement element) {
        if (element == null || element.isJsonNull()) {
            return "missing";
        }
        if (!element.isJsonPrimitive()) {
            return element.isJsonArray() ? "a list of " + element.getAsJsonArray().size() : "an object";
        }
        String text = element.toString();
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
