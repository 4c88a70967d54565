// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A chain that is entered at a noisy image y draws from p(x_0 | y). */
class PosteriorSamplingTest {

    private static final double MEAN = 0.3;
    private static final double SD = 0.4;
    private static final double NOISE = 0.3;
    private static final double Y = 0.8;
    private static final int PIXELS = 10_000;

    private static SchedulerConfig config(Sampler sampler) {
        return SchedulerConfig.ddpm().with(sampler, sampler == Sampler.DDIM ? 1 : 0).withoutClipping();
    }

    /** For data N(MEAN, SD^2) the posterior is Gaussian: its mean and variance are known. */
    @ParameterizedTest
    @EnumSource(names = {"DDPM", "DDIM", "DPMPP_SDE"})
    void drawsHaveThePosteriorsMeanAndSpread(Sampler sampler) {
        double variance = SD * SD * NOISE * NOISE / (SD * SD + NOISE * NOISE);
        double mean = (SD * SD * Y + NOISE * NOISE * MEAN) / (SD * SD + NOISE * NOISE);
        double[] moments = moments(sampler, 200);
        assertEquals(mean, moments[0], 0.01);
        assertEquals(1, moments[1] / Math.sqrt(variance), 0.03);
        assertEquals(mean, moments(sampler, 20)[0], 0.015);
        assertEquals(1, moments(sampler, 20)[1] / Math.sqrt(variance), 0.12);
    }

    private static double[] moments(Sampler sampler, int steps) {
        NoiseSchedule schedule = NoiseSchedule.of(config(sampler));
        double entry = schedule.timestep(NOISE);
        double[] timesteps = new double[steps];
        for (int i = 0; i < steps; i++) {
            timesteps[i] = entry * (steps - i) / steps;
        }
        Scheduler scheduler = Schedulers.of(config(sampler), timesteps);
        Tensor x = Tensor.allocate(1, 1, 1, PIXELS);
        Tensor epsilon = Tensor.allocate(1, 1, 1, PIXELS);
        for (int k = 0; k < PIXELS; k++) {
            x.buffer().put(k, (float) (Math.sqrt(schedule.alphaCumprod(entry)) * Y));
        }
        Scheduler.Run run = scheduler.start(1, 1, 1, PIXELS);
        for (int i = 0; i < steps; i++) {
            double a = schedule.alphaCumprod(timesteps[i]);
            for (int k = 0; k < PIXELS; k++) {
                epsilon.buffer().put(k, (float) (Math.sqrt(1 - a) * (x.buffer().get(k) - Math.sqrt(a) * MEAN) / (a * SD * SD + 1 - a)));
            }
            run.step(i, epsilon, x, (step, z) -> {
                Random random = new Random(31L * step + 5);
                for (int k = 0; k < PIXELS; k++) {
                    z.buffer().put(k, (float) random.nextGaussian());
                }
            });
        }
        double sum = 0;
        double squares = 0;
        for (int k = 0; k < PIXELS; k++) {
            sum += x.buffer().get(k);
            squares += x.buffer().get(k) * (double) x.buffer().get(k);
        }
        double mean = sum / PIXELS;
        return new double[] {mean, Math.sqrt(squares / PIXELS - mean * mean)};
    }

    @ParameterizedTest
    @EnumSource(value = Sampler.class, mode = EnumSource.Mode.MATCH_NONE, names = {"EDM.*"})
    void onlyTheseSaySo(Sampler sampler) {
        boolean draws = sampler == Sampler.DDPM || sampler == Sampler.DDIM || sampler == Sampler.DPMPP_SDE;
        assertEquals(draws, config(sampler).drawsPosterior());
        if (!draws && sampler != Sampler.DPMPP) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> Schedulers.of(config(sampler), new double[] {5, 1}))
                    .getMessage().contains("can't be entered in the middle"));
        }
    }

    @Test
    void lessNoiseThanThePosteriorsDrawsNone() {
        assertFalse(SchedulerConfig.ddpm().with(Sampler.DDIM, 0.5).drawsPosterior());
    }
}
