// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.SchedulerConfig;
import io.github.sumi.schedule.Schedulers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model's noise schedule (Ho et al. 2020, section 2) and the timesteps at which a sampler asks the network.
 *
 * @param sampler what takes the steps
 * @param all each timestep that was trained, from 0 on
 * @param visited one entry an evaluation of the network, in its order
 */
public record ScheduleTable(String sampler, List<Row> all, List<Row> visited) {

    /**
     * The schedule at a timestep.
     *
     * @param t perhaps fractional
     * @param beta of the forward step, between two timesteps on the line from one to the other
     * @param alphaCumprod signal as a power
     * @param snr signal over noise as powers (Kingma et al. 2021, eq. 2)
     */
    public record Row(double t, double beta, double alphaCumprod, double snr) {
    }

    public ScheduleTable {
        all = List.copyOf(all);
        visited = List.copyOf(visited);
    }

    /**
     * The table of a chain.
     *
     * @param scheduler the model's configuration
     * @param steps 1 to 1000
     * @throws IllegalArgumentException if the network knows no timesteps, or the sampler can't do this with it
     */
    public static ScheduleTable of(SchedulerConfig scheduler, Sampling sampling, int steps) {
        Checks.range("steps", steps, 1, 1000);
        NoiseSchedule schedule = NoiseSchedule.of(scheduler);
        SchedulerConfig config = sampling.of(scheduler);
        double[] betas = schedule.betas();
        return new ScheduleTable(config.describe(), IntStream.range(0, betas.length).mapToObj(t -> row(schedule, betas, t)).toList(),
                Arrays.stream(Schedulers.of(config, steps).timesteps()).mapToObj(t -> row(schedule, betas, t)).toList());
    }

    private static Row row(NoiseSchedule schedule, double[] betas, double t) {
        int below = (int) t;
        double beta = below == t ? betas[below] : betas[below] + (t - below) * (betas[below + 1] - betas[below]);
        return new Row(t, beta, schedule.alphaCumprod(t), schedule.snr(t));
    }
}
