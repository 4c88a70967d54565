// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A model folder that was read and found sound, its network not yet loaded.
 *
 * <pre>{@code
 * Model model = Model.load(Path.of("models/nuclei"));
 * try (OnnxNoisePredictor unet = model.open()) {
 *     unet.predict(sample, 100.0, output);
 * }
 * }</pre>
 */
public final class Model {

    /** The files that make a model folder; whatever else lies in one is left alone. */
    static final List<String> FILES = List.of("model_index.json", "scheduler/scheduler_config.json",
            "unet/config.json", "unet/model.onnx", "sumi.json", "README.md");

    private static final String ONNX = "unet/model.onnx";
    private static final String SCHEDULER = "scheduler/scheduler_config.json";

    private final String id;
    private final ModelFiles files;
    private final ModelInfo info;
    private final SchedulerConfig scheduler;

    private Model(String id, ModelFiles files) {
        this.id = id;
        this.files = files;
        this.info = ModelInfo.read(id, files);
        this.scheduler = readScheduler(files);
    }

    /**
     * Reads a model folder or a .zip of one.
     *
     * @throws ModelException if a file is missing, unreadable or says what Sumi can't do
     */
    public static Model load(Path path) {
        String name = path.toAbsolutePath().normalize().getFileName().toString();
        return new Model(name.replaceFirst("\\.zip$", ""), ModelFiles.of(path));
    }

    /** Reads a model inside the jar. @throws ModelException if it isn't sound */
    static Model embedded(String id) {
        return new Model(id, new ModelFiles.Embedded(id));
    }

    private static SchedulerConfig readScheduler(ModelFiles files) {
        try {
            return SchedulerConfig.parse(new String(files.read(SCHEDULER), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new ModelException(files.location() + "/" + SCHEDULER + ": " + e.getMessage(), e);
        }
    }

    /** The name of the model's folder. */
    public String id() {
        return id;
    }

    /** The folder or file that it was read from. */
    public String location() {
        return files.location();
    }

    public ModelInfo info() {
        return info;
    }

    /** The scheduler that the model was trained for. */
    public SchedulerConfig scheduler() {
        return scheduler;
    }

    /** The SHA-256 of unet/model.onnx as it is now, hexadecimal. */
    public String sha256() {
        return sha256(files.read(ONNX));
    }

    /**
     * Loads the network.
     *
     * @throws ModelException if the weights differ from their checksum, or ONNX Runtime can't run them
     */
    public OnnxNoisePredictor open() {
        byte[] onnx = files.read(ONNX);
        String found = sha256(onnx);
        if (!info.sha256().isEmpty() && !found.equalsIgnoreCase(info.sha256())) {
            throw new ModelException(location() + "/" + ONNX + " is not the file that sumi.json was written for"
                    + " (its SHA-256 is " + found + "); copy the whole model folder again.");
        }
        return new OnnxNoisePredictor(location() + "/" + ONNX, onnx, info);
    }

    /**
     * Runs the model's own test input through its network.
     *
     * @return the largest difference from the expected output
     * @throws ModelException if that difference is above the model's tolerance, or the model brings no test
     */
    public double verify() {
        byte[] own = files.readOrNull("sumi.json");
        Json test = Json.parse(location() + "/sumi.json", own == null ? new byte[] {'{', '}'} : own).child("test");
        if (!test.has("input") || !test.has("output") || test.length("shape") != 4) {
            throw new ModelException(location() + " brings no test input, so it can't be verified.");
        }
        int[] shape = new int[4];
        for (int i = 0; i < 4; i++) {
            shape[i] = shapeEntry(test, i);
        }
        Tensor input = decode(test, "input", shape);
        shape[1] = info.outChannels();
        Tensor expected = decode(test, "output", shape);
        Tensor output = Tensor.allocate(shape[0], shape[1], shape[2], shape[3]);
        try (OnnxNoisePredictor unet = open()) {
            unet.predict(input, test.number("timestep", 0), output);
        }
        double difference = difference(output, expected);
        double tolerance = test.number("tolerance", 1e-4);
        if (!(difference <= tolerance)) {
            throw new ModelException(location() + " gives another result than where it was made: off by " + difference
                    + ", allowed are " + tolerance + ". Copy the model again; if that doesn't help, don't trust it here.");
        }
        return difference;
    }

    /** The largest one. @throws ModelException if a value of the output isn't finite */
    private double difference(Tensor output, Tensor expected) {
        double difference = 0;
        for (int i = 0; i < output.size(); i++) {
            float value = output.buffer().get(i);
            if (!Float.isFinite(value)) {
                throw new ModelException(location() + "/" + ONNX + " predicts " + value
                        + "; its weights are damaged. Copy the model again, or export an earlier checkpoint.");
            }
            difference = Math.max(difference, Math.abs(value - expected.buffer().get(i)));
        }
        return difference;
    }

    private static int shapeEntry(Json test, int i) {
        try {
            int value = test.object().getAsJsonArray("shape").get(i).getAsInt();
            if (value >= 1 && value <= 1024) {
                return value;
            }
        } catch (RuntimeException e) {
            // not a number: said below
        }
        throw test.fault("shape", "four whole numbers from 1 to 1024");
    }

    private static Tensor decode(Json test, String key, int[] shape) {
        try {
            FloatBuffer values = ByteBuffer.wrap(Base64.getDecoder().decode(test.text(key, "")))
                    .order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            Tensor tensor = Tensor.allocate(shape[0], shape[1], shape[2], shape[3]);
            if (values.remaining() == tensor.size()) {
                tensor.buffer().put(0, values, 0, tensor.size());
                return tensor;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ModelException(test.file() + ": the test's \"" + key + "\" can't be read; get the model again.", e);
        }
        throw new ModelException(test.file() + ": the test's \"" + key + "\" doesn't have the size of its \"shape\"; get the model again.");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
