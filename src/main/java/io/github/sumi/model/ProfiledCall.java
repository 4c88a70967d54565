// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.sumi.schedule.Tensor;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What ONNX Runtime itself says of where the operations of a network ran. */
final class ProfiledCall {

    private ProfiledCall() {
    }

    /**
     * Runs a network once.
     *
     * @param size height and width of the sample
     * @return such as "343 operations on CPU", the provider with the most first
     * @throws ModelException if it can't run on the device, or the profile not be written to the system's temporary folder
     */
    static String operations(Model model, Device device, int size) {
        try {
            Path folder = Files.createTempDirectory("sumi-profile");
            try (OnnxNoisePredictor unet = model.open(device, folder.resolve("call"))) {
                unet.predict(Tensor.allocate(1, unet.inChannels(), size, size), 0, new int[model.info().labels().isEmpty() ? 0 : 1], Tensor.allocate(1, unet.outChannels(), size, size));
                return describe(count(unet.endProfile()));
            } finally {
                try (var files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new ModelException("The temporary folder " + System.getProperty("java.io.tmpdir") + " can't be used (" + e.getMessage()
                    + "). Free 100 MB there.", e);
        }
    }

    /** Operations by provider. @param file a profile of ONNX Runtime, a JSON list of events */
    static Map<String, Integer> count(Path file) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (Reader reader = Files.newBufferedReader(file)) {
            for (JsonElement element : JsonParser.parseReader(reader).getAsJsonArray()) {
                JsonObject event = element.getAsJsonObject();
                JsonObject details = event.has("args") ? event.getAsJsonObject("args") : new JsonObject();
                if (details.has("provider") && event.get("name").getAsString().endsWith("_kernel_time")) {
                    counts.merge(details.get("provider").getAsString().replaceFirst("ExecutionProvider$", ""), 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    private static String describe(Map<String, Integer> counts) {
        return counts.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(entry -> entry.getValue() + " operations on " + entry.getKey()).collect(Collectors.joining(", "));
    }
}
