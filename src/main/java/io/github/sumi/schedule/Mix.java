// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/** Weighted sums of tensors, in double. */
final class Mix {

    /** Where x is among the terms of a step. */
    static final int X = 0;
    /** Where the network's output is. */
    static final int OUT = 1;

    private Mix() {
    }

    /** Writes {@code sum of weights[k] terms[k]} to {@code to}, which may be one of the terms; those of weight 0 aren't read. */
    static void sum(double[] weights, Tensor[] terms, Tensor to) {
        for (int p = 0; p < to.size(); p++) {
            double sum = 0;
            for (int k = 0; k < weights.length; k++) {
                if (weights[k] != 0) {
                    sum += weights[k] * terms[k].buffer().get(p);
                }
            }
            to.buffer().put(p, (float) sum);
        }
    }

    /** Moves every term from {@code from} on one place up; the last comes to {@code from}, to be overwritten. */
    static void rotate(Tensor[] terms, int from) {
        Tensor last = terms[terms.length - 1];
        System.arraycopy(terms, from, terms, from + 1, terms.length - 1 - from);
        terms[from] = last;
    }
}
