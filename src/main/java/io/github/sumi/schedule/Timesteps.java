// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/** The timesteps of a chain shorter than training's, as diffusers chooses them. */
final class Timesteps {

    private Timesteps() {
    }

    /**
     * Those of DDPM, DDIM and PNDM: whole ones.
     *
     * @throws IllegalArgumentException if there can't be that many, or the offset leads beyond the last
     */
    static double[] of(SchedulerConfig config, int n) {
        double[] timesteps = closed(config, n);
        for (int i = 0; i < n; i++) {
            // diffusers rounds halves to even, as rint does
            timesteps[i] = Math.rint(timesteps[i]);
        }
        return check(timesteps, config.betas().numTrainTimesteps());
    }

    /** Those of Euler and Heun: the same, not rounded where they are spread evenly from the last to 0. */
    static double[] closed(SchedulerConfig config, int n) {
        int total = checkSteps(config, n);
        double[] timesteps = new double[n];
        for (int i = 0; i < n; i++) {
            int fromEnd = n - 1 - i;
            timesteps[i] = switch (config.spacing().timestepSpacing()) {
                case LEADING -> (double) fromEnd * (total / n) + config.spacing().stepsOffset();
                case TRAILING -> Math.rint(total + i * trailingStride(total, total, n)) - 1;
                case LINSPACE -> n == 1 ? 0 : i == 0 ? total - 1 : fromEnd * ((total - 1.0) / (n - 1));
            };
        }
        return check(timesteps, total);
    }

    /**
     * Those of DPM-Solver and UniPC: of one step more, without the last.
     *
     * @param end timesteps below this one count
     */
    static double[] open(SchedulerConfig config, int end, int n) {
        int total = checkSteps(config, n);
        TimestepSpacing spacing = config.spacing().timestepSpacing();
        boolean cut = spacing == TimestepSpacing.TRAILING && end < total;
        double[] timesteps = new double[cut ? (int) Math.ceil(end / ((double) total / n)) : n];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = switch (spacing) {
                case LEADING -> (double) (n - i) * (end / (n + 1)) + config.spacing().stepsOffset();
                case TRAILING -> Math.rint(end + i * trailingStride(end, total, n)) - 1;
                case LINSPACE -> i == 0 ? end - 1 : Math.rint((n - i) * ((end - 1.0) / n));
            };
        }
        return check(timesteps, total);
    }

    static int checkSteps(SchedulerConfig config, int n) {
        int total = config.betas().numTrainTimesteps();
        if (n < 1 || n > total) {
            throw new IllegalArgumentException("steps is " + n + "; it must be from 1 to " + total
                    + ", the timesteps that the model was trained with.");
        }
        return total;
    }

    /** The difference that numpy's arange, and so diffusers, sees between two entries: it moves what is halfway. */
    private static double trailingStride(int start, int total, int n) {
        return (start - (double) total / n) - start;
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
