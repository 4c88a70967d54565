// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import io.github.sumi.schedule.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * A UNet run by ONNX Runtime. It reads and writes the tensors in place; height and width must be multiples of the
 * model's size multiple. One thread at a time.
 */
public final class OnnxNoisePredictor implements NoisePredictor, AutoCloseable {

    private static final String SAMPLE = "sample";
    private static final String TIMESTEP = "timestep";

    private final String file;
    private final ModelInfo info;
    private final OrtEnvironment environment;
    private final SessionOptions options;
    private final OrtSession session;
    private final String outputName;
    private final TensorInfo timestepInfo;
    private final Object lock = new Object();
    /** What the call under way can be ended by; null between calls. */
    private OrtSession.RunOptions running;
    private volatile boolean terminated;

    OnnxNoisePredictor(String file, byte[] onnx, ModelInfo info) {
        this.file = file;
        this.info = info;
        environment = OnnxRuntime.environment();
        try {
            options = new SessionOptions();
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(onnx, options);
            checkChannels(input(SAMPLE, 4), info.inChannels(), "input \"" + SAMPLE + "\"");
            timestepInfo = input(TIMESTEP, -1);
            outputName = session.getOutputNames().iterator().next();
            checkChannels((TensorInfo) session.getOutputInfo().get(outputName).getInfo(), info.outChannels(), "output");
        } catch (OrtException e) {
            throw OnnxRuntime.sessionFailure(file, e);
        }
        if (session.getNumInputs() != 2) {
            throw new ModelException(file + " has the inputs " + session.getInputNames()
                    + "; needed are sample and timestep alone. Export it without class labels.");
        }
    }

    private TensorInfo input(String name, int rank) throws OrtException {
        NodeInfo node = session.getInputInfo().get(name);
        if (node == null || !(node.getInfo() instanceof TensorInfo tensor)) {
            throw new ModelException(file + " has no input \"" + name + "\" but " + session.getInputNames()
                    + "; export it with Sumi's export script, which names them sample and timestep.");
        }
        if (rank >= 0 && tensor.getShape().length != rank) {
            throw new ModelException(file + ": input \"" + name + "\" has " + tensor.getShape().length
                    + " dimensions; needed are " + rank + " (batch, channel, height, width).");
        }
        if (rank < 0 && tensor.getShape().length > 1) {
            throw new ModelException(file + ": input \"" + name + "\" has " + tensor.getShape().length
                    + " dimensions; needed is a number, or one for each sample.");
        }
        return tensor;
    }

    private void checkChannels(TensorInfo tensor, int channels, String what) {
        long[] shape = tensor.getShape();
        if (tensor.type != OnnxJavaType.FLOAT || shape.length != 4 || (shape[1] > 0 && shape[1] != channels)) {
            throw new ModelException(file + ": " + what + " is " + tensor.type + " with the shape "
                    + java.util.Arrays.toString(shape) + "; unet/config.json says " + channels
                    + " channels, so needed is float [batch, " + channels + ", height, width].");
        }
    }

    @Override
    public int inChannels() {
        return info.inChannels();
    }

    @Override
    public int outChannels() {
        return info.outChannels();
    }

    @Override
    public int sizeMultiple() {
        return info.sizeMultiple();
    }

    @Override
    public boolean fractionalTimesteps() {
        return timestepInfo.type == OnnxJavaType.FLOAT || timestepInfo.type == OnnxJavaType.DOUBLE;
    }

    /** The provider that runs the network. */
    public String device() {
        return "cpu";
    }

    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        long[] inShape = {sample.n(), sample.c(), sample.h(), sample.w()};
        long[] outShape = {output.n(), output.c(), output.h(), output.w()};
        try (OnnxTensor x = OnnxTensor.createTensor(environment, sample.buffer(), inShape);
                OnnxTensor t = timestepTensor(timestep, sample.n());
                OnnxTensor out = OnnxTensor.createTensor(environment, output.buffer(), outShape);
                OrtSession.RunOptions run = new OrtSession.RunOptions()) {
            setRunning(run);
            try (OrtSession.Result result = session.run(Map.of(SAMPLE, x, TIMESTEP, t), Set.of(), Map.of(outputName, out), run)) {
                assert !result.isResultOwner(0) : "the output was pinned";
            } finally {
                setRunning(null);
            }
        } catch (OrtException e) {
            if (terminated) {
                throw new CancellationException("Cancelled.");
            }
            throw OnnxRuntime.runFailure(file, e);
        }
    }

    private void setRunning(OrtSession.RunOptions run) {
        synchronized (lock) {
            running = run;
            terminated = run == null && terminated;
        }
    }

    /**
     * Ends the call that is under way, from another thread, within one operation of the network; that call then throws
     * {@link CancellationException}. Does nothing between calls.
     */
    public void terminate() {
        synchronized (lock) {
            if (running != null) {
                try {
                    terminated = true;
                    running.setTerminate(true);
                } catch (OrtException e) {
                    throw OnnxRuntime.runFailure(file, e);
                }
            }
        }
    }

    private OnnxTensor timestepTensor(double timestep, int n) throws OrtException {
        long[] shape = timestepInfo.getShape().length == 0 ? new long[0]
                : new long[] {timestepInfo.getShape()[0] > 0 ? timestepInfo.getShape()[0] : n};
        int count = shape.length == 0 ? 1 : (int) shape[0];
        ByteBuffer bytes = ByteBuffer.allocateDirect(Long.BYTES * count).order(ByteOrder.nativeOrder());
        if (!fractionalTimesteps() && timestep != Math.rint(timestep)) {
            throw new ModelException(file + " takes whole timesteps only, but " + timestep
                    + " was needed. Export it with a float timestep.");
        }
        for (int i = 0; i < count; i++) {
            switch (timestepInfo.type) {
                case FLOAT -> bytes.putFloat((float) timestep);
                case DOUBLE -> bytes.putDouble(timestep);
                case INT64 -> bytes.putLong((long) timestep);
                case INT32 -> bytes.putInt((int) timestep);
                default -> throw new ModelException(file + ": input \"" + TIMESTEP + "\" is " + timestepInfo.type
                        + "; needed is float, double, int64 or int32.");
            }
        }
        return OnnxTensor.createTensor(environment, bytes.flip(), shape, timestepInfo.type);
    }

    /** Frees the session. */
    @Override
    public void close() {
        try {
            session.close();
            options.close();
        } catch (OrtException e) {
            throw OnnxRuntime.runFailure(file, e);
        }
    }
}
