// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;

/**
 * Reads JSON from strangers, neither nested nor branched without end. Gson's own parser would follow
 * any nesting, at a hundred bytes of memory for each bracket. Of a key that is there twice the last counts, as in Python.
 */
final class JsonText {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUES = 1_000_000;

    private final JsonReader reader;
    private int values;

    private JsonText(JsonReader reader) {
        this.reader = reader;
    }

    /** @throws IOException if it isn't one JSON value, or one that goes too deep or holds too much */
    static JsonElement parse(String text) throws IOException {
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            // or -Infinity, which diffusers writes into its schedulers' files, would not be read; it becomes a text
            reader.setLenient(true);
            JsonElement value = new JsonText(reader).value(0);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("more than one value");
            }
            return value;
        } catch (NumberFormatException e) {
            // what Gson makes of a Unicode escape without four hexadecimal digits
            throw new MalformedJsonException("a broken escape", e);
        }
    }

    private JsonElement value(int depth) throws IOException {
        if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
            throw new MalformedJsonException("more than " + MAX_DEPTH + " levels or " + MAX_VALUES + " values");
        }
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(depth);
            case BEGIN_ARRAY -> array(depth);
            case STRING -> new JsonPrimitive(reader.nextString());
            case NUMBER -> number(reader.nextString());
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            case NULL -> {
                reader.nextNull();
                yield JsonNull.INSTANCE;
            }
            default -> throw new MalformedJsonException("no value");
        };
    }

    private JsonObject object(int depth) throws IOException {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            object.add(reader.nextName(), value(depth + 1));
        }
        reader.endObject();
        return object;
    }

    private JsonArray array(int depth) throws IOException {
        JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(value(depth + 1));
        }
        reader.endArray();
        return array;
    }

    private static JsonPrimitive number(String digits) {
        try {
            return new JsonPrimitive(Long.valueOf(digits));
        } catch (NumberFormatException e) {
            return new JsonPrimitive(Double.valueOf(digits));
        }
    }
}
