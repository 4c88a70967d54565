// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Device;

/**
 * How to denoise.
 *
 * @param noise of the image, in its grey values; null to have it estimated
 * @param mode what to compute
 * @param samples chains of {@link Mode#UNCERTAINTY}, 2 to 1000
 * @param steps UNet evaluations of each chain, 1 to 1000
 * @param seed of the noise, 0 to 2^53 - 1
 * @param tile height and width of a tile in pixels; null for the model's own
 * @param overlap pixels that neighbouring tiles share; null for the model's own
 * @param sampling what takes a chain's steps: one that draws from the posterior
 * @param device what the network runs on
 * @param flips for {@link Mode#MEAN} alone: the mean over the eight flips and quarter turns of each tile
 */
public record DenoiseOptions(NoiseModel noise, Mode mode, int samples, int steps, long seed, Integer tile, Integer overlap, Sampling sampling,
        Device device, boolean flips) implements RestoreOptions {

    /** The model's own sampler, with all of the posterior's noise where it is ddim. */
    public static final Sampling OWN = new Sampling(null, 1);

    /** @throws IllegalArgumentException naming the value and its range */
    public DenoiseOptions {
        Checks.range("samples", samples, 2, 1000);
        Checks.range("steps", steps, 1, 1000);
        Checks.seed(seed);
        Checks.tiles(tile, overlap);
        if (flips && mode != Mode.MEAN) {
            throw new IllegalArgumentException("flips is true, but mode is " + mode.key() + "; the mean over flips and turns is of mode=mean alone: a chain's samples"
                    + " would lose their texture by it.");
        }
    }

    /** With the model's own sampler, on the best device that works. */
    public DenoiseOptions(NoiseModel noise, Mode mode, int samples, int steps, long seed, Integer tile, Integer overlap) {
        this(noise, mode, samples, steps, seed, tile, overlap, OWN, Device.AUTO, false);
    }

    /** The mean at the estimated noise; 8 samples and 20 steps where those are asked for. */
    public static DenoiseOptions defaults() {
        return new DenoiseOptions(null, Mode.MEAN, 8, 20, 1, null, null);
    }

    /** @param newNoise null to have it estimated */
    public DenoiseOptions withNoise(NoiseModel newNoise) {
        return new DenoiseOptions(newNoise, mode, samples, steps, seed, tile, overlap, sampling, device, flips);
    }

    /** With Gaussian noise. @param sigma 0 or more, grey values */
    public DenoiseOptions withSigma(double sigma) {
        return withNoise(NoiseModel.gaussian(sigma));
    }

    public DenoiseOptions withMode(Mode newMode) {
        return new DenoiseOptions(noise, newMode, samples, steps, seed, tile, overlap, sampling, device, flips);
    }

    public DenoiseOptions withSamples(int newSamples) {
        return new DenoiseOptions(noise, mode, newSamples, steps, seed, tile, overlap, sampling, device, flips);
    }

    public DenoiseOptions withSteps(int newSteps) {
        return new DenoiseOptions(noise, mode, samples, newSteps, seed, tile, overlap, sampling, device, flips);
    }

    public DenoiseOptions withSeed(long newSeed) {
        return new DenoiseOptions(noise, mode, samples, steps, newSeed, tile, overlap, sampling, device, flips);
    }

    public DenoiseOptions withTile(Integer newTile) {
        return new DenoiseOptions(noise, mode, samples, steps, seed, newTile, overlap, sampling, device, flips);
    }

    public DenoiseOptions withOverlap(Integer newOverlap) {
        return new DenoiseOptions(noise, mode, samples, steps, seed, tile, newOverlap, sampling, device, flips);
    }

    public DenoiseOptions withSampling(Sampling newSampling) {
        return new DenoiseOptions(noise, mode, samples, steps, seed, tile, overlap, newSampling, device, flips);
    }

    public DenoiseOptions withDevice(Device newDevice) {
        return new DenoiseOptions(noise, mode, samples, steps, seed, tile, overlap, sampling, newDevice, flips);
    }

    /** @throws IllegalArgumentException if they are wanted in another mode than {@link Mode#MEAN} */
    public DenoiseOptions withFlips(boolean newFlips) {
        return new DenoiseOptions(noise, mode, samples, steps, seed, tile, overlap, sampling, device, newFlips);
    }

    @Override
    public int evaluations() {
        return flips ? FlippedPredictor.COUNT : RestoreOptions.super.evaluations();
    }
}
