// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Reads scheduler_config.json: what is not known is refused by name, never skipped. */
final class SchedulerConfigReader {

    private static final Set<String> IGNORED = Set.of("_class_name", "_diffusers_version");

    private final JsonObject json;
    private final Set<String> unread;

    SchedulerConfigReader(String text) {
        try {
            JsonElement element = JsonParser.parseString(text);
            if (!element.isJsonObject()) {
                throw new IllegalArgumentException("The scheduler's configuration must be a JSON object.");
            }
            json = element.getAsJsonObject();
        } catch (JsonParseException | StackOverflowError e) {
            throw new IllegalArgumentException("The scheduler's configuration is not valid JSON.", e);
        }
        unread = new TreeSet<>(json.keySet());
        unread.removeAll(IGNORED);
        unread.removeIf(key -> key.startsWith("flow_"));
    }

    SchedulerConfig read() {
        String className = json.has("_class_name") ? text("_class_name", "") : "DDPMScheduler";
        if (!className.equals("DDPMScheduler")) {
            throw new IllegalArgumentException("The scheduler class \"" + className
                    + "\" is not known; known is DDPMScheduler. Save the model with a DDPMScheduler.");
        }
        double[] trainedBetas = betas();
        SchedulerConfig config = new SchedulerConfig(integer("num_train_timesteps", trainedBetas == null ? 1000 : trainedBetas.length),
                number("beta_start", 1e-4), number("beta_end", 0.02),
                choice("beta_schedule", BetaSchedule.LINEAR, BetaSchedule.values()), trainedBetas,
                choice("variance_type", VarianceType.FIXED_SMALL, VarianceType.values()), flag("clip_sample", true),
                choice("prediction_type", PredictionType.EPSILON, PredictionType.values()), flag("thresholding", false),
                number("dynamic_thresholding_ratio", 0.995), number("clip_sample_range", 1.0), number("sample_max_value", 1.0),
                choice("timestep_spacing", TimestepSpacing.LEADING, TimestepSpacing.values()), integer("steps_offset", 0),
                flag("rescale_betas_zero_snr", false));
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("The scheduler's configuration has the unknown field \"" + unread.iterator().next()
                    + "\". Remove it if it has no effect, or get a newer Sumi.");
        }
        return config;
    }

    private double[] betas() {
        unread.remove("trained_betas");
        JsonElement element = json.get("trained_betas");
        if (element == null || element.isJsonNull()) {
            return null;
        }
        if (!element.isJsonArray()) {
            throw fault("trained_betas", "a list of numbers");
        }
        double[] betas = new double[element.getAsJsonArray().size()];
        for (int i = 0; i < betas.length; i++) {
            JsonElement beta = element.getAsJsonArray().get(i);
            if (!isNumber(beta)) {
                throw fault("trained_betas", "a list of numbers");
            }
            betas[i] = beta.getAsDouble();
        }
        return betas;
    }

    private static boolean isNumber(JsonElement element) {
        return element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
    }

    private boolean has(String key) {
        unread.remove(key);
        return json.has(key) && !json.get(key).isJsonNull();
    }

    private boolean flag(String key, boolean fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonElement element = json.get(key);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isBoolean()) {
            throw fault(key, "true or false");
        }
        return element.getAsBoolean();
    }

    private double number(String key, double fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonElement element = json.get(key);
        if (!isNumber(element) || !Double.isFinite(element.getAsDouble())) {
            throw fault(key, "a finite number");
        }
        return element.getAsDouble();
    }

    private int integer(String key, int fallback) {
        double value = number(key, fallback);
        if (value != (int) value) {
            throw fault(key, "a whole number");
        }
        return (int) value;
    }

    private String text(String key, String fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonElement element = json.get(key);
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
            throw fault(key, "a text");
        }
        return element.getAsString();
    }

    private <E extends Enum<E>> E choice(String key, E fallback, E[] values) {
        String text = text(key, fallback.name().toLowerCase(Locale.ROOT));
        for (E value : values) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        throw fault(key, "one of " + Arrays.toString(values).toLowerCase(Locale.ROOT));
    }

    private IllegalArgumentException fault(String key, String needed) {
        // a list or object could be nested without end
        String value = json.get(key).isJsonPrimitive() ? json.get(key).toString() : "a list or object";
        return new IllegalArgumentException("\"" + key + "\" is " + (value.length() > 60 ? value.substring(0, 60) + "..." : value)
                + "; it must be " + needed + ".");
    }
}
