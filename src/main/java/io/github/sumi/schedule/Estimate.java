// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.nio.FloatBuffer;

/**
 * The estimate of x_0 as what the network puts out means it: {@code sample x_t + output F(scale x_t)}, the preconditioning of
 * Karras et al. 2022, eq. 7 (c_in, c_skip and c_out of table 1).
 *
 * @param scale what x_t is multiplied by for the network
 * @param sample weight of x_t
 * @param output weight of the network's output
 */
record Estimate(double scale, double sample, double output) {

    /** A network that predicts epsilon, x_0 or v from a sample of variance 1. */
    static Estimate of(PredictionType type, Level level) {
        double length = Math.hypot(level.alpha(), level.sigma());
        double a = level.alpha() * level.alpha() / (length * length);
        return new Estimate(1 / length, type.x0(0, 1, a) / length, type.x0(1, 0, a));
    }

    /** The networks of Karras et al. 2022 (EDM), for data of standard deviation sigmaData. */
    static Estimate edm(PredictionType type, double sigma, double sigmaData) {
        double variance = sigma * sigma + sigmaData * sigmaData;
        double out = sigma * sigmaData / Math.sqrt(variance);
        return new Estimate(1 / Math.sqrt(variance), sigmaData * sigmaData / variance,
                type == PredictionType.V_PREDICTION ? -out : out);
    }

    /** That of epsilon instead of x_0. */
    Estimate epsilon(Level level) {
        return new Estimate(scale, (1 - level.alpha() * sample) / level.sigma(), -level.alpha() * output / level.sigma());
    }

    /** Moves the weight of this estimate in a sum over to what it is made of, so that none of it is rounded to float. */
    void fold(double[] weights, int at) {
        weights[Mix.X] += weights[at] * sample;
        weights[Mix.OUT] += weights[at] * output;
        weights[at] = 0;
    }

    /**
     * Writes the estimate to x0.
     *
     * @param modelOutput [n, c or more, h, w], of which the first c channels count
     */
    void apply(Tensor modelOutput, Tensor x, Tensor x0) {
        FloatBuffer out = modelOutput.buffer();
        int length = x.c() * x.h() * x.w();
        for (int n = 0; n < x.n(); n++) {
            int from = modelOutput.planeStart(n, 0);
            int at = n * length;
            for (int k = 0; k < length; k++) {
                x0.buffer().put(at + k, (float) (sample * x.buffer().get(at + k) + output * out.get(from + k)));
            }
        }
    }
}
