// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

/** What denoising asks of the posterior p(x_0 | y). */
public enum Mode {
    /** Its mean, by one UNet evaluation: the least-squares answer. */
    MEAN,
    /** One draw from it, by a stochastic chain: keeps the texture. */
    SAMPLE,
    /** Mean and standard deviation of several draws. */
    UNCERTAINTY
}
