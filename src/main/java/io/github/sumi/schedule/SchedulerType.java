// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.Arrays;

/** The scheduler classes of diffusers that are known. */
public enum SchedulerType {
    /** Ho et al. 2020. */
    DDPM("DDPMScheduler"),
    /** Song, Meng &amp; Ermon 2021. */
    DDIM("DDIMScheduler");

    private final String className;

    SchedulerType(String className) {
        this.className = className;
    }

    /** @throws IllegalArgumentException if there is no such class */
    static SchedulerType of(String className) {
        for (SchedulerType type : values()) {
            if (type.className.equals(className)) {
                return type;
            }
        }
        throw new IllegalArgumentException("The scheduler class \"" + className + "\" is not known; known are "
                + Arrays.toString(Arrays.stream(values()).map(SchedulerType::className).toArray()) + ". Save the model with one of them.");
    }

    /** The value of {@code _class_name}. */
    public String className() {
        return className;
    }
}
