// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.github.sumi.schedule.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A UNet run by ONNX Runtime. It reads and writes the tensors in place; height and width must be multiples of the
 * model's size multiple. One call at a time, others wait; closing ends the one that is under way.
 */
public final class OnnxNoisePredictor implements NoisePredictor, AutoCloseable {

    /** Pixels to each side of the first call on a device. */
    private static final int SMALL = 64;

    private final String file;
    private final ModelInfo info;
    private final Device device;
    private final String fallback;
    private final OrtEnvironment environment;
    private final SessionOptions options;
    private final OrtSession session;
    private final OnnxSignature signature;
    private final Object lock = new Object();
    /** What the call under way can be ended by; null between calls. */
    private OrtSession.RunOptions running;
    private volatile boolean terminated;
    /** Held by whoever uses the session: freed under a call, it would take the JVM down. */
    private final ReentrantLock use = new ReentrantLock();
    private volatile boolean closing;
    private boolean closed;

    private OnnxNoisePredictor(String file, byte[] onnx, ModelInfo info, Device device, String fallback, Path profile) {
        this.file = file;
        this.info = info;
        this.device = device;
        this.fallback = fallback;
        environment = OnnxRuntime.environment();
        SessionOptions made = null;
        try {
            made = DeviceSetup.options(device);
            if (profile != null) {
                made.enableProfiling(profile.toString());
            }
            session = environment.createSession(onnx, made);
            options = made;
        } catch (OrtException e) {
            if (made != null) {
                made.close();
            }
            throw DeviceSetup.fault(device, OnnxRuntime.sessionFailure(file, e), e);
        }
        try {
            signature = OnnxSignature.of(file, session, info);
            if (device.kind() != Device.Kind.CPU) {
                tryOut();
            }
        } catch (OrtException e) {
            close();
            throw OnnxRuntime.sessionFailure(file, e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Loads a network.
     *
     * @param device for auto CUDA where this build has it and it works here, or else the processor
     * @param profile path and first letters of a file that is told which operations ran where; null for none
     * @throws DeviceException if another device than auto can't be used here
     * @throws ModelException if the network can't be used
     */
    static OnnxNoisePredictor open(String file, byte[] onnx, ModelInfo info, Device device, Path profile) {
        OnnxFile.check(file, onnx);
        OnnxRuntime.environment();
        if (device.kind() != Device.Kind.AUTO) {
            return new OnnxNoisePredictor(file, onnx, info, device, "", profile);
        }
        return DeviceSetup.hasCuda() ? openOnAny(file, onnx, info, profile) : new OnnxNoisePredictor(file, onnx, info, Device.CPU, "", profile);
    }

    /** On CUDA, or else on the processor. */
    static OnnxNoisePredictor openOnAny(String file, byte[] onnx, ModelInfo info, Path profile) {
        try {
            return new OnnxNoisePredictor(file, onnx, info, Device.CUDA, "", profile);
        } catch (ModelException e) {
            // where the network itself is at fault, this fails as well
            return new OnnxNoisePredictor(file, onnx, info, Device.CPU, DeviceSetup.brief(e), profile);
        }
    }

    /** Runs it on zeros: cuDNN is asked for in the first call only. What comes out doesn't matter. */
    private void tryOut() {
        int size = Math.max(1, SMALL / info.sizeMultiple()) * info.sizeMultiple();
        predict(Tensor.allocate(1, info.inChannels(), size, size), 0, new int[info.labels().isEmpty() ? 0 : 1],
                Tensor.allocate(1, info.outChannels(), size, size));
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
        return signature.timestep().fractional();
    }

    @Override
    public String advice() {
        return info.advice();
    }

    /** What runs the network; with why it isn't what auto would have preferred, such as "cpu (CUDA: libcuda.so.1 is missing)". */
    public String device() {
        return device + (fallback.isEmpty() ? "" : " (" + fallback + ")");
    }

    /** @throws CancellationException if it is closed, or the call is ended */
    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        predict(sample, timestep, NO_CLASSES, output);
    }

    /** @throws CancellationException if it is closed, or the call is ended */
    @Override
    public void predict(Tensor sample, double timestep, int[] classes, Tensor output) {
        int[] used = signature.labels() != null && classes.length == 0 ? unlabelled(sample.n()) : classes;
        if (signature.labels() == null ? used.length > 0 : used.length != sample.n()) {
            throw new IllegalArgumentException(used.length + " classes were given for " + sample.n() + " samples; the network takes "
                    + (signature.labels() == null ? "none." : "one for each."));
        }
        use.lock();
        try {
            if (closing) {
                throw new CancellationException("The network of " + file + " is closed.");
            }
            call(sample, timestep, used, output);
        } finally {
            use.unlock();
        }
    }

    /** The class of no label for each sample. @throws ModelException if there is no such class */
    private int[] unlabelled(int n) {
        if (info.labels().unconditional() == null) {
            throw new ModelException(file + " makes images of a given class (label) alone, and was trained without a class for no label; only "
                    + "generating gives it one. Choose another model.");
        }
        int[] classes = new int[n];
        Arrays.fill(classes, info.labels().unconditional());
        return classes;
    }

    private void call(Tensor sample, double timestep, int[] classes, Tensor output) {
        long[] inShape = {sample.n(), sample.c(), sample.h(), sample.w()};
        long[] outShape = {output.n(), output.c(), output.h(), output.w()};
        try (OnnxTensor x = OnnxTensor.createTensor(environment, sample.buffer(), inShape);
                OnnxTensor t = signature.timestep().tensor(environment, timestep, sample.n());
                OnnxTensor labels = classes.length == 0 ? null : signature.labels().tensor(environment, classes);
                OnnxTensor out = OnnxTensor.createTensor(environment, output.buffer(), outShape);
                OrtSession.RunOptions run = new OrtSession.RunOptions()) {
            setRunning(run);
            try (OrtSession.Result result = session.run(labels == null ? Map.of(OnnxSignature.SAMPLE, x, TimestepInput.NAME, t)
                    : Map.of(OnnxSignature.SAMPLE, x, TimestepInput.NAME, t, LabelInput.NAME, labels), Set.of(),
                    Map.of(signature.output(), out), run)) {
                assert !result.isResultOwner(0) : "the output was pinned";
            } finally {
                setRunning(null);
            }
        } catch (OrtException e) {
            if (terminated || Thread.currentThread().isInterrupted()) {
                throw new CancellationException("Cancelled.");
            }
            throw DeviceSetup.fault(device, OnnxRuntime.runFailure(file, e), e);
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

    /** Ends the profile that it was opened with and returns its file. */
    Path endProfile() {
        try {
            return Path.of(session.endProfiling());
        } catch (OrtException e) {
            throw OnnxRuntime.runFailure(file, e);
        }
    }

    /** Frees the session, once a call that is under way on another thread has ended. */
    @Override
    public void close() {
        closing = true;
        terminate();
        use.lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
                options.close();
            }
        } catch (OrtException e) {
            throw OnnxRuntime.runFailure(file, e);
        } finally {
            use.unlock();
        }
    }
}
