// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

/**
 * The generalised Anscombe transform, after which camera noise has SD 1 nearly everywhere, and its exact unbiased inverse
 * (Makitalo and Foi 2013, "Optimal inversion of the generalized Anscombe transformation for Poisson-Gaussian noise").
 *
 * <p>In photons, {@code p = (z - offset) / gain} and {@code s = readNoise / gain}, it is {@code f(p) = 2 sqrt(max(0, p + 3/8 + s^2))}
 * (eq. 3). A denoised value D estimates {@code E[f | y]}, y the clean photons, so the inverse is the y where that is D: summed
 * over the Poisson and integrated over the Gaussian distribution up to {@link #TABLED} photons, by the expansion of section III
 * beyond. Below {@code E[f | 0]} it goes on as a line, so that a dark background isn't cut at its offset.
 */
final class Anscombe {

    /** Photons up to which the inverse is tabled; there the expansion agrees within 1e-3. */
    private static final double TABLED = 200;
    private static final int NODES = 800;
    private static final int QUADRATURE = 400;
    private static final double SPAN = 8;

    private final NoiseModel noise;
    private final double readInPhotons;
    /** Clean photons of the nodes, and E[f] there. */
    private final double[] photons = new double[NODES + 1];
    private final double[] expected = new double[NODES + 1];

    /** @param noise with a gain above 0 */
    Anscombe(NoiseModel noise) {
        this.noise = noise;
        this.readInPhotons = noise.readNoise() / noise.gain();
        double[] ofCount = new double[(int) (TABLED + 12 * Math.sqrt(TABLED)) + 30];
        for (int k = 0; k < ofCount.length; k++) {
            ofCount[k] = overReadNoise(k);
        }
        for (int i = 0; i <= NODES; i++) {
            photons[i] = TABLED * i * i / NODES / NODES;
            expected[i] = overPoisson(photons[i], ofCount);
        }
    }

    private double transform(double p) {
        return 2 * Math.sqrt(Math.max(0, p + 0.375 + readInPhotons * readInPhotons));
    }

    /** E[f(k + s n)], n standard normal, by the midpoint rule. */
    private double overReadNoise(int k) {
        if (readInPhotons == 0) {
            return transform(k);
        }
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < QUADRATURE; i++) {
            double n = SPAN * ((2 * i + 1.0) / QUADRATURE - 1);
            double weight = Math.exp(-n * n / 2);
            sum += weight * transform(k + readInPhotons * n);
            weights += weight;
        }
        return sum / weights;
    }

    private static double overPoisson(double y, double[] ofCount) {
        double sum = 0;
        double weight = Math.exp(-y);
        for (int k = 0; k < ofCount.length; k++) {
            sum += weight * ofCount[k];
            weight *= y / (k + 1);
        }
        return sum;
    }

    /** Stabilised value of a noisy grey value, less {@code 2 s}, which would take a float's digits where reading dominates. */
    float forward(float z) {
        double p = (z - noise.offset()) / noise.gain() + 0.375;
        double argument = p + readInPhotons * readInPhotons;
        return (float) (argument <= 0 ? -2 * readInPhotons : 2 * p / (Math.sqrt(argument) + readInPhotons));
    }

    /** Grey value whose stabilised values, as {@link #forward} gives them, have the mean {@code d}. */
    double inverse(double d) {
        return noise.offset() + noise.gain() * inversePhotons(d + 2 * readInPhotons);
    }

    private double inversePhotons(double d) {
        if (d >= expected[NODES]) {
            double root = Math.sqrt(1.5);
            return d * d / 4 - 0.125 - readInPhotons * readInPhotons + root / (4 * d) - 11 / (8 * d * d) + 5 * root / (8 * d * d * d);
        }
        int below = 0;
        int above = NODES;
        while (above - below > 1) {
            int middle = (below + above) >>> 1;
            if (expected[middle] <= d) {
                below = middle;
            } else {
                above = middle;
            }
        }
        return photons[below] + (d - expected[below]) / (expected[above] - expected[below]) * (photons[above] - photons[below]);
    }
}
