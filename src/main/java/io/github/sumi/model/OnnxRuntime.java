// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;

/** Loading ONNX Runtime, and its faults put into words. */
final class OnnxRuntime {

    /** The runtime has no code of its own for this. */
    private static final Pattern MEMORY = Pattern.compile("(?i)bad_alloc|failed to allocate|allocation fail|ALLOC_FAILED|(out of|available) memory");

    private OnnxRuntime() {
    }

    /**
     * The environment that all of this JVM shares.
     *
     * @throws ModelException if the native library can't be loaded
     * @throws CancellationException if the JVM is ending
     */
    static OrtEnvironment environment() {
        try {
            // whatever the native code logs goes to stderr, which opens Fiji's console
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "sumi");
        } catch (LinkageError | IllegalStateException e) {
            if (String.valueOf(e.getMessage()).contains("Shutdown in progress")) {
                throw new CancellationException("Cancelled.");
            }
            throw loadFailure(e);
        }
    }

    /**
     * Threads of each network, from the system property sumi.threads; 0, one for each core, where it isn't set.
     *
     * @throws ModelException if it is no number of threads
     */
    static int threads() {
        String threads = System.getProperty("sumi.threads", "0");
        if (!threads.matches("[0-9]{1,4}")) {
            throw new ModelException("The system property sumi.threads is \"" + threads + "\"; it must be a number of threads, or 0 for one on each core.");
        }
        return Integer.parseInt(threads);
    }

    static ModelException loadFailure(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        if (text.contains("VERS_")) {
            return new ModelException("Another plugin has loaded a different version of ONNX Runtime. "
                    + "Restart Fiji; one sitting can use one of the two.", cause);
        }
        return new ModelException("ONNX Runtime can't be loaded on this machine (" + firstLine(text)
                + "). It needs 64-bit Linux, Windows or macOS on Apple silicon; update Java if it is old.", cause);
    }

    /** What creating a session failed with, a ModelException, for memory a MemoryException, or CancellationException where the JVM is ending. */
    static RuntimeException sessionFailure(String file, OrtException e) {
        String text = reason(e);
        if (endsWithJvm(text)) {
            return new CancellationException("Cancelled.");
        }
        if (MEMORY.matcher(text).find()) {
            return new MemoryException(file + " found too little memory to be loaded (" + text + "). Close other programs and images.", e);
        }
        String remedy = switch (e.getCode()) {
            case ORT_INVALID_PROTOBUF -> "it is not a whole ONNX file. Copy or export it again";
            case ORT_INVALID_GRAPH -> "its graph is not valid. Export it again";
            case ORT_NOT_IMPLEMENTED -> "it uses an operation that this ONNX Runtime lacks. Export it with opset 17";
            default -> fault(text);
        };
        return new ModelException(file + " can't be used: " + remedy + " (" + text + ").", e);
    }

    private static String fault(String text) {
        if (text.contains("IR version")) {
            return "its format is newer than this ONNX Runtime. Save it with IR version 10 or older";
        }
        if (text.contains("Opset ") && text.contains("under development")) {
            return "it is newer than this ONNX Runtime. Export it with opset 17";
        }
        return text.contains("not a registered function/op")
                ? "it uses an operation that this ONNX Runtime lacks. Export it with the operations of ONNX opset 17"
                : "ONNX Runtime refuses it. Export it again";
    }

    /** On Ctrl-C ONNX Runtime frees its environment under the calls that are under way. */
    private static boolean endsWithJvm(String text) {
        return text.contains("DefaultLogger but none has been registered");
    }

    /** The runtime's own words, without its code and the place in its source. */
    static String reason(OrtException e) {
        String text = String.valueOf(e.getMessage()).strip().replaceFirst("^Error code - \\w+ - message: ", "")
                .replaceAll("/onnxruntime_src/\\S+:\\d+ .*?\\) ", "").replaceFirst(" ; GPU=.*", "");
        String line = firstLine(text);
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    static String firstLine(String text) {
        String line = text.strip().split("\\R", 2)[0];
        return line.length() > 240 ? line.substring(0, 240) + "..." : line;
    }

    /** What one call of the network failed with, likewise. */
    static RuntimeException runFailure(String file, OrtException e) {
        String text = reason(e);
        if (endsWithJvm(text)) {
            return new CancellationException("Cancelled.");
        }
        if (MEMORY.matcher(text).find()) {
            return new MemoryException(file + " found too little memory (" + text + "). Choose a smaller tile.", e);
        }
        return new ModelException(file + " failed while it ran (" + text + "). It may not be what sumi.json and unet/config.json say"
                + " (channels, sizeMultiple). Export it again.", e);
    }
}
