// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/** The variance of a reverse step, by diffusers' names. */
public enum VarianceType {
    /** The posterior's variance (Ho et al. 2020, eq. 7). */
    FIXED_SMALL,
    /** The same by its logarithm. */
    FIXED_SMALL_LOG,
    /** Beta of the step. */
    FIXED_LARGE,
    /** The same by its logarithm. */
    FIXED_LARGE_LOG,
    /** What the network predicts. */
    LEARNED,
    /** Between the two in the logarithm (Nichol &amp; Dhariwal 2021, eq. 15). */
    LEARNED_RANGE
}
