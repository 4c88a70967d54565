// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class NoiseScheduleTest {

    private static NoiseSchedule schedule(BetaSchedule which) {
        return NoiseSchedule.of(SchedulerConfig.parse("{\"beta_schedule\": \"" + which.name().toLowerCase(java.util.Locale.ROOT) + "\"}"));
    }

    @Property(seed = "1", tries = 300)
    void timestepInvertsSigma(@ForAll BetaSchedule which, @ForAll @DoubleRange(min = 0, max = 999) double t) {
        NoiseSchedule schedule = schedule(which);
        assertEquals(t, schedule.timestep(schedule.sigma(t)), 1e-6);
    }

    @Property(seed = "1", tries = 300)
    void alphaCumprodFallsBetweenTimestepsToo(@ForAll BetaSchedule which, @ForAll @DoubleRange(min = 0, max = 998) double t) {
        NoiseSchedule schedule = schedule(which);
        double now = schedule.alphaCumprod(t);
        assertTrue(now > 0 && now < 1 && schedule.alphaCumprod(t + 0.5) < now);
        assertEquals(1, schedule.snr(t) * schedule.sigma(t) * schedule.sigma(t), 1e-12);
    }

    /** The single steps' signal and variance, chained, are those of the closed form. */
    @Property(seed = "1", tries = 50)
    void marginalsOfTheChainAreTheClosedForm(@ForAll BetaSchedule which, @ForAll @IntRange(min = 0, max = 999) int t) {
        NoiseSchedule schedule = schedule(which);
        double signal = 1;
        double variance = 0;
        for (int step = 0; step <= t; step++) {
            double beta = schedule.betas()[step];
            signal *= Math.sqrt(1 - beta);
            variance = (1 - beta) * variance + beta;
        }
        assertEquals(Math.sqrt(schedule.alphaCumprod(t)), signal, 1e-12);
        assertEquals(1 - schedule.alphaCumprod(t), variance, 1e-10);
    }

    /** Averaged over q(x_t | x_0), the posterior q(x_s | x_t, x_0) is q(x_s | x_0). */
    @Property(seed = "1", tries = 300)
    void posteriorIsConsistentWithTheForwardProcess(@ForAll @DoubleRange(min = 1, max = 999) double t,
            @ForAll @DoubleRange(min = 0, max = 0.99) double share) {
        NoiseSchedule schedule = schedule(BetaSchedule.LINEAR);
        double a = schedule.alphaCumprod(t);
        double before = schedule.alphaCumprod(t * share);
        Posterior posterior = Posterior.between(a, before);
        assertEquals(Math.sqrt(before), posterior.x0Coefficient() + posterior.sampleCoefficient() * Math.sqrt(a), 1e-9);
        assertEquals(1 - before, posterior.variance() + posterior.sampleCoefficient() * posterior.sampleCoefficient() * (1 - a), 1e-9);
    }
}
