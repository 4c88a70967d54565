// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.nio.FloatBuffer;

/** What the network predicts, by diffusers' names, and what x_0 and epsilon follow from it. */
public enum PredictionType {
    /** The noise: {@code x_0 = (x_t - sqrt(1 - a) epsilon) / sqrt(a)} (Ho et al. 2020, eq. 15). */
    EPSILON {
        @Override
        double x0(double output, double x, double alpha, double sigma, double inverse) {
            return (x - sigma * output) * inverse;
        }

        @Override
        double epsilon(double output, double x, double alpha, double sigma) {
            return output;
        }
    },
    /** The image x_0 itself. */
    SAMPLE {
        @Override
        double x0(double output, double x, double alpha, double sigma, double inverse) {
            return output;
        }
    },
    /** The velocity {@code v = sqrt(a) epsilon - sqrt(1 - a) x_0} (Salimans &amp; Ho 2022, section 4 and appendix D). */
    V_PREDICTION {
        @Override
        double x0(double output, double x, double alpha, double sigma, double inverse) {
            return alpha * x - sigma * output;
        }

        @Override
        double epsilon(double output, double x, double alpha, double sigma) {
            return alpha * output + sigma * x;
        }
    };

    /** What the network would predict of a pixel without noise, whose x_0 is {@code x_t / sqrt(a)}; a is alphaCumprod, above 0. */
    public double outputOfClean(double x, double a) {
        return switch (this) {
            case EPSILON -> 0;
            case SAMPLE -> x / Math.sqrt(a);
            case V_PREDICTION -> -Math.sqrt(1 - a) * x / Math.sqrt(a);
        };
    }

    /**
     * x_0 of one pixel of {@code x_t = alpha x_0 + sigma epsilon}, alpha = sqrt(a) and sigma = sqrt(1 - a).
     *
     * @param inverse 1 / alpha, since a quotient takes four times as long as a product
     */
    abstract double x0(double output, double x, double alpha, double sigma, double inverse);

    /** epsilon of one pixel; sigma is above 0. */
    double epsilon(double output, double x, double alpha, double sigma) {
        return (x - alpha * x0(output, x, alpha, sigma, 1 / alpha)) / sigma;
    }

    /** x_0 of one pixel; a is alphaCumprod at the timestep. Of many pixels the roots are better taken once. */
    final double x0(double output, double x, double a) {
        double alpha = Math.sqrt(a);
        return x0(output, x, alpha, Math.sqrt(1 - a), 1 / alpha);
    }

    /** epsilon of one pixel; a is less than 1. */
    final double epsilon(double output, double x, double a) {
        return epsilon(output, x, Math.sqrt(a), Math.sqrt(1 - a));
    }

    /**
     * The network's estimate of x_0.
     *
     * @param modelOutput [n, c or more, h, w], of which the first c channels count
     * @param sample x_t, [n, c, h, w]
     * @param alphaCumprod at the timestep, above 0 for {@link #EPSILON}
     * @param x0 [n, c, h, w], overwritten; may be {@code sample}
     */
    public void predOriginalSample(Tensor modelOutput, Tensor sample, double alphaCumprod, Tensor x0) {
        FloatBuffer out = modelOutput.buffer();
        FloatBuffer in = sample.buffer();
        FloatBuffer to = x0.buffer();
        double alpha = Math.sqrt(alphaCumprod);
        double sigma = Math.sqrt(1 - alphaCumprod);
        double inverse = 1 / alpha;
        int length = sample.c() * sample.h() * sample.w();
        for (int n = 0; n < sample.n(); n++) {
            int from = modelOutput.planeStart(n, 0);
            int at = n * length;
            for (int i = 0; i < length; i++) {
                to.put(at + i, (float) x0(out.get(from + i), in.get(at + i), alpha, sigma, inverse));
            }
        }
    }
}
