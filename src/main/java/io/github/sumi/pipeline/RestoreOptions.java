// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Device;

/** What the options of denoising and translating have in common. */
public sealed interface RestoreOptions permits DenoiseOptions, TranslateOptions {

    /** What is computed. */
    Mode mode();

    /** Chains of {@link Mode#UNCERTAINTY}, 2 to 1000. */
    int samples();

    /** UNet evaluations of each chain, 1 to 1000. */
    int steps();

    /** Of the noise, 0 to 2^53 - 1. */
    long seed();

    /** Height and width of a tile in pixels; null for the model's own. */
    Integer tile();

    /** Pixels that neighbouring tiles share; null for the model's own. */
    Integer overlap();

    /** What takes a chain's steps. */
    Sampling sampling();

    /** What the network runs on. */
    Device device();

    /** UNet evaluations that one plane needs, were it one tile. */
    default int evaluations() {
        return switch (mode()) {
            case MEAN -> 1;
            case SAMPLE -> steps();
            case UNCERTAINTY -> steps() * samples();
        };
    }
}
