// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The fields of scheduler_config.json, typed. What is not known is refused by name, never skipped. */
final class ConfigFields {

    private static final Set<String> IGNORED = Set.of("_class_name", "_diffusers_version");

    /** Fields of one class or another: diffusers writes them into a file of each class that a model was ever converted to. */
    private static final Set<String> OF_SOME_CLASS = Set.of("algorithm_type", "beta_end", "beta_schedule", "beta_start", "clip_sample",
            "clip_sample_range", "disable_corrector", "dynamic_thresholding_ratio", "euler_at_final", "final_sigmas_type",
            "interpolation_type", "lambda_min_clipped", "lower_order_final", "original_inference_steps", "predict_x0",
            "rescale_betas_zero_snr", "rho", "sample_max_value", "set_alpha_to_one", "shift_terminal", "sigma_data", "sigma_max",
            "sigma_min", "sigma_schedule", "skip_prk_steps", "solver_order", "solver_p", "solver_type", "steps_offset", "thresholding",
            "time_shift_type", "timestep_scaling", "timestep_spacing", "timestep_type", "trained_betas", "use_beta_sigmas",
            "use_exponential_sigmas", "use_karras_sigmas", "use_lu_lambdas", "variance_type");

    private final JsonObject json;
    private final Set<String> unread;

    private ConfigFields(JsonObject json) {
        this.json = json;
        unread = new TreeSet<>(json.keySet());
        unread.removeAll(IGNORED);
        unread.removeIf(key -> key.startsWith("flow_"));
    }

    static ConfigFields parse(String text) {
        try {
            JsonElement element = JsonParser.parseString(text);
            if (!element.isJsonObject()) {
                throw new IllegalArgumentException("The scheduler's configuration must be a JSON object.");
            }
            return new ConfigFields(element.getAsJsonObject());
        } catch (JsonParseException | StackOverflowError e) {
            throw new IllegalArgumentException("The scheduler's configuration is not valid JSON.", e);
        }
    }

    /** A copy with one field set. */
    ConfigFields with(String key, JsonElement value) {
        JsonObject copy = new JsonObject();
        json.entrySet().forEach(entry -> copy.add(entry.getKey(), entry.getValue()));
        copy.add(key, value);
        return new ConfigFields(copy);
    }

    ConfigFields with(String key, Number value) {
        return with(key, new JsonPrimitive(value));
    }

    ConfigFields with(String key, boolean value) {
        return with(key, new JsonPrimitive(value));
    }

    ConfigFields with(String key, Enum<?> value) {
        return with(key, new JsonPrimitive(name(value)));
    }

    /** @throws IllegalArgumentException if there is a field that no class of schedulers has */
    void refuseUnknown() {
        unread.removeAll(OF_SOME_CLASS);
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("The scheduler's configuration has the unknown field \"" + unread.iterator().next()
                    + "\". Remove it if it has no effect, or get a newer Sumi.");
        }
    }

    boolean has(String key) {
        unread.remove(key);
        return json.has(key) && !json.get(key).isJsonNull();
    }

    /** The numbers of a list; null where there is none. */
    double[] numbers(String key) {
        if (!has(key)) {
            return null;
        }
        if (!json.get(key).isJsonArray()) {
            throw fault(key, "a list of numbers");
        }
        JsonArray array = json.getAsJsonArray(key);
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!isNumber(array.get(i))) {
                throw fault(key, "a list of numbers");
            }
            numbers[i] = array.get(i).getAsDouble();
        }
        return numbers;
    }

    private static boolean isNumber(JsonElement element) {
        return element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
    }

    boolean flag(String key, boolean fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonElement element = json.get(key);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isBoolean()) {
            throw fault(key, "true or false");
        }
        return element.getAsBoolean();
    }

    double number(String key, double fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonElement element = json.get(key);
        if (!isNumber(element) || !Double.isFinite(element.getAsDouble())) {
            throw fault(key, "a finite number");
        }
        return element.getAsDouble();
    }

    /** A number that may be -Infinity, as Python writes it. */
    double numberOrMinusInfinity(String key) {
        boolean infinite = has(key) && json.get(key).isJsonPrimitive() && json.get(key).getAsString().equals("-Infinity");
        return infinite ? Double.NEGATIVE_INFINITY : number(key, Double.NEGATIVE_INFINITY);
    }

    int integer(String key, int fallback) {
        double value = number(key, fallback);
        if (value != (int) value) {
            throw fault(key, "a whole number");
        }
        return (int) value;
    }

    String text(String key, String fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonElement element = json.get(key);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
            throw fault(key, "a text");
        }
        return element.getAsString();
    }

    <E extends Enum<E>> E choice(String key, E fallback, E[] values) {
        String text = text(key, name(fallback));
        for (E value : values) {
            if (name(value).equals(text)) {
                return value;
            }
        }
        throw fault(key, "one of " + Arrays.toString(Arrays.stream(values).map(ConfigFields::name).toArray()));
    }

    /** Whether the field has one of these values; a value of another type is none of them. */
    boolean isOneOf(String key, Enum<?>... values) {
        return has(key) && Arrays.stream(values).anyMatch(value -> json.get(key).equals(new JsonPrimitive(name(value))));
    }

    private static String name(Enum<?> value) {
        // an enum may say how diffusers writes it; otherwise that is its name
        return value.toString().equals(value.name()) ? value.name().toLowerCase(Locale.ROOT) : value.toString();
    }

    IllegalArgumentException fault(String key, String needed) {
        // a list or object could be nested without end
        String value = json.get(key).isJsonPrimitive() ? json.get(key).toString() : "a list or object";
        return new IllegalArgumentException("\"" + key + "\" is " + (value.length() > 60 ? value.substring(0, 60) + "..." : value)
                + "; it must be " + needed + ".");
    }

    static void check(boolean good, String name, Object value, String range) {
        if (!good) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be " + range + ".");
        }
    }
}
