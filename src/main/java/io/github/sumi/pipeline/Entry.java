// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.Tensor;

/**
 * Where a noisy image enters the reverse process: {@code y = x_0 + sigma n} is, up to a factor, x_t at the timestep where
 * {@code sqrt((1 - alphaCumprod) / alphaCumprod) = sigma}.
 *
 * @param timestep the matching one, whole where the network takes no fractions
 * @param alphaCumprod at that timestep
 * @param scale what y is multiplied by so that its noise is exactly that of a whole timestep; 1 with fractions
 * @param weight how much of the correction counts, 0 to 1: less than 1 for noise below the first timestep
 */
record Entry(double timestep, double alphaCumprod, double scale, double weight) {

    static Entry at(double sigma, NoiseSchedule schedule, boolean fractional) {
        double floor = schedule.sigma(0);
        if (sigma <= floor) {
            // Tweedie: E[x_0 | y] = y + sigma^2 grad log p_sigma(y). The score is taken at the first timestep, so what
            // the network would correct there is weakened by the ratio of the variances.
            return new Entry(0, schedule.alphaCumprod(0), 1, sigma * sigma / (floor * floor));
        }
        double timestep = schedule.timestep(sigma);
        if (!fractional) {
            timestep = Math.rint(timestep);
        }
        return new Entry(timestep, schedule.alphaCumprod(timestep), schedule.sigma(timestep) / sigma, 1);
    }

    /** Fills every sample of [n, 1, h, w] with {@code x_t = sqrt(alphaCumprod) y}. */
    void fill(float[] y, Tensor x) {
        double factor = Math.sqrt(alphaCumprod) * scale;
        for (int sample = 0; sample < x.n(); sample++) {
            int start = x.planeStart(sample, 0);
            for (int i = 0; i < y.length; i++) {
                x.buffer().put(start + i, (float) (factor * y[i]));
            }
        }
    }

    /** The estimate of x_0, with no more of the correction than the noise allows. */
    double weaken(double x0, double y) {
        return y + weight * (x0 - y);
    }

    /** The chain from here to x_0: {@code steps} timesteps, evenly spaced, or fewer where whole ones run out. */
    double[] timesteps(int steps, boolean fractional) {
        if (timestep == 0) {
            return new double[] {0};
        }
        int count = fractional ? steps : (int) Math.min(steps, timestep + 1);
        double[] timesteps = new double[count];
        for (int i = 0; i < count; i++) {
            timesteps[i] = fractional ? timestep * (count - i) / count
                    : count == 1 ? timestep : Math.rint(timestep * (count - 1 - i) / (count - 1));
        }
        return timesteps;
    }
}
