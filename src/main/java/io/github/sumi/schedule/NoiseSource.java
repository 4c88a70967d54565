// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/** Standard normal noise that is a function of the step alone: asked twice, it gives the same values. */
@FunctionalInterface
public interface NoiseSource {

    /** Fills the whole tensor with the noise of step {@code step} (an index into the scheduler's timesteps). */
    void fill(int step, Tensor noise);
}
