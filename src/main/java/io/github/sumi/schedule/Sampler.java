// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The values of the key sampler. */
public enum Sampler {
    /** Ancestral sampling. */
    DDPM("ddpm", SchedulerType.DDPM),
    /** Implicit; deterministic at eta 0, ddpm at eta 1. */
    DDIM("ddim", SchedulerType.DDIM);

    private final String key;
    private final SchedulerType type;

    Sampler(String key, SchedulerType type) {
        this.key = key;
        this.type = type;
    }

    /** @throws IllegalArgumentException if there is no such sampler */
    public static Sampler of(String key) {
        for (Sampler sampler : values()) {
            if (sampler.key.equals(key)) {
                return sampler;
            }
        }
        throw new IllegalArgumentException("sampler is \"" + key + "\"; it must be one of "
                + Arrays.stream(values()).map(Sampler::key).collect(Collectors.joining(", ")) + ".");
    }

    public String key() {
        return key;
    }

    SchedulerType type() {
        return type;
    }
}
