// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/** The network's input for the class of each sample. */
final class LabelInput {

    static final String NAME = "class_labels";

    private LongBuffer values = allocate(1);

    /** @throws ModelException if classes can't be given to such an input */
    LabelInput(String file, TensorInfo info) {
        long[] shape = info == null ? new long[0] : info.getShape();
        if (info == null || info.type != OnnxJavaType.INT64 || shape.length != 1 || shape[0] > 0) {
            throw new ModelException(file + ": input \"" + NAME + "\" is " + (info == null ? "missing" : info.type + " with the shape "
                    + Arrays.toString(shape)) + "; unet/config.json says that there are classes (num_class_embeds), so needed is int64 [batch]. "
                    + OnnxSignature.EXPORT);
        }
    }

    /** The input for a batch of these classes; valid until the next call. */
    OnnxTensor tensor(OrtEnvironment environment, int[] classes) throws OrtException {
        if (values.capacity() < classes.length) {
            values = allocate(classes.length);
        }
        values.clear();
        for (int index : classes) {
            values.put(index);
        }
        return OnnxTensor.createTensor(environment, values.flip(), new long[] {classes.length});
    }

    private static LongBuffer allocate(int count) {
        return ByteBuffer.allocateDirect(count * Long.BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
    }
}
