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
        };
    }
}
