// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;

/** Checks that options share; each fault is an IllegalArgumentException whose message is a sentence with the value and its range. */
public final class Checks {

    private static final long MAX_SEED = (1L << 53) - 1;

    private Checks() {
    }

    /** @throws IllegalArgumentException unless {@code low <= value <= high} */
    public static void range(String name, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from " + low + " to " + high + ".");
        }
    }

    /** @throws IllegalArgumentException unless the seed is from 0 to 2^53 - 1 */
    public static void seed(long seed) {
        if (seed < 0 || seed > MAX_SEED) {
            throw new IllegalArgumentException("seed is " + seed + "; it must be from 0 to " + MAX_SEED + ".");
        }
    }

    /** @throws ModelException if the model makes an image of another, and so does nothing without one */
    static void needsNoImage(Model model) {
        if (model.info().isConditioned()) {
            throw new ModelException("Model " + model.id() + " makes an image of another that it is given, which DDPM Translate... and 'sumi translate' do."
                    + " Choose another model for this.");
        }
    }

    static void tiles(Integer tile, Integer overlap) {
        if (tile != null) {
            range("tile", tile, 8, 8192);
        }
        if (overlap != null) {
            range("overlap", overlap, 0, 4096);
        }
        if (tile != null && overlap != null && overlap >= tile) {
            throw new IllegalArgumentException("overlap is " + overlap + "; it must be smaller than tile, " + tile + ".");
        }
    }
}
