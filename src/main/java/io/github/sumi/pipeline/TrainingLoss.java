// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.List;

/**
 * The training objective of images under a model (Ho et al. 2020, eq. 5 and 14).
 *
 * @param bins the timesteps in parts, narrow where t is small
 * @param bitsPerDim L_vlb in bits per value
 * @param standardError of bitsPerDim, from timesteps and noise drawn; the images are taken as they are
 * @param prior the part of bitsPerDim that no training changes, L_T
 * @param images how many planes
 * @param patch how much of a plane was taken, such as "the middle 128 x 128 pixels"
 * @param greyValues how grey values became the network's
 */
public record TrainingLoss(List<Bin> bins, double bitsPerDim, double standardError, double prior, int images, String patch,
        String greyValues) {

    /**
     * Timesteps next to each other.
     *
     * @param from first timestep
     * @param to last timestep
     * @param draws how often the network was asked
     * @param simple mean L_simple
     * @param bits their part of L_vlb, bits per value
     */
    public record Bin(int from, int to, int draws, double simple, double bits) {

        /** The timestep in the middle. */
        public double middle() {
            return (from + to) / 2.0;
        }
    }

    public TrainingLoss {
        bins = List.copyOf(bins);
    }

    /** Mean L_simple over all timesteps, eq. 14. */
    public double simple() {
        double sum = 0;
        double timesteps = 0;
        for (Bin bin : bins) {
            int size = bin.to() - bin.from() + 1;
            sum += size * bin.simple();
            timesteps += size;
        }
        return sum / timesteps;
    }
}
