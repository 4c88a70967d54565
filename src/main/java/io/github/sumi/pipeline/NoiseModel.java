// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

/**
 * The noise of a camera: {@code variance(z) = gain max(0, z - offset) + readNoise^2} at the clean grey value z (Foi et al. 2008,
 * "Practical Poissonian-Gaussian noise modeling and fitting for single-image raw-data", eq. 4). Gaussian noise of one SD is
 * the case of gain 0.
 *
 * @param gain grey values per photon, 0 or more
 * @param offset grey value without light
 * @param readNoise SD in grey values without light, 0 or more
 */
public record NoiseModel(double gain, double offset, double readNoise) {

    /** @throws IllegalArgumentException naming the value and its range */
    public NoiseModel {
        check("gain", gain, gain >= 0, "0 or more, in grey values per photon");
        check("offset", offset, true, "a number, in grey values");
        check("readnoise", readNoise, readNoise >= 0, "0 or more, in grey values");
    }

    /** Gaussian noise of one SD. @param sigma 0 or more, grey values */
    public static NoiseModel gaussian(double sigma) {
        check("sigma", sigma, sigma >= 0, "a number of 0 or more, in grey values of the image");
        return new NoiseModel(0, 0, sigma);
    }

    private static void check(String name, double value, boolean inRange, String range) {
        if (!inRange || !(Math.abs(value) <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be " + range + ".");
        }
    }

    /** Whether the SD is the same everywhere. */
    public boolean isGaussian() {
        return gain == 0;
    }

    /** SD at a clean grey value; below the offset, where there is no light, that of reading. */
    public double sigma(double z) {
        return Math.sqrt(gain * Math.max(0, z - offset) + readNoise * readNoise);
    }
}
