// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/** How betas grow with t, by diffusers' names. */
public enum BetaSchedule {
    /** Linear from beta_start to beta_end (Ho et al. 2020, section 4). */
    LINEAR,
    /** Linear in the square root. */
    SCALED_LINEAR,
    /** Cosine alphasCumprod (Nichol &amp; Dhariwal 2021, eq. 17), beta at most 0.999. */
    SQUAREDCOS_CAP_V2,
    /** A logistic function from -6 to 6. */
    SIGMOID,
    /** alphasCumprod falls exponentially to e^-12, beta at most 0.999. */
    EXP
}
