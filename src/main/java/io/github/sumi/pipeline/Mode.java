// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.Locale;

/** What denoising asks of the posterior p(x_0 | y). */
public enum Mode {
    /** Its mean, by one UNet evaluation: the least-squares answer. */
    MEAN,
    /** One draw from it, by a stochastic chain: keeps the texture. */
    SAMPLE,
    /** Mean and standard deviation of several draws. */
    UNCERTAINTY;

    /** The value of the key mode that means this one. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such mode */
    public static Mode of(String key) {
        for (Mode mode : values()) {
            if (mode.key().equals(key)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("mode is \"" + key + "\"; it must be mean, sample or uncertainty.");
    }
}
