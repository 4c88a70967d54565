// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.github.sumi.schedule.Tensor;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A UNet run by ONNX Runtime. It reads and writes the tensors in place; height and width must be multiples of the
 * model's size multiple. One call at a time, others wait; closing ends the one that is under way.
 */
public final class OnnxNoisePredictor implements NoisePredictor, AutoCloseable {

    private final String file;
    private final ModelInfo info;
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

    OnnxNoisePredictor(String file, byte[] onnx, ModelInfo info) {
        this.file = file;
        this.info = info;
        OnnxFile.check(file, onnx);
        environment = OnnxRuntime.environment();
        options = new SessionOptions();
        try {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            // or bytes that look like the runtime's own format would pass by the check above
            options.addConfigEntry("session.load_model_format", "ONNX");
            session = environment.createSession(onnx, options);
        } catch (OrtException e) {
            options.close();
            throw OnnxRuntime.sessionFailure(file, e);
        }
        try {
            signature = OnnxSignature.of(file, session, info);
        } catch (OrtException e) {
            close();
            throw OnnxRuntime.sessionFailure(file, e);
        } catch (ModelException e) {
            close();
            throw e;
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
        return signature.timestep().fractional();
    }

    @Override
    public String advice() {
        return info.advice();
    }

    /** The provider that runs the network. */
    public String device() {
        return "cpu";
    }

    /** @throws CancellationException if it is closed, or the call is ended */
    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        use.lock();
        try {
            if (closing) {
                throw new CancellationException("The network of " + file + " is closed.");
            }
            call(sample, timestep, output);
        } finally {
            use.unlock();
        }
    }

    private void call(Tensor sample, double timestep, Tensor output) {
        long[] inShape = {sample.n(), sample.c(), sample.h(), sample.w()};
        long[] outShape = {output.n(), output.c(), output.h(), output.w()};
        try (OnnxTensor x = OnnxTensor.createTensor(environment, sample.buffer(), inShape);
                OnnxTensor t = signature.timestep().tensor(environment, timestep, sample.n());
                OnnxTensor out = OnnxTensor.createTensor(environment, output.buffer(), outShape);
                OrtSession.RunOptions run = new OrtSession.RunOptions()) {
            setRunning(run);
            try (OrtSession.Result result = session.run(Map.of(OnnxSignature.SAMPLE, x, TimestepInput.NAME, t), Set.of(),
                    Map.of(signature.output(), out), run)) {
                assert !result.isResultOwner(0) : "the output was pinned";
            } finally {
                setRunning(null);
            }
        } catch (OrtException e) {
            if (terminated || Thread.currentThread().isInterrupted()) {
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
