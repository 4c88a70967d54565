// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/**
 * The posterior {@code q(x_s | x_t, x_0) = N(x0Coefficient x_0 + sampleCoefficient x_t, variance I)}, s before t (Ho et al.
 * 2020, eq. 6 and 7, with {@code 1 - beta_t} replaced by the ratio of alphaCumprod where s isn't t - 1).
 *
 * @param x0Coefficient {@code sqrt(aPrev) beta / (1 - a)}
 * @param sampleCoefficient {@code sqrt(1 - beta) (1 - aPrev) / (1 - a)}
 * @param variance {@code (1 - aPrev) / (1 - a) beta}
 * @param beta {@code 1 - a / aPrev}
 */
public record Posterior(double x0Coefficient, double sampleCoefficient, double variance, double beta) {

    /**
     * @param alphaCumprod a, at t; 0 to 1
     * @param alphaCumprodPrev aPrev, at s; a to 1, and 1 where s is the image itself
     * @throws IllegalArgumentException if aPrev is not above a
     */
    public static Posterior between(double alphaCumprod, double alphaCumprodPrev) {
        if (!(alphaCumprod >= 0 && alphaCumprod < alphaCumprodPrev && alphaCumprodPrev <= 1)) {
            throw new IllegalArgumentException("alphaCumprod is " + alphaCumprod + " after " + alphaCumprodPrev
                    + "; it must fall, within 0 to 1.");
        }
        double alpha = alphaCumprod / alphaCumprodPrev;
        double beta = 1 - alpha;
        double remaining = 1 - alphaCumprod;
        return new Posterior(Math.sqrt(alphaCumprodPrev) * beta / remaining,
                Math.sqrt(alpha) * (1 - alphaCumprodPrev) / remaining, (1 - alphaCumprodPrev) / remaining * beta, beta);
    }
}
