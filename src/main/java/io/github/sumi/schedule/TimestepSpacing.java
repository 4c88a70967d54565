// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/** Which timesteps a short chain visits (Lin et al. 2024, table 2). */
public enum TimestepSpacing {
    /** Multiples of a whole ratio, from 0. */
    LEADING,
    /** From the last timestep down. */
    TRAILING,
    /** Evenly from 0 to the last. */
    LINSPACE
}
