// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Device;

/**
 * What to generate.
 *
 * @param count number of images, 1 to 10000
 * @param width pixels, 1 to 8192
 * @param height pixels, 1 to 8192
 * @param steps UNet evaluations of each image, 1 to 1000
 * @param seed of the noise, 0 to 2^53 - 1; image k of a seed is the same whatever the count
 * @param film frames from pure noise to the image, 2 to 1001; 0 for the image alone
 * @param tile height and width of a tile in pixels; null for the model's own
 * @param overlap pixels that neighbouring tiles share; null for the model's own
 * @param sampling what takes the steps
 * @param device what the network runs on
 * @param choice which class a model with class labels makes
 */
public record GenerateOptions(int count, int width, int height, int steps, long seed, int film, Integer tile, Integer overlap,
        Sampling sampling, Device device, ClassChoice choice) {

    /** The model's own sampler, deterministic where it is ddim. */
    public static final Sampling OWN = new Sampling(null, 0);

    /** @throws IllegalArgumentException naming the value and its range */
    public GenerateOptions {
        Checks.range("count", count, 1, 10000);
        Checks.range("width", width, 1, 8192);
        Checks.range("height", height, 1, 8192);
        Checks.range("steps", steps, 1, 1000);
        Checks.seed(seed);
        if (film != 0) {
            Checks.range("film", film, 2, 1001);
        }
        if (film > steps + 1) {
            throw new IllegalArgumentException("film is " + film + "; " + steps + " steps have " + (steps + 1)
                    + " frames at most. Choose fewer frames or more steps.");
        }
        Checks.tiles(tile, overlap);
    }

    /** With the model's own sampler, on the best device that works. */
    public GenerateOptions(int count, int width, int height, int steps, long seed, int film, Integer tile, Integer overlap) {
        this(count, width, height, steps, seed, film, tile, overlap, OWN, Device.AUTO, ClassChoice.DEFAULT);
    }

    public GenerateOptions withSampling(Sampling newSampling) {
        return new GenerateOptions(count, width, height, steps, seed, film, tile, overlap, newSampling, device, choice);
    }

    /** One image of 64 x 64 pixels in 50 steps. */
    public static GenerateOptions defaults() {
        return new GenerateOptions(1, 64, 64, 50, 1, 0, null, null);
    }

    public GenerateOptions withCount(int newCount) {
        return new GenerateOptions(newCount, width, height, steps, seed, film, tile, overlap, sampling, device, choice);
    }

    public GenerateOptions withSize(int newWidth, int newHeight) {
        return new GenerateOptions(count, newWidth, newHeight, steps, seed, film, tile, overlap, sampling, device, choice);
    }

    public GenerateOptions withSteps(int newSteps) {
        return new GenerateOptions(count, width, height, newSteps, seed, film, tile, overlap, sampling, device, choice);
    }

    public GenerateOptions withSeed(long newSeed) {
        return new GenerateOptions(count, width, height, steps, newSeed, film, tile, overlap, sampling, device, choice);
    }

    public GenerateOptions withFilm(int newFilm) {
        return new GenerateOptions(count, width, height, steps, seed, newFilm, tile, overlap, sampling, device, choice);
    }

    public GenerateOptions withDevice(Device newDevice) {
        return new GenerateOptions(count, width, height, steps, seed, film, tile, overlap, sampling, newDevice, choice);
    }

    public GenerateOptions withTiles(Integer newTile, Integer newOverlap) {
        return new GenerateOptions(count, width, height, steps, seed, film, newTile, newOverlap, sampling, device, choice);
    }

    public GenerateOptions withChoice(ClassChoice newChoice) {
        return new GenerateOptions(count, width, height, steps, seed, film, tile, overlap, sampling, device, newChoice);
    }
}
