// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.nio.FloatBuffer;

/** The forward process q, data to noise (Ho et al. 2020, section 2). */
public final class ForwardProcess {

    private ForwardProcess() {
    }

    /**
     * One step, eq. 2: {@code x_t = sqrt(1 - beta_t) x_{t-1} + sqrt(beta_t) epsilon}.
     *
     * @param previous x_{t-1}
     * @param epsilon standard normal noise of the same shape
     * @param beta beta_t, 0 to 1
     * @param x x_t of the same shape, overwritten; may be {@code previous}
     */
    public static void step(Tensor previous, Tensor epsilon, double beta, Tensor x) {
        combine(Math.sqrt(1 - beta), previous, Math.sqrt(beta), epsilon, x);
    }

    /**
     * From the image in closed form, eq. 4: {@code x_t = sqrt(alphaCumprod) x_0 + sqrt(1 - alphaCumprod) epsilon}.
     *
     * @param x0 the image
     * @param epsilon standard normal noise of the same shape
     * @param alphaCumprod at t, 0 to 1
     * @param x x_t of the same shape, overwritten; may be {@code x0}
     */
    public static void closedForm(Tensor x0, Tensor epsilon, double alphaCumprod, Tensor x) {
        combine(Math.sqrt(alphaCumprod), x0, Math.sqrt(1 - alphaCumprod), epsilon, x);
    }

    private static void combine(double a, Tensor first, double b, Tensor second, Tensor result) {
        FloatBuffer one = first.buffer();
        FloatBuffer two = second.buffer();
        FloatBuffer to = result.buffer();
        if (one.capacity() != two.capacity() || one.capacity() != to.capacity()) {
            throw new IllegalArgumentException("tensors of " + one.capacity() + ", " + two.capacity() + " and "
                    + to.capacity() + " values; they must be of one shape.");
        }
        for (int i = 0; i < to.capacity(); i++) {
            to.put(i, (float) (a * one.get(i) + b * two.get(i)));
        }
    }
}
