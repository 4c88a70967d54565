// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.List;
import java.util.Map;

/** Sessions on a device, and what goes wrong with it. */
final class DeviceSetup {

    private static final String CUDA = "CUDA";
    private static final String CORE_ML = "CoreML";
    private static final long GIGABYTE = 1L << 30;

    private DeviceSetup() {
    }

    /** Whether this build of ONNX Runtime has CUDA; not whether it works here. */
    static boolean hasCuda() {
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
    }

    static boolean hasCoreMl() {
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CORE_ML);
    }

    /**
     * Options for a session on a device other than auto.
     *
     * @throws DeviceException if the device can't be used here
     */
    static SessionOptions options(Device device) throws OrtException {
        SessionOptions options = new SessionOptions();
        try {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setIntraOpNumThreads(OnnxRuntime.threads());
            // it would keep a second block for each shape: two thirds more memory for a large tile, no faster
            options.setMemoryPatternOptimization(false);
            // or bytes that look like the runtime's own format would pass by the check of the file
            options.addConfigEntry("session.load_model_format", "ONNX");
            switch (device.kind()) {
                case CUDA -> addCuda(options, device);
                case COREML -> addCoreMl(options);
                default -> { }
            }
            return options;
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
        }
    }

    private static void addCuda(SessionOptions options, Device device) {
        if (!hasCuda()) {
            throw new DeviceException(CUDA, "it is not in this build of Sumi",
                    "Install sumi-fiji-cuda.zip (Linux and Windows, docs/gpu.md), or choose device=auto.", null);
        }
        CudaLibraries libraries = CudaLibraries.ofThisMachine();
        List<CudaLibraries.State> states = libraries.load(file -> System.load(file.toString()));
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
            // measured anew for each shape, EXHAUSTIVE takes longer than many calls
            cuda.add("cudnn_conv_algo_search", "HEURISTIC");
            cuda.add("arena_extend_strategy", "kSameAsRequested");
            cuda.add("use_tf32", device.tf32() ? "1" : "0");
            if (device.gigabytes() > 0) {
                cuda.add("gpu_mem_limit", String.valueOf(device.gigabytes() * GIGABYTE));
            }
            options.addCUDA(cuda);
        } catch (OrtException e) {
            CudaFault fault = CudaFault.of(String.valueOf(e.getMessage()), libraries, states)
                    .orElseGet(() -> new CudaFault(OnnxRuntime.reason(e), "Choose device=cpu."));
            throw new DeviceException(CUDA, fault.reason(), fault.remedy(), e);
        }
    }

    private static void addCoreMl(SessionOptions options) throws OrtException {
        if (!hasCoreMl()) {
            throw new DeviceException(CORE_ML, "it is not in this build of Sumi", "Only macOS on Apple silicon has it; choose device=auto.", null);
        }
        options.addCoreML(Map.of("ModelFormat", "MLProgram"));
    }

    /** Why auto takes the processor, in a few words. */
    static String brief(ModelException e) {
        if (e instanceof DeviceException device) {
            return device.brief();
        }
        return CUDA + ": " + (e instanceof MemoryException ? "too little free memory" : e.getMessage());
    }

    /**
     * What a failed session or call means where its device is to blame.
     *
     * @param failure what it means otherwise
     */
    static RuntimeException fault(Device device, RuntimeException failure, OrtException e) {
        if (device.kind() != Device.Kind.CUDA || failure instanceof MemoryException) {
            return failure;
        }
        return CudaFault.of(String.valueOf(e.getMessage()), CudaLibraries.ofThisMachine(), List.of())
                .<RuntimeException>map(fault -> new DeviceException(CUDA, fault.reason(), fault.remedy(), e)).orElse(failure);
    }
}
