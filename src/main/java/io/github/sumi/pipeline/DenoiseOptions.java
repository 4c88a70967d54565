// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

/**
 * How to denoise.
 *
 * @param sigma SD of the noise in the image's units, 0 or more; null to have it estimated
 * @param mode what to compute
 * @param samples chains of {@link Mode#UNCERTAINTY}, 2 to 1000
 * @param steps UNet evaluations of each chain, 1 to 1000
 * @param seed of the noise, 0 to 2^53 - 1
 * @param tile height and width of a tile in pixels; null for the model's own
 * @param overlap pixels that neighbouring tiles share; null for the model's own
 * @param sampling what takes a chain's steps: one that draws from the posterior
 */
public record DenoiseOptions(Double sigma, Mode mode, int samples, int steps, long seed, Integer tile, Integer overlap, Sampling sampling) {

    /** The model's own sampler, with all of the posterior's noise where it is ddim. */
    public static final Sampling OWN = new Sampling(null, 1);

    /** @throws IllegalArgumentException naming the value and its range */
    public DenoiseOptions {
        checkSigma(sigma);
        Checks.range("samples", samples, 2, 1000);
        Checks.range("steps", steps, 1, 1000);
        Checks.seed(seed);
        Checks.tiles(tile, overlap);
    }

    private static void checkSigma(Double sigma) {
        if (sigma != null && !(sigma >= 0 && sigma <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("sigma is " + sigma + "; it must be a number of 0 or more, in grey values of the image.");
        }
    }

    /** With the model's own sampler. */
    public DenoiseOptions(Double sigma, Mode mode, int samples, int steps, long seed, Integer tile, Integer overlap) {
        this(sigma, mode, samples, steps, seed, tile, overlap, OWN);
    }

    /** The mean at the estimated noise; 8 samples and 20 steps where those are asked for. */
    public static DenoiseOptions defaults() {
        return new DenoiseOptions(null, Mode.MEAN, 8, 20, 1, null, null);
    }

    /**
     * The sigma that the values of the keys noise and sigma mean.
     *
     * @param sigma null where it isn't given
     * @return null to have it estimated
     * @throws IllegalArgumentException if noise isn't auto or gaussian, or sigma is missing or too much for it
     */
    public static Double sigma(String noise, Double sigma) {
        checkSigma(sigma);
        switch (noise) {
            case "auto":
                if (sigma != null) {
                    throw new IllegalArgumentException("sigma is " + sigma + ", but noise is auto, which estimates it. Choose noise gaussian, or give no sigma.");
                }
                return null;
            case "gaussian":
                if (sigma == null) {
                    throw new IllegalArgumentException("noise is gaussian; give its standard deviation in grey values as sigma.");
                }
                return sigma;
            default:
                throw new IllegalArgumentException("noise is \"" + noise + "\"; it must be auto or gaussian.");
        }
    }

    public DenoiseOptions withSigma(Double newSigma) {
        return new DenoiseOptions(newSigma, mode, samples, steps, seed, tile, overlap, sampling);
    }

    public DenoiseOptions withMode(Mode newMode) {
        return new DenoiseOptions(sigma, newMode, samples, steps, seed, tile, overlap, sampling);
    }

    public DenoiseOptions withSamples(int newSamples) {
        return new DenoiseOptions(sigma, mode, newSamples, steps, seed, tile, overlap, sampling);
    }

    public DenoiseOptions withSteps(int newSteps) {
        return new DenoiseOptions(sigma, mode, samples, newSteps, seed, tile, overlap, sampling);
    }

    public DenoiseOptions withSeed(long newSeed) {
        return new DenoiseOptions(sigma, mode, samples, steps, newSeed, tile, overlap, sampling);
    }

    public DenoiseOptions withTile(Integer newTile) {
        return new DenoiseOptions(sigma, mode, samples, steps, seed, newTile, overlap, sampling);
    }

    public DenoiseOptions withOverlap(Integer newOverlap) {
        return new DenoiseOptions(sigma, mode, samples, steps, seed, tile, newOverlap, sampling);
    }

    public DenoiseOptions withSampling(Sampling newSampling) {
        return new DenoiseOptions(sigma, mode, samples, steps, seed, tile, overlap, newSampling);
    }

    /** UNet evaluations that one plane needs, were it one tile. */
    public int evaluations() {
        return switch (mode) {
            case MEAN -> 1;
            case SAMPLE -> steps;
            case UNCERTAINTY -> steps * samples;
        };
    }
}
