// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import com.google.gson.JsonElement;
import io.github.sumi.schedule.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Base64;

/**
 * The test that a model brings in sumi.json: an input, and the output that the network gave where the model was made.
 *
 * @param classes of each sample of the input, the first one; empty where the network takes none
 * @param tolerance largest difference allowed
 */
record SelfTest(Tensor input, double timestep, int[] classes, Tensor expected, double tolerance) {

    private static final int MAX_EXTENT = 1024;
    private static final int MAX_TIMESTEP = 99_999;
    private static final double TOLERANCE = 1e-4;

    static boolean isIn(Json sumi) {
        return sumi.child("test").has("input");
    }

    /** @throws ModelException if a part of it is missing, or doesn't fit the others or the network */
    static SelfTest of(Json sumi, ModelInfo info) {
        Json test = sumi.child("test");
        int[] shape = shape(test);
        if (shape[1] != info.inChannels() || shape[2] % info.sizeMultiple() != 0 || shape[3] % info.sizeMultiple() != 0) {
            throw test.fault("shape", info.inChannels() + " channels, and a height and width that are multiples of " + info.sizeMultiple());
        }
        double timestep = test.number("timestep", 0);
        if (timestep < 0 || timestep > MAX_TIMESTEP) {
            throw test.fault("timestep", "a number from 0 to " + MAX_TIMESTEP);
        }
        double tolerance = test.number("tolerance", TOLERANCE);
        if (tolerance < 0 || tolerance > 1) {
            throw test.fault("tolerance", "a number from 0 to 1");
        }
        return new SelfTest(decode(test, "input", shape, info.inChannels()), timestep, new int[info.labels().isEmpty() ? 0 : shape[0]],
                decode(test, "output", shape, info.outChannels()), tolerance);
    }

    /** Zeros at the first timestep, with nothing known of the output. */
    static SelfTest ofZeros(ModelInfo info) {
        int size = Math.max(info.sizeMultiple(), 8 / info.sizeMultiple() * info.sizeMultiple());
        return new SelfTest(Tensor.allocate(1, info.inChannels(), size, size), 0, new int[info.labels().isEmpty() ? 0 : 1], null, Double.POSITIVE_INFINITY);
    }

    private static int[] shape(Json test) {
        int[] shape = new int[4];
        if (test.length("shape") != shape.length) {
            throw test.fault("shape", "four whole numbers from 1 to " + MAX_EXTENT);
        }
        for (int i = 0; i < shape.length; i++) {
            shape[i] = extent(test, test.object().getAsJsonArray("shape").get(i));
        }
        return shape;
    }

    private static int extent(Json test, JsonElement element) {
        double value = Json.isNumber(element) ? element.getAsDouble() : 0;
        if (!(value >= 1 && value <= MAX_EXTENT && value == Math.rint(value))) {
            throw test.fault("shape", "four whole numbers from 1 to " + MAX_EXTENT);
        }
        return (int) value;
    }

    private static Tensor decode(Json test, String key, int[] shape, int channels) {
        FloatBuffer values;
        try {
            values = ByteBuffer.wrap(Base64.getDecoder().decode(test.longText(key))).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        } catch (IllegalArgumentException e) {
            throw new ModelException(test.file() + ": the test's \"" + key + "\" can't be read; get the model again.", e);
        }
        // before anything is allocated: the file bounds the text, nothing bounds the shape
        if (values.remaining() != (long) shape[0] * channels * shape[2] * shape[3]) {
            throw new ModelException(test.file() + ": the test's \"" + key + "\" doesn't have the size of its \"shape\"; get the model again.");
        }
        Tensor tensor = Tensor.allocate(shape[0], channels, shape[2], shape[3]);
        tensor.buffer().put(0, values, 0, tensor.size());
        return tensor;
    }

    /**
     * Runs it.
     *
     * @param file of the network, as messages name it
     * @return the largest difference from the expected output, 0 where that isn't known
     * @throws ModelException if the network fails, or its output isn't finite or differs by more than allowed
     */
    double run(NoisePredictor unet, String file) {
        Tensor output = Tensor.allocate(input.n(), unet.outChannels(), input.h(), input.w());
        unet.predict(input, timestep, classes, output);
        double difference = 0;
        for (int i = 0; i < output.size(); i++) {
            float value = output.buffer().get(i);
            if (!Float.isFinite(value)) {
                throw new ModelException(file + " predicts " + value + (unet.advice().isEmpty()
                        ? "; its weights are damaged. Copy the model again, or export an earlier checkpoint." : ". " + unet.advice()));
            }
            difference = Math.max(difference, expected == null ? 0 : Math.abs((double) value - expected.buffer().get(i)));
        }
        if (!(difference <= tolerance)) {
            throw new ModelException(file + " gives another result than where it was made: off by " + difference
                    + ", allowed are " + tolerance + ". Copy the model again; if that doesn't help, don't trust it here.");
        }
        return difference;
    }
}
