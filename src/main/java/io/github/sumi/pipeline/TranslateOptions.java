// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Device;

/**
 * How to translate an image into another of the same quantity.
 *
 * @param mode what to compute
 * @param samples chains of {@link Mode#UNCERTAINTY}, 2 to 1000
 * @param steps UNet evaluations of each chain, 1 to 1000
 * @param seed of the noise, 0 to 2^53 - 1
 * @param tile height and width of a tile in pixels; null for the model's own
 * @param overlap pixels that neighbouring tiles share; null for the model's own
 * @param sampling what takes a chain's steps, from pure noise
 * @param device what the network runs on
 */
public record TranslateOptions(Mode mode, int samples, int steps, long seed, Integer tile, Integer overlap, Sampling sampling, Device device)
        implements RestoreOptions {

    /** @throws IllegalArgumentException naming the value and its range */
    public TranslateOptions {
        Checks.range("samples", samples, 2, 1000);
        Checks.range("steps", steps, 1, 1000);
        Checks.seed(seed);
        Checks.tiles(tile, overlap);
    }

    /** The mean; 8 samples and 20 steps of the model's own sampler where those are asked for, on the best device that works. */
    public static TranslateOptions defaults() {
        return new TranslateOptions(Mode.MEAN, 8, 20, 1, null, null, GenerateOptions.OWN, Device.AUTO);
    }

    public TranslateOptions withMode(Mode newMode) {
        return new TranslateOptions(newMode, samples, steps, seed, tile, overlap, sampling, device);
    }

    public TranslateOptions withSamples(int newSamples) {
        return new TranslateOptions(mode, newSamples, steps, seed, tile, overlap, sampling, device);
    }

    public TranslateOptions withSteps(int newSteps) {
        return new TranslateOptions(mode, samples, newSteps, seed, tile, overlap, sampling, device);
    }

    public TranslateOptions withSeed(long newSeed) {
        return new TranslateOptions(mode, samples, steps, newSeed, tile, overlap, sampling, device);
    }

    public TranslateOptions withTiles(Integer newTile, Integer newOverlap) {
        return new TranslateOptions(mode, samples, steps, seed, newTile, newOverlap, sampling, device);
    }

    public TranslateOptions withSampling(Sampling newSampling) {
        return new TranslateOptions(mode, samples, steps, seed, tile, overlap, newSampling, device);
    }

    public TranslateOptions withDevice(Device newDevice) {
        return new TranslateOptions(mode, samples, steps, seed, tile, overlap, sampling, newDevice);
    }
}
