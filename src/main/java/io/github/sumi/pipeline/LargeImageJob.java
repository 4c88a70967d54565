// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import java.util.Set;

/**
 * What to denoise, and how.
 *
 * @param in path of the image, or address where the format knows such
 * @param out where the result goes, likewise
 * @param channels counted from 1, empty for all; others are copied
 * @param rangePerPlane grey values and noise are measured for each plane, not once for each channel
 * @param toFloat the result has 32 bits, not the input's type
 * @param overwrite replace a result that exists
 */
public record LargeImageJob(String in, String out, Model model, DenoiseOptions options, Set<Integer> channels, boolean rangePerPlane,
        boolean toFloat, boolean overwrite) {

    public LargeImageJob {
        channels = Set.copyOf(channels);
    }
}
