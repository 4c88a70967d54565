// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the network is to run on: the value of the key {@code device}.
 *
 * @param kind what kind of device
 * @param index of the GPU, counted from 0; 0 unless {@link Kind#CUDA}
 * @param tf32 whether a GPU may multiply with 10 bits after the binary point (TensorFloat-32): faster, less exact
 * @param gigabytes of its memory that ONNX Runtime may take (2^30 bytes each); 0 for all
 */
public record Device(Kind kind, int index, boolean tf32, int gigabytes) {

    /** AUTO is the best of those that this build has and that work here, CoreML left out. */
    public enum Kind { AUTO, CPU, CUDA, COREML }

    public static final Device AUTO = of(Kind.AUTO);
    public static final Device CPU = of(Kind.CPU);
    public static final Device CUDA = of(Kind.CUDA);
    public static final Device COREML = of(Kind.COREML);

    private static final Pattern GPU = Pattern.compile("cuda(?::([0-9]{1,2}))?(\\+tf32)?(?:\\+([1-9][0-9]{0,2})gb)?");

    private static Device of(Kind kind) {
        return new Device(kind, 0, false, 0);
    }

    /** The first, second, ... GPU. @param index counted from 0 */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index, false, 0);
    }

    /**
     * Reads {@code auto}, {@code cpu}, {@code coreml}, {@code cuda} or {@code cuda:1}, which can be followed by {@code +tf32} and
     * {@code +4gb}.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Device parse(String text) {
        switch (text) {
            case "auto":
                return AUTO;
            case "cpu":
                return CPU;
            case "coreml":
                return COREML;
            default:
                Matcher gpu = GPU.matcher(text);
                if (!gpu.matches()) {
                    throw new IllegalArgumentException("device is \"" + text + "\"; it must be auto, cpu, cuda, cuda:1 for the second GPU, or coreml;"
                            + " after cuda there can be +tf32 and +4gb.");
                }
                return new Device(Kind.CUDA, number(gpu.group(1)), gpu.group(2) != null, number(gpu.group(3)));
        }
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        return switch (kind) {
            case AUTO -> "auto";
            case CPU -> "cpu";
            case COREML -> "coreml";
            case CUDA -> "cuda:" + index + (tf32 ? "+tf32" : "") + (gigabytes == 0 ? "" : "+" + gigabytes + "gb");
        };
    }
}
