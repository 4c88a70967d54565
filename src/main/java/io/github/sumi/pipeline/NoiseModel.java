// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import java.util.Locale;

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

    /**
     * What the values of the keys noise, sigma, gain, offset and readnoise mean; null stands for one that isn't given.
     *
     * @return null to have it estimated
     * @throws IllegalArgumentException if a value is out of range, missing, or given without being used
     */
    public static NoiseModel of(String noise, Double sigma, Double gain, Double offset, Double readNoise) {
        NoiseModel camera = new NoiseModel(gain == null ? 0 : gain, offset == null ? 0 : offset, readNoise == null ? 0 : readNoise);
        NoiseModel gaussian = sigma == null ? null : gaussian(sigma);
        unused(noise, "gaussian", "sigma", sigma);
        unused(noise, "camera", "gain", gain);
        unused(noise, "camera", "offset", offset);
        unused(noise, "camera", "readnoise", readNoise);
        switch (noise) {
            case "auto":
                return null;
            case "gaussian":
                if (gaussian == null) {
                    throw new IllegalArgumentException("noise is gaussian; give its standard deviation in grey values as sigma.");
                }
                return gaussian;
            case "camera":
                if (!(camera.gain > 0)) {
                    throw new IllegalArgumentException("noise is camera; give its gain in grey values per photon, above 0, and offset and readnoise in grey values.");
                }
                return camera;
            default:
                throw new IllegalArgumentException("noise is \"" + noise + "\"; it must be auto, gaussian or camera.");
        }
    }

    private static void unused(String noise, String needed, String key, Double value) {
        if (value != null && !noise.equals(needed)) {
            throw new IllegalArgumentException(key + " is " + value + ", but noise is " + noise + ", which doesn't use it. Choose noise "
                    + needed + ", or leave " + key + " out.");
        }
    }

    /** In words, with the values. */
    public String describe() {
        return isGaussian() ? String.format(Locale.ROOT, "gaussian, sigma %.6g", readNoise)
                : String.format(Locale.ROOT, "camera, gain %.6g, offset %.6g, readnoise %.6g", gain, offset, readNoise);
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
