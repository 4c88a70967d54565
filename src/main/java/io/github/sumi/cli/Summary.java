// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What became of each file. */
final class Summary {

    /** The end of a file. */
    enum Status {
        DONE, SKIPPED, FAILED, CANCELLED;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final double MILLIS = 1e3;

    private final JsonArray files = new JsonArray();
    private final Map<Status, Integer> counts = new TreeMap<>();

    void add(Jobs.Job job, Status status, String message, double seconds) {
        JsonObject file = new JsonObject();
        file.addProperty("in", job.in().toString());
        file.addProperty("out", job.out().toString());
        file.addProperty("status", status.key());
        file.addProperty("message", message);
        file.addProperty("seconds", Math.round(MILLIS * seconds) / MILLIS);
        files.add(file);
        counts.merge(status, 1, Integer::sum);
    }

    /** A line for each file that failed. */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        files.forEach(element -> {
            JsonObject file = element.getAsJsonObject();
            if (file.get("status").getAsString().equals(Status.FAILED.key())) {
                failures.add(file.get("in").getAsString() + ": " + file.get("message").getAsString());
            }
        });
        return failures;
    }

    /** Such as "198 done, 1 skipped, 1 failed". */
    String line() {
        StringBuilder line = new StringBuilder();
        counts.forEach((status, count) -> line.append(line.isEmpty() ? "" : ", ").append(count).append(' ').append(status.key()));
        return line.toString();
    }

    /** One object: the files in order, and how many ended how. */
    String json() {
        JsonObject summary = new JsonObject();
        for (Status status : Status.values()) {
            summary.addProperty(status.key(), counts.getOrDefault(status, 0));
        }
        summary.add("files", files);
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(summary);
    }
}
