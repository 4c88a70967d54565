// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The values of the key sampler. */
public enum Sampler {
    /** Ancestral sampling. */
    DDPM("ddpm", SchedulerType.DDPM),
    /** Implicit; deterministic at eta 0, ddpm at eta 1. */
    DDIM("ddim", SchedulerType.DDIM),
    /** DPM-Solver++, multistep. */
    DPMPP("dpmpp", SchedulerType.DPM_SOLVER_MULTISTEP),
    /** Its stochastic form. */
    DPMPP_SDE("dpmpp-sde", SchedulerType.DPM_SOLVER_MULTISTEP),
    /** UniPC. */
    UNIPC("unipc", SchedulerType.UNIPC_MULTISTEP),
    /** Euler's method. */
    EULER("euler", SchedulerType.EULER_DISCRETE),
    /** The same with the posterior's noise. */
    EULER_ANCESTRAL("euler-ancestral", SchedulerType.EULER_ANCESTRAL_DISCRETE),
    /** Heun's method. */
    HEUN("heun", SchedulerType.HEUN_DISCRETE),
    /** Pseudo numerical methods. */
    PNDM("pndm", SchedulerType.PNDM),
    /** For networks distilled so. */
    LCM("lcm", SchedulerType.LCM),
    /** Euler's method for the networks of Karras et al. 2022. */
    EDM_EULER("edm-euler", SchedulerType.EDM_EULER),
    /** DPM-Solver++ for them. */
    EDM_DPMPP("edm-dpmpp", SchedulerType.EDM_DPM_SOLVER_MULTISTEP),
    /** Its stochastic form. */
    EDM_DPMPP_SDE("edm-dpmpp-sde", SchedulerType.EDM_DPM_SOLVER_MULTISTEP);

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

    /** The fields with those that make the sampler out of its class. */
    ConfigFields pin(ConfigFields fields) {
        return switch (this) {
            case DPMPP, EDM_DPMPP -> fields.with("algorithm_type", DpmSolver.Algorithm.DPMSOLVER_PP);
            case DPMPP_SDE, EDM_DPMPP_SDE -> fields.with("algorithm_type", DpmSolver.Algorithm.SDE_DPMSOLVER_PP);
            default -> fields;
        };
    }
}
