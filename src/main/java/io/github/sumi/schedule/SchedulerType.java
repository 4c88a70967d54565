// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.Arrays;

/** The scheduler classes of diffusers that are known. */
public enum SchedulerType {
    /** Ho et al. 2020. */
    DDPM("DDPMScheduler"),
    /** Song, Meng &amp; Ermon 2021. */
    DDIM("DDIMScheduler"),
    /** Lu et al. 2022 and 2022b. */
    DPM_SOLVER_MULTISTEP("DPMSolverMultistepScheduler"),
    /** Zhao et al. 2023. */
    UNIPC_MULTISTEP("UniPCMultistepScheduler"),
    /** Karras et al. 2022, first order. */
    EULER_DISCRETE("EulerDiscreteScheduler"),
    /** The same with the posterior's noise. */
    EULER_ANCESTRAL_DISCRETE("EulerAncestralDiscreteScheduler"),
    /** Karras et al. 2022, second order. */
    HEUN_DISCRETE("HeunDiscreteScheduler"),
    /** Liu et al. 2022. */
    PNDM("PNDMScheduler"),
    /** Luo et al. 2023. */
    LCM("LCMScheduler"),
    /** Karras et al. 2022, with their networks. */
    EDM_EULER("EDMEulerScheduler"),
    /** DPM-Solver++ with their networks. */
    EDM_DPM_SOLVER_MULTISTEP("EDMDPMSolverMultistepScheduler");

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

    /** Whether its networks are those of Karras et al. 2022, which no other scheduler can sample. */
    boolean edm() {
        return this == EDM_EULER || this == EDM_DPM_SOLVER_MULTISTEP;
    }

    /** The value of {@code _class_name}. */
    public String className() {
        return className;
    }
}
