// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.sumi.pipeline.NoiseModel;
import io.github.sumi.pipeline.Scaling;
import io.github.sumi.pipeline.VarianceCurve;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** What the first pass over an image finds, as it is kept with the result: every part, process and resumed run uses the same numbers. */
final class Measured {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

    /**
     * Of planes that lie beside each other.
     *
     * @param planes their numbers
     * @param groups that share noise and grey values
     * @param constant planes that are left as they are
     * @param curves null where the noise is given, and of constant planes
     */
    record Curves(List<Integer> planes, List<Integer> groups, List<Boolean> constant, List<VarianceCurve> curves) {
    }

    /**
     * Of the whole image.
     *
     * @param models of each group
     * @param notes for the user
     * @param constant planes
     */
    record Noise(Map<Integer, NoiseModel> models, List<String> notes, Set<Integer> constant) {
    }

    /** Of planes that lie beside each other. @param scalings null of constant planes */
    record Ranges(List<Integer> groups, List<Scaling> scalings) {
    }

    /** Of the whole image. @param groups scaling of each */
    record Whole(Map<Integer, Scaling> groups) {
    }

    /** Of pixels that were written. @param varianceRatio of the residual, sum over planes @param correlation likewise @param residuals how many planes that were @param clipped pixels that the type couldn't hold */
    record Written(double varianceRatio, double correlation, int residuals, long clipped) {
    }

    private Measured() {
    }

    /**
     * What is kept of each unit of a stage, several at once: where each takes some milliseconds, many take long.
     *
     * @throws ZarrException if one is missing
     */
    static <T> List<T> all(ZarrStore state, Stage stage, Class<T> type) throws IOException {
        try {
            return IntStream.range(0, stage.units()).parallel().mapToObj(unit -> one(state, Run.key(stage, unit), type)).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static <T> T one(ZarrStore state, String key, Class<T> type) {
        try {
            byte[] bytes = state.read(key);
            if (bytes == null) {
                throw new ZarrException("What is known of the run lacks " + key + "; give --overwrite to begin anew.");
            }
            return parse(bytes, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(Object value) {
        return GSON.toJson(value).getBytes(StandardCharsets.UTF_8);
    }

    static <T> T parse(byte[] bytes, Class<T> type) {
        return GSON.fromJson(new String(bytes, StandardCharsets.UTF_8), type);
    }
}
