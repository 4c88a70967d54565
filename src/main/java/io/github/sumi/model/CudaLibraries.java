// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The libraries of CUDA that ONNX Runtime needs. A folder of the user's comes first, then where the system itself looks. They
 * are loaded before ONNX Runtime asks for them by name, so that neither LD_LIBRARY_PATH nor PATH must be set.
 *
 * @param folder the user's; it may be missing
 * @param windows whether the names are those of Windows
 * @param system finds a file by its name where the system itself looks; null where it isn't there
 */
record CudaLibraries(Path folder, boolean windows, Function<String, Path> system) {

    /** The environment variable that names the folder. */
    static final String VARIABLE = "SUMI_CUDA";

    /** In the order in which they are loaded: each after those that it needs. */
    private static final List<String> LINUX = List.of("libcudart.so.12", "libcublasLt.so.12", "libcublas.so.12", "libcurand.so.10",
            "libnvrtc.so.12", "libcudnn.so.9");
    /** Windows, unlike Linux, doesn't look for the parts of cuDNN beside it. */
    private static final List<String> WINDOWS = List.of("cudart64_12.dll", "cublasLt64_12.dll", "cublas64_12.dll", "curand64_10.dll",
            "nvrtc64_120_0.dll", "cudnn_graph64_9.dll", "cudnn_ops64_9.dll", "cudnn_cnn64_9.dll", "cudnn_adv64_9.dll", "cudnn_heuristic64_9.dll",
            "cudnn_engines_precompiled64_9.dll", "cudnn_engines_runtime_compiled64_9.dll", "cudnn64_9.dll");
    private static final String PACKAGES = "nvidia-cuda-runtime-cu12 nvidia-curand-cu12 \"nvidia-cudnn-cu12<9.11\"";
    /** A line of "ldconfig -p". */
    private static final Pattern CACHED = Pattern.compile("\\s*(\\S+) \\(.*x86-64.*\\) => (\\S+)");
    /** The packages unpack to nvidia/cudnn/lib/libcudnn.so.9. */
    private static final int DEPTH = 5;

    /**
     * A library and where it is.
     *
     * @param file null where it is missing
     * @param fault why it can't be loaded; empty if it can, or that wasn't tried
     */
    record State(String name, Path file, String fault) {
    }

    static CudaLibraries ofThisMachine() {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        String path = System.getenv(windows ? "PATH" : "LD_LIBRARY_PATH");
        Map<String, Path> cache = windows ? Map.of() : cached(SystemCommand.lines("/sbin/ldconfig", "-p"));
        return new CudaLibraries(standardFolder(System.getenv(VARIABLE), ownPlace()), windows,
                name -> onPath(path, name).orElseGet(() -> cache.get(name)));
    }

    /**
     * @param variable the value of {@value #VARIABLE}, or null
     * @param place the file or folder that Sumi's classes are in
     */
    static Path standardFolder(String variable, Path place) {
        // the jar is in plugins, so this is lib/cuda of the ImageJ folder
        return variable != null && !variable.isBlank() ? Path.of(variable).toAbsolutePath() : place.resolve("../../lib/cuda").normalize();
    }

    private static Path ownPlace() {
        URL place = CudaLibraries.class.getProtectionDomain().getCodeSource().getLocation();
        try {
            return new File(place.toURI()).toPath();
        } catch (URISyntaxException | IllegalArgumentException e) {
            // a class loader that leaves spaces as they are
            return new File(place.getPath()).toPath();
        }
    }

    /** @param lines what "ldconfig -p" prints */
    static Map<String, Path> cached(List<String> lines) {
        Map<String, Path> files = new HashMap<>();
        for (String line : lines) {
            Matcher entry = CACHED.matcher(line);
            if (entry.matches()) {
                files.putIfAbsent(entry.group(1), Path.of(entry.group(2)));
            }
        }
        return files;
    }

    /** The name of the driver's library, which no package brings. */
    String driver() {
        return windows ? "nvcuda.dll" : "libcuda.so.1";
    }

    /** The name of cuDNN, which ONNX Runtime asks for when the first convolution runs. */
    String cudnn() {
        return windows ? "cudnn64_9.dll" : "libcudnn.so.9";
    }

    /** Where they are, the driver's last. */
    List<State> find() {
        Map<String, Path> own = inFolder();
        List<String> names = new ArrayList<>(windows ? WINDOWS : LINUX);
        names.add(driver());
        return names.stream().map(name -> new State(name, own.containsKey(name) ? own.get(name) : system.apply(name), "")).toList();
    }

    /**
     * Loads those that are there, but not the driver's, which ONNX Runtime finds by itself.
     *
     * @param loader throws UnsatisfiedLinkError where it can't
     * @return as {@link #find}, with what became of them
     */
    List<State> load(Consumer<Path> loader) {
        return find().stream().map(state -> state.file() == null || state.name().equals(driver()) ? state : load(state, loader)).toList();
    }

    private static State load(State state, Consumer<Path> loader) {
        try {
            loader.accept(state.file());
            return state;
        } catch (UnsatisfiedLinkError e) {
            return new State(state.name(), state.file(), OnnxRuntime.firstLine(String.valueOf(e.getMessage())).replace(state.file() + ": ", ""));
        }
    }

    private Map<String, Path> inFolder() {
        Map<String, Path> files = new HashMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> found = Files.walk(folder, DEPTH)) {
                found.filter(Files::isRegularFile).forEach(file -> files.putIfAbsent(file.getFileName().toString(), file));
            } catch (IOException | UncheckedIOException e) {
                throw new ModelException(folder + " can't be read (" + e.getMessage() + "). Let others read it, or name another folder in "
                        + VARIABLE + ".", e);
            }
        }
        return files;
    }

    /** @param path folders as in PATH, or null */
    static Optional<Path> onPath(String path, String name) {
        return Stream.of(path == null ? new String[0] : path.split(File.pathSeparator)).filter(place -> !place.isBlank())
                .map(place -> new File(place, name)).filter(File::isFile).map(File::toPath).findFirst();
    }

    /** What to do where a library is missing, a sentence. */
    String remedy(String name) {
        if (name.equals(driver())) {
            return "Install NVIDIA's driver, version 525 or newer (Windows: 528).";
        }
        return (windows ? WINDOWS : LINUX).contains(name) ? "Fill the folder by: " + fill() : "Install it with the system's packages.";
    }

    /** The command that fills the folder. */
    String fill() {
        return (windows ? "python" : "python3") + " -m pip install --target \"" + folder + "\" " + PACKAGES;
    }
}
