// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/** The timesteps of a chain shorter than training's, as diffusers chooses them. */
final class Timesteps {

    private Timesteps() {
    }

    /** @throws IllegalArgumentException if there can't be that many, or the offset leads beyond the last */
    static double[] of(SchedulerConfig config, int numInferenceSteps) {
        int total = config.betas().numTrainTimesteps();
        if (numInferenceSteps < 1 || numInferenceSteps > total) {
            throw new IllegalArgumentException("steps is " + numInferenceSteps + "; it must be from 1 to " + total
                    + ", the timesteps that the model was trained with.");
        }
        double[] timesteps = new double[numInferenceSteps];
        for (int i = 0; i < numInferenceSteps; i++) {
            int fromEnd = numInferenceSteps - 1 - i;
            // diffusers rounds halves to even, as rint does
            timesteps[i] = switch (config.spacing().timestepSpacing()) {
                case LEADING -> (double) fromEnd * (total / numInferenceSteps) + config.spacing().stepsOffset();
                case TRAILING -> Math.rint(total + i * trailingStride(total, numInferenceSteps)) - 1;
                case LINSPACE -> numInferenceSteps == 1 ? 0
                        : Math.rint(fromEnd * ((total - 1.0) / (numInferenceSteps - 1)));
            };
        }
        return check(timesteps, total);
    }

    /** The difference that numpy's arange, and so diffusers, sees between two entries: it moves what is halfway. */
    private static double trailingStride(int total, int numInferenceSteps) {
        return (total - (double) total / numInferenceSteps) - total;
    }

    /** A checked copy of timesteps that fall from T - 1 at most to 0 at least. */
    static double[] check(double[] timesteps, int total) {
        if (timesteps.length == 0) {
            throw new IllegalArgumentException("a chain needs one timestep or more.");
        }
        double before = Math.nextDown((double) total);
        for (double timestep : timesteps) {
            if (!(timestep >= 0 && timestep <= total - 1)) {
                throw new IllegalArgumentException("timestep " + timestep + " must be from 0 to " + (total - 1)
                        + ". Take fewer steps, or another steps_offset.");
            }
            if (timestep >= before) {
                throw new IllegalArgumentException("timestep " + timestep + " follows " + before + "; timesteps must fall.");
            }
            before = timestep;
        }
        return timesteps.clone();
    }
}
