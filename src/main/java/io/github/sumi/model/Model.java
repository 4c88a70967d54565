// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import io.github.sumi.schedule.SchedulerConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

    static final String ONNX = "unet/model.onnx";

    private static final String SCHEDULER = "scheduler/scheduler_config.json";

    private final String id;
    private final ModelFiles files;
    private final ModelInfo info;
    private final SchedulerConfig scheduler;
    private volatile String opened;

    Model(String id, ModelFiles files) {
        this.id = id;
        this.files = files;
        this.scheduler = readScheduler(files);
        this.info = ModelInfo.read(id, files, scheduler);
    }

    /**
     * Reads a model folder or a .zip of one.
     *
     * @throws ModelException if a file is missing, unreadable or says what Sumi can't do
     */
    public static Model load(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return new Model(name == null ? "" : name.toString().replaceFirst("\\.zip$", ""), ModelFiles.of(path));
    }

    /** Reads a model inside the jar. @throws ModelException if it isn't sound */
    static Model embedded(String id) {
        return new Model(id, new ModelFiles.Embedded(id));
    }

    private static SchedulerConfig readScheduler(ModelFiles files) {
        String file = files.location() + "/" + SCHEDULER;
        Json json = Json.parse(file, quoteInfinity(files.read(SCHEDULER)));
        try {
            return SchedulerConfig.parse(json.object().toString());
        } catch (IllegalArgumentException e) {
            throw new ModelException(file + ": " + e.getMessage(), e);
        }
    }

    /** Python writes what the standard of JSON lacks, and diffusers puts it into each DPMSolverMultistepScheduler. */
    private static byte[] quoteInfinity(byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        return text.replaceAll("(\"lambda_min_clipped\"\\s{0,9}:\\s{0,9})-Infinity", "$1\"-Infinity\"").getBytes(StandardCharsets.UTF_8);
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

    /** The SHA-256 of unet/model.onnx as it was when it was opened last, or else as it is now; hexadecimal. */
    public String sha256() {
        String sum = opened;
        return sum != null ? sum : sha256(files.read(ONNX));
    }

    /** Loads the network, to run on the processor. @throws ModelException as {@link #open(Device)} */
    public OnnxNoisePredictor open() {
        return open(Device.CPU);
    }

    /**
     * Loads the network.
     *
     * @param device what it is to run on; other than the processor it is tried out once
     * @throws DeviceException if it can't run on that device here
     * @throws ModelException if the weights differ from their checksum, or ONNX Runtime can't run them
     */
    public OnnxNoisePredictor open(Device device) {
        return open(device, null);
    }

    /** @param profile as for {@link OnnxNoisePredictor#open} */
    OnnxNoisePredictor open(Device device, Path profile) {
        byte[] onnx = files.read(ONNX);
        String found = sha256(onnx);
        if (!info.sha256().isEmpty() && !found.equalsIgnoreCase(info.sha256())) {
            throw new ModelException(location() + "/" + ONNX + " is not the file that sumi.json was written for"
                    + " (its SHA-256 is " + found + "); copy the whole model folder again.");
        }
        OnnxNoisePredictor network = OnnxNoisePredictor.open(location() + "/" + ONNX, onnx, info, device, profile);
        opened = found;
        return network;
    }

    /**
     * Runs the model's own test input through its network.
     *
     * @return the largest difference from the expected output
     * @throws ModelException if that difference is above the model's tolerance, or the model brings no test
     */
    public double verify() {
        Json sumi = ModelInfo.sumi(files);
        if (!SelfTest.isIn(sumi)) {
            throw new ModelException(location() + " brings no test input, so it can't be verified.");
        }
        return run(SelfTest.of(sumi, info));
    }

    /** Runs the model's own test, or where it brings none the network on zeros. @throws ModelException if that fails */
    void tryOut() {
        Json sumi = ModelInfo.sumi(files);
        run(SelfTest.isIn(sumi) ? SelfTest.of(sumi, info) : SelfTest.ofZeros(info));
    }

    private double run(SelfTest test) {
        try (OnnxNoisePredictor unet = open()) {
            return test.run(unet, location() + "/" + ONNX);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
