// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.Set;

/**
 * What goes into a network and comes out of it, found to be what a model folder promises.
 *
 * @param timestep the input that takes the timestep
 * @param labels the input that takes the classes; null where there are none
 * @param output name of the output
 */
record OnnxSignature(TimestepInput timestep, LabelInput labels, String output) {

    static final String SAMPLE = "sample";
    static final String EXPORT = "Export it again with 'sumi-train export'.";

    private static final String OUTPUT = "out_sample";

    /** @throws ModelException naming file, input or output, and what is needed instead */
    static OnnxSignature of(String file, OrtSession session, ModelInfo info) throws OrtException {
        TensorInfo sample = input(file, session, SAMPLE);
        checkImage(file, "input \"" + SAMPLE + "\"", sample, info.inChannels());
        checkFree(file, sample.getShape());
        TimestepInput timestep = new TimestepInput(file, input(file, session, TimestepInput.NAME));
        LabelInput labels = info.labels().isEmpty() ? null : new LabelInput(file, tensor(session.getInputInfo().get(LabelInput.NAME)));
        if (session.getNumInputs() != (labels == null ? 2 : 3)) {
            throw new ModelException(file + " has the inputs " + session.getInputNames() + "; needed are sample and timestep"
                    + (labels == null ? " alone, since unet/config.json has no classes (num_class_embeds). " : " and class_labels alone. ") + EXPORT);
        }
        String output = output(file, session.getOutputNames());
        checkImage(file, "output \"" + output + "\"", tensor(session.getOutputInfo().get(output)), info.outChannels());
        return new OnnxSignature(timestep, labels, output);
    }

    private static TensorInfo input(String file, OrtSession session, String name) throws OrtException {
        TensorInfo tensor = tensor(session.getInputInfo().get(name));
        if (tensor == null) {
            throw new ModelException(file + " has no input \"" + name + "\" but " + session.getInputNames() + ". " + EXPORT);
        }
        return tensor;
    }

    private static TensorInfo tensor(NodeInfo node) {
        return node != null && node.getInfo() instanceof TensorInfo tensor ? tensor : null;
    }

    private static String output(String file, Set<String> names) {
        if (names.contains(OUTPUT)) {
            return OUTPUT;
        }
        if (names.size() != 1) {
            throw new ModelException(file + " has the outputs " + names + "; which of them is the prediction is not known. Name it "
                    + OUTPUT + ", or export it alone.");
        }
        return names.iterator().next();
    }

    private static void checkImage(String file, String what, TensorInfo tensor, int channels) {
        long[] shape = tensor == null ? new long[0] : tensor.getShape();
        boolean image = tensor != null && tensor.type == OnnxJavaType.FLOAT && shape.length == 4 && (shape[1] < 0 || shape[1] == channels);
        if (!image) {
            throw new ModelException(file + ": " + what + " is " + (tensor == null ? "no tensor" : tensor.type + " with the shape "
                    + Arrays.toString(shape)) + "; unet/config.json says " + channels + " channels, so needed is float [batch, "
                    + channels + ", height, width]. " + EXPORT);
        }
    }

    private static void checkFree(String file, long[] shape) {
        if (shape[0] > 0 || shape[2] > 0 || shape[3] > 0) {
            throw new ModelException(file + ": input \"" + SAMPLE + "\" has the fixed shape " + Arrays.toString(shape)
                    + "; batch, height and width must be free (-1). " + EXPORT);
        }
    }
}
