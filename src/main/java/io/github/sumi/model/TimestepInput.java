// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** The network's timestep input: a number, or one for each sample, of any numeric type that exporters give it. */
final class TimestepInput {

    static final String NAME = "timestep";

    private static final Set<OnnxJavaType> TYPES = EnumSet.of(OnnxJavaType.FLOAT, OnnxJavaType.DOUBLE, OnnxJavaType.INT64, OnnxJavaType.INT32);

    private final String file;
    private final OnnxJavaType type;
    private final long[] shape;
    private ByteBuffer values = allocate(1);

    /** @throws ModelException if timesteps can't be given to such an input */
    TimestepInput(String file, TensorInfo info) {
        this.file = file;
        this.type = info.type;
        this.shape = info.getShape();
        if (!TYPES.contains(type) || shape.length > 1 || (shape.length == 1 && shape[0] > 1)) {
            throw new ModelException(file + ": input \"" + NAME + "\" is " + type + " with the shape " + Arrays.toString(shape)
                    + "; needed is float, double, int64 or int32, one number or one for each sample. " + OnnxSignature.EXPORT);
        }
    }

    boolean fractional() {
        return type == OnnxJavaType.FLOAT || type == OnnxJavaType.DOUBLE;
    }

    /**
     * The input for a batch of n; valid until the next call.
     *
     * @throws ModelException if the timestep is a fraction and the network takes whole ones only
     */
    OnnxTensor tensor(OrtEnvironment environment, double timestep, int n) throws OrtException {
        if (!fractional() && timestep != Math.rint(timestep)) {
            throw new ModelException(file + " takes whole timesteps only, but " + timestep
                    + " was needed. Export it with a float timestep.");
        }
        int count = shape.length == 1 && shape[0] < 0 ? n : 1;
        if (values.capacity() < count * Long.BYTES) {
            values = allocate(count);
        }
        values.clear();
        for (int i = 0; i < count; i++) {
            switch (type) {
                case FLOAT -> values.putFloat((float) timestep);
                case DOUBLE -> values.putDouble(timestep);
                case INT64 -> values.putLong((long) timestep);
                default -> values.putInt((int) timestep);
            }
        }
        return OnnxTensor.createTensor(environment, values.flip(), shape.length == 0 ? shape : new long[] {count}, type);
    }

    private static ByteBuffer allocate(int count) {
        return ByteBuffer.allocateDirect(count * Long.BYTES).order(ByteOrder.nativeOrder());
    }
}
