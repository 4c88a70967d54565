// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.sumi.model.CudaLibraries.State;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of ONNX Runtime 1.29, its loader and the driver; those of GPUs as others have reported them. */
class CudaFaultTest {

    private static final Path FOLDER = Path.of("/fiji/lib/cuda");
    private static final CudaLibraries LINUX = new CudaLibraries(FOLDER, false, name -> null);
    private static final CudaLibraries WINDOWS = new CudaLibraries(FOLDER, true, name -> null);
    private static final String LOAD = "Error code - ORT_FAIL - message: /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1988 "
            + "onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library "
            + "/tmp/onnxruntime-java1/libonnxruntime_providers_cuda.so with error: ";
    private static final String DEVICE = "Error code - ORT_FAIL - message: /onnxruntime_src/onnxruntime/core/providers/cuda/cuda_execution_provider_info.cc:62 "
            + "[ONNXRuntimeError] : 1 : FAIL : provider_options_utils.h:187 Parse Failed to parse provider option \"device_id\": ";
    private static final String TAIL = " ; GPU=-1 ; hostname=vm ; file=/onnxruntime_src/x.cc ; line=69 ; expr=cudaGetDeviceCount(&num_devices); ";

    private static CudaFault of(String text) {
        return CudaFault.of(text, LINUX, List.of()).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"libcublasLt.so.12, Fill the folder by: python3 -m pip install --target", "libcurand.so.10, Fill the folder by:", "libcuda.so.1, Install NVIDIA's driver",
        "libstdc++.so.6, Install it with the system's packages"})
    @DisplayName("Pain 3: the wrong CUDA for this ONNX Runtime, and nobody says which library is missing")
    void theMissingLibraryIsNamedWithItsRemedy(String name, String remedy) {
        CudaFault fault = of(LOAD + name + ": cannot open shared object file: No such file or directory\n");
        assertEquals(name + " is missing", fault.reason());
        assertTrue(fault.remedy().startsWith(remedy), fault.remedy());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version | NVIDIA's driver is too old              | 525 or newer",
        "CUDA failure 100: no CUDA-capable device is detected                          | the driver finds no NVIDIA GPU          | nvidia-smi must list one",
        "CUDA failure 2: out of memory                                                 | the GPU has too little free memory      | Close other programs",
        "CUDA failure 209: no kernel image is available for execution on the device    | this ONNX Runtime has no code for this GPU | compute capability",
        "CUDA failure 999: unknown error                                               | it fails with error 999, unknown error  | Restart the computer",
        "CUDNN failure 5000: CUDNN_STATUS_EXECUTION_FAILED                             | it fails with CUDNN_STATUS_EXECUTION_FAILED | docs/gpu.md",
        "CUBLAS failure 13: CUBLAS_STATUS_EXECUTION_FAILED                             | it fails with CUBLAS_STATUS_EXECUTION_FAILED | docs/gpu.md"})
    void theDriversErrorsAreExplained(String text, String reason, String remedy) {
        CudaFault fault = of(DEVICE + text + TAIL);
        assertEquals(reason, fault.reason());
        assertTrue(fault.remedy().contains(remedy), fault.remedy());
    }

    @Test
    void aGpuThatIsNotThere() {
        CudaFault fault = of(DEVICE + "Invalid device ID: 3, must be between 0 (inclusive) and 2 (exclusive).");
        assertEquals(new CudaFault("there is no cuda:3", "The last is cuda:1."), fault);
    }

    @Test
    void cudnnIsMissedInTheFirstConvolutionOnly() {
        String text = "Non-zero status code returned while running Conv node. Name:'/conv_in/Conv' Status Message: /onnxruntime_src/onnxruntime/core/providers/cuda/"
                + "cuda_kernel.h:272 static cudnnContext* onnxruntime::cuda::CudaKernel::RequireCudnnHandle(cudnnHandle_t) [ONNXRuntimeError] : 9 : NOT_IMPLEMENTED : "
                + "cuDNN is unavailable or disabled for CUDA Execution Provider: dlopen failed for libcudnn.so: libcudnn.so: cannot open shared object file";
        assertEquals("libcudnn.so.9 is missing", of(text).reason());
        String windows = "cuDNN is unavailable or disabled for CUDA Execution Provider: LoadLibrary failed for cudnn64_9.dll with error 126";
        assertEquals("cudnn64_9.dll is missing", CudaFault.of(windows, WINDOWS, List.of()).orElseThrow().reason());
    }

    @Test
    void aDamagedLibraryIsNotCalledMissing() {
        State damaged = new State("libcublasLt.so.12", FOLDER.resolve("libcublasLt.so.12"), "file too short");
        CudaFault fault = CudaFault.of(LOAD + "libcublasLt.so.12: cannot open shared object file", LINUX, List.of(damaged)).orElseThrow();
        assertEquals("/fiji/lib/cuda/libcublasLt.so.12 can't be loaded (file too short)", fault.reason());
        assertTrue(fault.remedy().startsWith("Remove it. Fill the folder by:"), fault.remedy());
    }

    @Test
    void windowsNamesNothingSoTheFirstThatIsNotThereIs() {
        String text = "LoadLibrary failed with error 126 \"\" when trying to load \"C:\\Temp\\onnxruntime_providers_cuda.dll\"";
        State there = new State("cudart64_12.dll", FOLDER.resolve("cudart64_12.dll"), "");
        State missing = new State("cublas64_12.dll", null, "");
        assertEquals("cublas64_12.dll is missing", CudaFault.of(text, WINDOWS, List.of(there, missing)).orElseThrow().reason());
        assertTrue(CudaFault.of(text, WINDOWS, List.of(there)).orElseThrow().remedy().contains("Visual C++"));
    }

    @Test
    void anOldSystemAndAFullDisk() {
        assertEquals("this Linux is too old, GLIBC_2.34 is missing", of(LOAD + "/lib64/libc.so.6: version `GLIBC_2.34' not found").reason());
        assertTrue(of("Failed to find CUDA shared provider").reason().startsWith("it can't be unpacked to "));
    }

    @Test
    void otherFailuresAreNotCudas() {
        assertEquals(Optional.empty(), CudaFault.of("Got invalid dimensions for input: sample", LINUX, List.of()));
        OrtException other = new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "CUDA failure 719: unspecified launch failure ; GPU=0 ; hostname=vm");
        ModelException failure = new ModelException("the network failed");
        assertEquals(failure, DeviceSetup.fault(Device.CPU, failure, other));
        assertInstanceOf(DeviceException.class, DeviceSetup.fault(Device.CUDA, failure, other));
        MemoryException memory = new MemoryException("too little", null);
        assertEquals(memory, DeviceSetup.fault(Device.CUDA, memory, other), "a smaller tile may do");
    }

    @Test
    void memoryOfAGpuIsMemory() {
        for (String text : new String[] {"CUDA failure 2: out of memory ; GPU=0 ; hostname=vm ; file=x.cc ; line=1 ; expr=cudaMalloc((void**)&p, size);",
            "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0", "CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0",
            "Available memory of 1000 is smaller than requested bytes of 2000"}) {
            RuntimeException failure = OnnxRuntime.runFailure("model.onnx", new OrtException(OrtException.OrtErrorCode.ORT_FAIL, text));
            assertInstanceOf(MemoryException.class, failure);
            assertTrue(!failure.getMessage().contains("hostname"), failure.getMessage());
            assertInstanceOf(MemoryException.class, OnnxRuntime.sessionFailure("model.onnx", new OrtException(OrtException.OrtErrorCode.ORT_FAIL, text)));
        }
    }
}
