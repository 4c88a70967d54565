// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.OrtEnvironment;
import java.util.List;

/**
 * Which ONNX Runtime is in use.
 *
 * @param version its version
 * @param jar where its classes come from
 * @param providers execution providers compiled in; that one is listed doesn't mean that this machine can use it
 */
public record RuntimeReport(String version, String jar, List<String> providers) {

    /** Loads ONNX Runtime. @throws ModelException if it can't be loaded here */
    public static RuntimeReport read() {
        try {
            String jar = String.valueOf(OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation().getPath());
            List<String> providers = OrtEnvironment.getAvailableProviders().stream().map(Enum::name).sorted().toList();
            return new RuntimeReport(OnnxRuntime.environment().getVersion(), jar, providers);
        } catch (LinkageError e) {
            throw OnnxRuntime.loadFailure(e);
        }
    }
}
