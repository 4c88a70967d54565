// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/** Makes the scheduler that a configuration names. */
public final class Schedulers {

    private Schedulers() {
    }

    /**
     * The whole chain, from noise to image.
     *
     * @param numInferenceSteps 1 to numTrainTimesteps
     * @throws IllegalArgumentException if there can't be that many steps, or the options contradict each other
     */
    public static Scheduler of(SchedulerConfig config, int numInferenceSteps) {
        return switch (config.type()) {
            case DDPM -> DdpmScheduler.of(config, numInferenceSteps);
            case DDIM -> DdimScheduler.of(config, numInferenceSteps);
            case DPM_SOLVER_MULTISTEP -> DpmSolver.of(config, numInferenceSteps);
            case UNIPC_MULTISTEP -> UniPc.of(config, numInferenceSteps);
            case EULER_DISCRETE, EULER_ANCESTRAL_DISCRETE -> Euler.of(config, numInferenceSteps);
            case HEUN_DISCRETE -> Heun.of(config, numInferenceSteps);
            case PNDM -> Pndm.of(config, numInferenceSteps);
            case LCM -> Lcm.of(config, numInferenceSteps);
            case EDM_EULER, EDM_DPM_SOLVER_MULTISTEP -> EdmConfig.scheduler(config, numInferenceSteps);
        };
    }

    /**
     * A chain entered in the middle; it ends at the image itself.
     *
     * @param timesteps falling, within 0 to numTrainTimesteps - 1, fractions allowed
     * @throws IllegalArgumentException if they aren't, or the scheduler can't be entered there
     */
    public static Scheduler of(SchedulerConfig config, double[] timesteps) {
        return switch (config.type()) {
            case DDPM -> DdpmScheduler.of(config, timesteps);
            case DDIM -> DdimScheduler.of(config, timesteps);
            case DPM_SOLVER_MULTISTEP -> DpmSolver.of(config, timesteps);
            default -> throw new IllegalArgumentException("a chain of an " + config.type().className()
                    + " can't be entered in the middle; choose the sampler ddpm, ddim or dpmpp-sde.");
        };
    }
}
