// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.util.List;
import java.util.Objects;

/**
 * A GPU that NVIDIA's driver knows.
 *
 * @param index what cuda:N counts by, as long as CUDA_VISIBLE_DEVICES hides none
 * @param name the product
 * @param driver version of the driver
 * @param memory with its unit
 */
record NvidiaGpu(int index, String name, String driver, String memory) {

    /** All of this machine, by the tool that the driver brings; none where there is no driver. */
    static List<NvidiaGpu> all() {
        return parse(SystemCommand.lines("nvidia-smi", "--query-gpu=index,name,driver_version,memory.total", "--format=csv,noheader"));
    }

    /** @param lines such as "0, NVIDIA RTX A4000, 535.104.05, 16376 MiB"; others are skipped */
    static List<NvidiaGpu> parse(List<String> lines) {
        return lines.stream().map(NvidiaGpu::of).filter(Objects::nonNull).toList();
    }

    private static NvidiaGpu of(String line) {
        String[] fields = line.strip().split("\\s*,\\s*");
        return fields.length == 4 && fields[0].matches("[0-9]{1,2}")
                ? new NvidiaGpu(Integer.parseInt(fields[0]), fields[1], fields[2], fields[3]) : null;
    }

    @Override
    public String toString() {
        return "cuda:" + index + " " + name + ", " + memory;
    }
}
