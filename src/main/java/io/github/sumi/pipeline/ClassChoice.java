// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.ClassLabels;
import io.github.sumi.model.Model;
import java.util.Arrays;

/**
 * Which class a model with class labels makes, and how strongly it is held to it (Ho &amp; Salimans 2022, arXiv 2207.12598, eq. 6, where
 * w is {@code guidance - 1}).
 *
 * @param label name or index of a class; {@link ClassLabels#ALL} for all classes in turn, or for a model without any
 * @param guidance 0 to 20: 0 leaves the class out of account, 1 is the conditional network alone, more exaggerates what makes the class
 */
public record ClassChoice(String label, double guidance) {

    /** All classes in turn, without guidance: all that a model without classes can do. */
    public static final ClassChoice DEFAULT = new ClassChoice(ClassLabels.ALL, 1);

    private static final double MAX_GUIDANCE = 20;

    /** @throws IllegalArgumentException naming the value and its range */
    public ClassChoice {
        if (!(guidance >= 0 && guidance <= MAX_GUIDANCE)) {
            throw new IllegalArgumentException("guidance is " + guidance + "; it must be from 0 to " + (int) MAX_GUIDANCE + ".");
        }
        label = label.strip();
        if (label.isEmpty()) {
            throw new IllegalArgumentException("label is empty; it must be " + ClassLabels.ALL + ", or a label of the model.");
        }
    }

    /** Whether the network is also asked what it predicts for no label. */
    boolean guided() {
        return guidance != 1;
    }

    /** @throws IllegalArgumentException if the model can't do this */
    void check(Model model) {
        ClassLabels labels = model.info().labels();
        if (labels.isEmpty() && !equals(DEFAULT)) {
            throw new IllegalArgumentException("Model " + model.id() + " has no labels, so label must be " + ClassLabels.ALL
                    + " and guidance 1, as they are where they are left out. 'sumi models describe' lists the labels of a model.");
        }
        if (guided() && labels.unconditional() == null) {
            throw new IllegalArgumentException("guidance is " + guidance + ", but model " + model.id()
                    + " was trained without a class for no label, so it must be 1.");
        }
        if (!label.equals(ClassLabels.ALL)) {
            labels.index(label);
        }
    }

    /** The classes of the images {@code first} to {@code first + count - 1}; empty where there are none. */
    int[] classes(ClassLabels labels, int first, int count) {
        int[] classes = new int[labels.isEmpty() ? 0 : count];
        Arrays.setAll(classes, i -> label.equals(ClassLabels.ALL) ? (first + i) % labels.names().size() : labels.index(label));
        return classes;
    }
}
