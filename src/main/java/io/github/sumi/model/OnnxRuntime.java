// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;

/** Loading ONNX Runtime, and its faults put into words. */
final class OnnxRuntime {

    private OnnxRuntime() {
    }

    /** The environment that all of this JVM shares. @throws ModelException if the native library can't be loaded */
    static OrtEnvironment environment() {
        try {
            // whatever the native code logs goes to stderr, which opens Fiji's console
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "sumi");
        } catch (LinkageError | IllegalStateException e) {
            throw loadFailure(e);
        }
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

    /** What creating a session failed with. */
    static ModelException sessionFailure(String file, OrtException e) {
        String text = firstLine(String.valueOf(e.getMessage()));
        String remedy = switch (e.getCode()) {
            case ORT_INVALID_PROTOBUF -> "it is not a whole ONNX file. Copy or export it again";
            case ORT_INVALID_GRAPH -> "its graph is not valid. Export it again";
            case ORT_NOT_IMPLEMENTED -> "it uses an operation that this ONNX Runtime lacks. Export it with an older opset";
            default -> text.contains("opset") || text.contains("IR version")
                    ? "it is newer than this ONNX Runtime. Export it with an older opset (17 or 18)"
                    : "ONNX Runtime refuses it. Export it again";
        };
        return new ModelException(file + " can't be used: " + remedy + " (" + text + ").", e);
    }

    private static String firstLine(String text) {
        String line = text.strip().split("\\R", 2)[0];
        return line.length() > 240 ? line.substring(0, 240) + "..." : line;
    }

    /** What one call of the network failed with. */
    static ModelException runFailure(String file, OrtException e) {
        return new ModelException(file + " failed while it ran (" + firstLine(String.valueOf(e.getMessage()))
                + "). If memory ran out, choose a smaller tile.", e);
    }
}
