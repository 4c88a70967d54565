// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.CudaLibraries.State;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLibrariesTest {

    private static final List<String> ALL = List.of("libcudart.so.12", "libcublasLt.so.12", "libcublas.so.12", "libcurand.so.10", "libnvrtc.so.12", "libcudnn.so.9");

    @TempDir
    Path folder;

    private CudaLibraries linux(Map<String, Path> elsewhere) {
        return new CudaLibraries(folder, false, elsewhere::get);
    }

    /** As the packages unpack. */
    private Path put(String place, String name) throws IOException {
        Path file = folder.resolve("nvidia").resolve(place).resolve("lib").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "no library");
    }

    private static State state(List<State> states, String name) {
        return states.stream().filter(state -> state.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void theyAreLoadedInTheOrderOfTheirNeeds() throws IOException {
        List<Path> expected = new ArrayList<>();
        for (String name : ALL) {
            expected.add(put(name, name));
        }
        List<Path> loaded = new ArrayList<>();
        List<State> states = linux(Map.of("libcuda.so.1", Path.of("/usr/lib/libcuda.so.1"))).load(loaded::add);
        assertEquals(expected, loaded, "cublasLt before cublas, the driver not at all");
        assertEquals(new State("libcuda.so.1", Path.of("/usr/lib/libcuda.so.1"), ""), states.get(states.size() - 1));
    }

    @Test
    @DisplayName("Pain 4: CUDA installed by hand, with edits of PATH")
    void theFolderComesBeforeTheSystem() throws IOException {
        Path own = put("cudnn", "libcudnn.so.9");
        Path other = Path.of("/opt/libcublas.so.12");
        List<State> states = linux(Map.of("libcudnn.so.9", Path.of("/opt/libcudnn.so.9"), "libcublas.so.12", other)).find();
        assertEquals(own, state(states, "libcudnn.so.9").file());
        assertEquals(other, state(states, "libcublas.so.12").file());
        assertNull(state(states, "libcurand.so.10").file());
    }

    @Test
    void oneThatCantBeLoadedIsKeptWithItsReasonAndTheOthersAreTried() throws IOException {
        Path broken = put("cublas", "libcublasLt.so.12");
        put("cudnn", "libcudnn.so.9");
        List<Path> loaded = new ArrayList<>();
        List<State> states = linux(Map.of()).load(file -> {
            if (file.equals(broken)) {
                throw new UnsatisfiedLinkError(file + ": " + file + ": invalid ELF header");
            }
            loaded.add(file);
        });
        assertEquals("invalid ELF header", state(states, "libcublasLt.so.12").fault());
        assertEquals(1, loaded.size());
    }

    @Test
    void whatIsNoLibraryIsTold() throws IOException {
        put("cudart", "libcudart.so.12");
        State state = state(linux(Map.of()).load(file -> System.load(file.toString())), "libcudart.so.12");
        assertFalse(state.fault().isEmpty());
    }

    @Test
    void aMissingFolderHoldsNothing() {
        assertTrue(new CudaLibraries(folder.resolve("none"), false, name -> null).find().stream().allMatch(state -> state.file() == null));
    }

    @Test
    void onWindowsThePartsOfCudnnComeBeforeIt() throws IOException {
        for (String name : List.of("cudnn64_9.dll", "cudnn_graph64_9.dll", "cudnn_engines_precompiled64_9.dll", "cublas64_12.dll", "cublasLt64_12.dll")) {
            put(name, name);
        }
        List<String> loaded = new ArrayList<>();
        CudaLibraries windows = new CudaLibraries(folder, true, name -> null);
        windows.load(file -> loaded.add(file.getFileName().toString()));
        assertEquals(List.of("cublasLt64_12.dll", "cublas64_12.dll", "cudnn_graph64_9.dll", "cudnn_engines_precompiled64_9.dll", "cudnn64_9.dll"), loaded);
        assertTrue(windows.remedy("nvcuda.dll").contains("528"));
    }

    @Test
    void theFolderIsTheVariablesOrLibCudaOfTheImageJFolder() {
        Path jar = Path.of("/opt/Fiji.app/plugins/Sumi_-0.1.0.jar");
        assertEquals(Path.of("/opt/Fiji.app/lib/cuda"), CudaLibraries.standardFolder(null, jar));
        assertEquals(Path.of("/opt/Fiji.app/lib/cuda"), CudaLibraries.standardFolder(" ", jar));
        assertEquals(Path.of("/data/cuda"), CudaLibraries.standardFolder("/data/cuda", jar));
        assertEquals(CudaLibraries.standardFolder(System.getenv("SUMI_CUDA"), Path.of("target/classes").toAbsolutePath()),
                CudaLibraries.ofThisMachine().folder());
    }

    @Test
    void theSystemsPathIsSearchedInItsOrder() throws IOException {
        Path first = put("first", "libcudnn.so.9");
        put("second", "libcudnn.so.9");
        Path last = put("second", "libcublas.so.12");
        String path = "/none:" + first.getParent() + "::" + last.getParent();
        assertEquals(Optional.of(first), CudaLibraries.onPath(path.replace(":", File.pathSeparator), "libcudnn.so.9"));
        assertEquals(Optional.of(last), CudaLibraries.onPath(path.replace(":", File.pathSeparator), "libcublas.so.12"));
        assertEquals(Optional.empty(), CudaLibraries.onPath(path.replace(":", File.pathSeparator), "libcurand.so.10"));
        assertEquals(Optional.empty(), CudaLibraries.onPath(null, "libcudnn.so.9"));
    }

    @Test
    void theLoadersCacheIsRead() {
        Map<String, Path> files = CudaLibraries.cached(List.of("1234 libs found in cache `/etc/ld.so.cache'",
                "\tlibcuda.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libcuda.so.1",
                "\tlibcuda.so.1 (libc6) => /lib/i386-linux-gnu/libcuda.so.1",
                "\tlibm.so.6 (libc6,x86-64, OS ABI: Linux 3.2.0) => /lib/x86_64-linux-gnu/libm.so.6"));
        assertEquals(Map.of("libcuda.so.1", Path.of("/lib/x86_64-linux-gnu/libcuda.so.1"), "libm.so.6", Path.of("/lib/x86_64-linux-gnu/libm.so.6")), files);
    }

    @Test
    void theRemedyIsOneCommand() {
        CudaLibraries libraries = new CudaLibraries(Path.of("/opt/My Fiji/lib/cuda"), false, name -> null);
        assertEquals("Fill the folder by: python3 -m pip install --target \"/opt/My Fiji/lib/cuda\" nvidia-cuda-runtime-cu12 nvidia-curand-cu12 \"nvidia-cudnn-cu12<9.11\"",
                libraries.remedy("libcublasLt.so.12"));
        assertEquals("Install NVIDIA's driver, version 525 or newer (Windows: 528).", libraries.remedy("libcuda.so.1"));
        assertEquals("Install it with the system's packages.", libraries.remedy("libz.so.1"));
    }

    @Test
    void theDriversToolIsRead() {
        assertEquals(List.of(new NvidiaGpu(0, "NVIDIA RTX A4000", "535.104.05", "16376 MiB"), new NvidiaGpu(1, "Tesla T4", "535.104.05", "15360 MiB")),
                NvidiaGpu.parse(List.of("0, NVIDIA RTX A4000, 535.104.05, 16376 MiB", "1, Tesla T4, 535.104.05, 15360 MiB")));
        assertEquals(List.of(), NvidiaGpu.parse(List.of("No devices were found", "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")));
        assertEquals("cuda:1 Tesla T4, 15360 MiB", new NvidiaGpu(1, "Tesla T4", "535", "15360 MiB").toString());
        assertEquals(List.of(), SystemCommand.lines("a-program-that-is-not-there"));
        assertEquals(List.of(), SystemCommand.lines("java", "--no-such-option"), "it fails");
    }
}
