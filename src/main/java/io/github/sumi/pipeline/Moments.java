// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.function.IntToDoubleFunction;

/** Running mean and variance of each pixel over samples (Welford 1962). */
final class Moments {

    private final double[] mean;
    private final double[] squares;
    private int count;

    Moments(int pixels) {
        mean = new double[pixels];
        squares = new double[pixels];
    }

    /** Adds one sample, given by its pixels. */
    void add(IntToDoubleFunction sample) {
        count++;
        for (int i = 0; i < mean.length; i++) {
            double value = sample.applyAsDouble(i);
            double difference = value - mean[i];
            mean[i] += difference / count;
            squares[i] += difference * (value - mean[i]);
        }
    }

    double mean(int i) {
        return mean[i];
    }

    /** The unbiased estimate's root, from two samples or more. */
    double sd(int i) {
        return Math.sqrt(squares[i] / (count - 1));
    }
}
