// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;

/** What the stand-ins for a network of one channel share. */
interface GreyPredictor extends NoisePredictor {

    @Override
    default int inChannels() {
        return 1;
    }

    @Override
    default int outChannels() {
        return 1;
    }

    @Override
    default int sizeMultiple() {
        return 8;
    }

    @Override
    default boolean fractionalTimesteps() {
        return true;
    }
}
