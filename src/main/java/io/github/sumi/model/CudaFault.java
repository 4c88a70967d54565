// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with CUDA, told from the words of ONNX Runtime, of the system's loader and of the driver.
 *
 * @param reason a clause, such as "libcuda.so.1 is missing"
 * @param remedy what to do, a sentence
 */
record CudaFault(String reason, String remedy) {

    private static final Pattern CUDNN_MISSING = Pattern.compile("cuDNN is (?:unavailable|not available)|cudnn64_9\\.dll");
    private static final Pattern MISSING = Pattern.compile("(lib[^\\s:/]+\\.so[.0-9]*): cannot open shared object file");
    private static final Pattern OLD_SYSTEM = Pattern.compile("version [`']((?:GLIBC|GLIBCXX|CXXABI)_[0-9.]+)' not found");
    /** The module, or one that it needs, wasn't found; Windows doesn't say which. */
    private static final Pattern NAMELESS = Pattern.compile("LoadLibrary failed with error 126\\b");
    private static final Pattern NOT_UNPACKED = Pattern.compile("Failed to find CUDA shared provider");
    private static final Pattern NO_SUCH_GPU = Pattern.compile("Invalid device ID: ([0-9]+), must be between 0 \\(inclusive\\) and ([0-9]+) \\(exclusive\\)");
    private static final Pattern CUDA = Pattern.compile("CUDA failure ([0-9]+): ([^;]{1,120})");
    private static final Pattern PART = Pattern.compile("(?:CUDNN|CUBLAS|CURAND|CUDNN_FE) failure [0-9]+: ([^;]{1,120})");
    private static final int MEMORY = 2;
    private static final int DRIVER_TOO_OLD = 35;
    private static final int NO_GPU = 100;
    private static final int NO_KERNEL = 209;

    /**
     * What a failure means.
     *
     * @param text of the failure
     * @param states what became of the libraries when they were loaded
     * @return nothing where CUDA is not what failed
     */
    static Optional<CudaFault> of(String text, CudaLibraries libraries, List<CudaLibraries.State> states) {
        if (CUDNN_MISSING.matcher(text).find()) {
            return Optional.of(library(libraries.cudnn(), libraries, states));
        }
        Matcher found = MISSING.matcher(text);
        if (found.find()) {
            return Optional.of(library(found.group(1), libraries, states));
        }
        found = OLD_SYSTEM.matcher(text);
        if (found.find()) {
            return Optional.of(new CudaFault("this Linux is too old, " + found.group(1) + " is missing", "Update the system."));
        }
        if (NAMELESS.matcher(text).find()) {
            return Optional.of(nameless(libraries, states));
        }
        if (NOT_UNPACKED.matcher(text).find()) {
            return Optional.of(new CudaFault("it can't be unpacked to " + System.getProperty("java.io.tmpdir"), "Free 1 GB there."));
        }
        found = NO_SUCH_GPU.matcher(text);
        if (found.find()) {
            return Optional.of(new CudaFault("there is no cuda:" + found.group(1), "The last is cuda:" + (Integer.parseInt(found.group(2)) - 1) + "."));
        }
        found = CUDA.matcher(text);
        if (found.find()) {
            return Optional.of(driver(Integer.parseInt(found.group(1)), found.group(2).strip(), libraries));
        }
        found = PART.matcher(text);
        return found.find() ? Optional.of(new CudaFault("it fails with " + found.group(1).strip(),
                "Compare driver and libraries with what docs/gpu.md names.")) : Optional.empty();
    }

    private static CudaFault library(String name, CudaLibraries libraries, List<CudaLibraries.State> states) {
        return states.stream().filter(state -> state.name().equals(name) && !state.fault().isEmpty()).findFirst().map(state -> damaged(state, libraries))
                .orElseGet(() -> new CudaFault(name + " is missing", libraries.remedy(name)));
    }

    private static CudaFault damaged(CudaLibraries.State state, CudaLibraries libraries) {
        return new CudaFault(state.file() + " can't be loaded (" + state.fault() + ")", "Remove it. " + libraries.remedy(state.name()));
    }

    private static CudaFault nameless(CudaLibraries libraries, List<CudaLibraries.State> states) {
        for (CudaLibraries.State state : states) {
            if (state.file() == null) {
                return library(state.name(), libraries, states);
            }
            if (!state.fault().isEmpty()) {
                return damaged(state, libraries);
            }
        }
        return new CudaFault("a library is missing, and Windows doesn't say which", "Update NVIDIA's driver and the Visual C++ runtime.");
    }

    private static CudaFault driver(int code, String words, CudaLibraries libraries) {
        return switch (code) {
            case MEMORY -> new CudaFault("the GPU has too little free memory", "Close other programs that use it.");
            case DRIVER_TOO_OLD -> new CudaFault("NVIDIA's driver is too old", libraries.remedy(libraries.driver()));
            case NO_GPU -> new CudaFault("the driver finds no NVIDIA GPU",
                    "The command nvidia-smi must list one; CUDA_VISIBLE_DEVICES can hide it, and a container must be given it.");
            case NO_KERNEL -> new CudaFault("this ONNX Runtime has no code for this GPU", "Those of compute capability 6 to 9 and 12 are known.");
            default -> new CudaFault("it fails with error " + code + ", " + words, "Restart the computer; if it comes again, install NVIDIA's driver anew.");
        };
    }
}
