// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.nio.FloatBuffer;

/**
 * DDIM backwards, from an image to the noise that {@link DdimScheduler} at eta 0 makes the image of: Euler's method for the
 * ordinary differential equation behind it (Song, Meng &amp; Ermon 2021, eq. 14), a step from t up to the next timestep s
 *
 * <pre>x_s / sqrt(a_s) = x_t / sqrt(a_t) + (sqrt((1 - a_s) / a_s) - sqrt((1 - a_t) / a_t)) epsilon</pre>
 *
 * <p>at the same places as the chain from noise to image. That asks the network at the other end of each step, so the round trip
 * leaves an error, of first order.
 */
public final class DdimInversion {

    private final PredictionType predictionType;
    /** Rising: where each step leads. */
    private final double[] timesteps;
    private final double start;
    private final NoiseSchedule schedule;

    /**
     * The inverse of a chain.
     *
     * @param config of a DDIMScheduler
     * @param numInferenceSteps 1 to numTrainTimesteps
     */
    public DdimInversion(SchedulerConfig config, int numInferenceSteps) {
        double[] falling = DdimScheduler.of(config, numInferenceSteps).timesteps();
        this.timesteps = new double[falling.length];
        for (int i = 0; i < falling.length; i++) {
            timesteps[i] = falling[falling.length - 1 - i];
        }
        this.predictionType = config.predictionType();
        this.schedule = NoiseSchedule.of(config);
        this.start = config.solver(DdimScheduler.Config.class).setAlphaToOne() ? 1 : schedule.alphaCumprod(0);
    }

    /** Number of steps. */
    public int steps() {
        return timesteps.length;
    }

    /**
     * What the network is asked for in step i: where x is. The image itself has no timestep; there it is the first one.
     */
    public double timestep(int i) {
        return timesteps[Math.max(0, i - 1)];
    }

    /**
     * Replaces x, for i = 0 the image, by x at the next timestep.
     *
     * @param modelOutput [n, c or more, h, w] at {@link #timestep}, of which the first c channels count
     * @param x [n, c, h, w]
     */
    public void step(int i, Tensor modelOutput, Tensor x) {
        double asked = schedule.alphaCumprod(timestep(i));
        double from = i == 0 ? start : schedule.alphaCumprod(timesteps[i - 1]);
        double to = schedule.alphaCumprod(timesteps[i]);
        double signal = Math.sqrt(to / from);
        double noise = Math.sqrt(1 - to) - signal * Math.sqrt(1 - from);
        double alpha = Math.sqrt(asked);
        double sigma = Math.sqrt(1 - asked);
        FloatBuffer values = x.buffer();
        FloatBuffer out = modelOutput.buffer();
        int length = x.c() * x.h() * x.w();
        for (int n = 0; n < x.n(); n++) {
            int at = modelOutput.planeStart(n, 0);
            for (int k = n * length; k < (n + 1) * length; k++) {
                double epsilon = predictionType.epsilon(out.get(at + k - n * length), values.get(k), alpha, sigma);
                values.put(k, (float) (signal * values.get(k) + noise * epsilon));
            }
        }
    }
}
