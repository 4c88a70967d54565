// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Model folders around the ONNX files of a few hundred bytes that sumi_train.tiny writes. */
public final class TinyModel {

    private static final Path RESOURCES = Path.of("src/test/resources/models");

    private TinyModel() {
    }

    /** Makes the folder {@code parent/name}, of one channel, without sumi.json. */
    public static Path folder(Path parent, String name) {
        try {
            Path folder = parent.resolve(name);
            Files.createDirectories(folder.resolve("unet"));
            Files.createDirectories(folder.resolve("scheduler"));
            Files.copy(RESOURCES.resolve(name + ".onnx"), folder.resolve("unet/model.onnx"));
            Files.writeString(folder.resolve("unet/config.json"), "{\"in_channels\": 1, \"out_channels\": 1, \"block_out_channels\": [8]}");
            Files.writeString(folder.resolve("scheduler/scheduler_config.json"), "{\"_class_name\": \"DDPMScheduler\"}");
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes the folder {@code parent/condition}, whose network predicts v of x_t and an image, so that x_0 is the image at the last timestep.
     *
     * @param fields more of scheduler_config.json, each after a comma
     */
    public static Path conditioned(Path parent, String fields) {
        try {
            Path folder = folder(parent, "condition");
            Files.writeString(folder.resolve("unet/config.json"), "{\"in_channels\": 2, \"out_channels\": 1, \"block_out_channels\": [8]}");
            Files.writeString(folder.resolve("scheduler/scheduler_config.json"),
                    "{\"_class_name\": \"DDPMScheduler\", \"prediction_type\": \"v_prediction\"" + fields + "}");
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all of them. */
    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".onnx"))
                    .map(name -> name.replace(".onnx", "")).sorted().toList();
        }
    }
}
