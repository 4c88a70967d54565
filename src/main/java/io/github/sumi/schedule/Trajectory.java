// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/**
 * The places that a chain visits.
 *
 * @param timesteps what the network is asked for in each step
 * @param levels signal and noise at each, and where the last step leads
 * @param estimates what the network's output means at each
 */
record Trajectory(double[] timesteps, Level[] levels, Estimate[] estimates) {

    /** Variance preserving: x_t is what the network sees. */
    static Trajectory preserving(Sigmas sigmas, PredictionType type) {
        return of(sigmas, type, false);
    }

    /** Variance exploding: {@code x = x_0 + sigma epsilon}, scaled for the network. */
    static Trajectory exploding(Sigmas sigmas, PredictionType type) {
        return of(sigmas, type, true);
    }

    private static Trajectory of(Sigmas sigmas, PredictionType type, boolean exploding) {
        int n = sigmas.timesteps().length;
        Level[] levels = new Level[n + 1];
        Estimate[] estimates = new Estimate[n];
        for (int i = 0; i <= n; i++) {
            double sigma = sigmas.values()[i];
            levels[i] = exploding ? Level.exploding(sigma) : Level.preserving(sigma);
            if (i < n) {
                estimates[i] = Estimate.of(type, levels[i]);
            }
        }
        return new Trajectory(sigmas.timesteps(), levels, estimates);
    }

    int steps() {
        return timesteps.length;
    }

    /** The SD of what an exploding chain starts from; diffusers adds the data's variance for leading spacing alone. */
    double initNoiseSigma(SpacingConfig spacing) {
        double largest = levels[0].sigma();
        return spacing.timestepSpacing() == TimestepSpacing.LEADING ? Math.hypot(largest, 1) : largest;
    }
}
