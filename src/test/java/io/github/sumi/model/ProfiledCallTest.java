// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfiledCallTest {

    @TempDir
    Path temporary;

    @Test
    void operationsAreCountedWhereTheyRan() throws IOException {
        Path profile = Files.writeString(temporary.resolve("profile.json"), """
                [{"cat": "Session", "name": "model_run", "args": {}},
                {"cat": "Node", "name": "conv_kernel_time", "args": {"op_name": "Conv", "provider": "CUDAExecutionProvider"}},
                {"cat": "Node", "name": "conv_fence_before", "args": {"op_name": "Conv", "provider": "CUDAExecutionProvider"}},
                {"cat": "Node", "name": "add_kernel_time", "args": {"op_name": "Add", "provider": "CUDAExecutionProvider"}},
                {"cat": "Node", "name": "shape_kernel_time", "args": {"op_name": "Shape", "provider": "CPUExecutionProvider"}},
                {"cat": "Kernel", "name": "gemm"}]
                """);
        assertEquals(Map.of("CUDA", 2, "CPU", 1), ProfiledCall.count(profile));
    }

    @Test
    void aCallOnTheProcessorIsAllOnTheProcessor() {
        String said = ProfiledCall.operations(Model.load(TinyModel.folder(temporary, "timestep-float-n")), Device.CPU, 16);
        assertTrue(said.matches("[1-9][0-9]* operations on CPU"), said);
    }
}
