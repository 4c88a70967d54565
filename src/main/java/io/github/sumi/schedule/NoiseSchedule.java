// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/**
 * The tables of a noise schedule, in double: beta_t and {@code alphasCumprod_t}, the product of all {@code 1 - beta} up to
 * t, for t = 0 to T - 1. Between two timesteps the logarithm of {@link #sigma} is linear.
 */
public final class NoiseSchedule {

    private static final double MAX_BETA = 0.999;
    private static final double EXP_END = 12;
    private static final double LITTLE = Math.scalb(1.0, -24);

    private final double[] betas;
    private final double[] alphasCumprod;

    private NoiseSchedule(double[] betas, double[] alphasCumprod) {
        this.betas = betas;
        this.alphasCumprod = alphasCumprod;
    }

    /** The schedule that a configuration describes. */
    public static NoiseSchedule of(SchedulerConfig config) {
        if (config.betas() == null) {
            throw new IllegalArgumentException("a network of an " + config.type().className() + " knows noise levels, but no timesteps and"
                    + " no noise schedule; this works with the other schedulers' networks only.");
        }
        return of(config.betas());
    }

    static NoiseSchedule of(BetaConfig config) {
        double[] betas = config.trainedBetas() != null ? config.trainedBetas().clone() : betas(config);
        double[] cumprod = cumprod(betas);
        return config.rescaleBetasZeroSnr() ? zeroTerminalSnr(cumprod) : new NoiseSchedule(betas, cumprod);
    }

    private static double[] betas(BetaConfig config) {
        int n = config.numTrainTimesteps();
        double start = config.betaStart();
        double end = config.betaEnd();
        double[] betas = new double[n];
        for (int t = 0; t < n; t++) {
            double share = n == 1 ? 0 : (double) t / (n - 1);
            betas[t] = switch (config.betaSchedule()) {
                case LINEAR -> start + (end - start) * share;
                case SCALED_LINEAR -> {
                    double root = Math.sqrt(start) + (Math.sqrt(end) - Math.sqrt(start)) * share;
                    yield root * root;
                }
                case SQUAREDCOS_CAP_V2 -> Math.min(1 - cosine((t + 1.0) / n) / cosine((double) t / n), MAX_BETA);
                case EXP -> Math.min(-Math.expm1(-EXP_END / n), MAX_BETA);
                case SIGMOID -> start + (end - start) / (1 + Math.exp(6 - 12 * share));
            };
        }
        return betas;
    }

    /** alphasCumprod of the cosine schedule at time 0 to 1, Nichol &amp; Dhariwal 2021, eq. 17. */
    private static double cosine(double time) {
        double c = Math.cos((time + 0.008) / 1.008 * Math.PI / 2);
        return c * c;
    }

    private static double[] cumprod(double[] betas) {
        double[] cumprod = new double[betas.length];
        double product = 1;
        for (int t = 0; t < betas.length; t++) {
            product *= 1 - betas[t];
            cumprod[t] = product;
        }
        return cumprod;
    }

    /** Lin et al. 2024, algorithm 1: shifts and scales the root of alphasCumprod so that it ends at 0. */
    private static NoiseSchedule zeroTerminalSnr(double[] cumprod) {
        int last = cumprod.length - 1;
        double first = Math.sqrt(cumprod[0]);
        double end = Math.sqrt(cumprod[last]);
        double[] betas = new double[cumprod.length];
        double before = 1;
        for (int t = 0; t <= last; t++) {
            double root = (Math.sqrt(cumprod[t]) - end) * first / (first - end);
            betas[t] = 1 - root * root / before;
            before = root * root;
        }
        return new NoiseSchedule(betas, cumprod(betas));
    }

    /**
     * The same with a little signal at the last timestep where zero terminal SNR leaves none, so that its sigma is finite: as
     * much as diffusers leaves.
     */
    NoiseSchedule nonZero() {
        double[] little = alphasCumprod.clone();
        if (little[little.length - 1] == 0) {
            little[little.length - 1] = LITTLE;
        }
        return new NoiseSchedule(betas, little);
    }

    /** How many timesteps, from 0 on, have a lambda, {@code -log sigma}, of this or more. */
    int timestepsAbove(double lambda) {
        int count = 0;
        while (count < betas.length && -Math.log(sigmaAt(count)) >= lambda) {
            count++;
        }
        return count;
    }

    /** {@link #sigma} with another idea of what lies between two timesteps: linear in sigma itself. */
    double sigmaLinear(double t) {
        int below = Math.min((int) t, betas.length - 1);
        return t == below ? sigmaAt(below) : (1 - t + below) * sigmaAt(below) + (t - below) * sigmaAt(below + 1);
    }

    /** T. */
    public int numTrainTimesteps() {
        return betas.length;
    }

    /** beta_t, t = 0 to T - 1; a fresh copy. */
    public double[] betas() {
        return betas.clone();
    }

    /** alphasCumprod_t, t = 0 to T - 1; a fresh copy. */
    public double[] alphasCumprod() {
        return alphasCumprod.clone();
    }

    /**
     * alphaCumprod at a timestep, fractions allowed.
     *
     * @throws IllegalArgumentException if t is not from 0 to T - 1
     */
    public double alphaCumprod(double t) {
        if (!(t >= 0 && t <= betas.length - 1)) {
            throw new IllegalArgumentException("timestep " + t + " must be from 0 to " + (betas.length - 1) + ".");
        }
        int below = (int) t;
        if (t == below) {
            return alphasCumprod[below];
        }
        double sigma = Math.exp((1 - t + below) * Math.log(sigmaAt(below)) + (t - below) * Math.log(sigmaAt(below + 1)));
        return 1 / (1 + sigma * sigma);
    }

    private double sigmaAt(int t) {
        return Math.sqrt((1 - alphasCumprod[t]) / alphasCumprod[t]);
    }

    /** The noise over the signal, {@code sqrt((1 - alphaCumprod) / alphaCumprod)}; infinite at zero terminal SNR. */
    public double sigma(double t) {
        double a = alphaCumprod(t);
        return Math.sqrt((1 - a) / a);
    }

    /** Signal over noise as powers, {@code alphaCumprod / (1 - alphaCumprod)} (Kingma et al. 2021, eq. 2). */
    public double snr(double t) {
        double a = alphaCumprod(t);
        return a / (1 - a);
    }

    /**
     * The timestep, perhaps fractional, at which {@link #sigma} has this value: its inverse. Noise below that of timestep 0
     * gives 0, noise beyond the last gives T - 1.
     *
     * @throws IllegalArgumentException if sigma is negative or not a number
     */
    public double timestep(double sigma) {
        if (!(sigma >= 0)) {
            throw new IllegalArgumentException("sigma is " + sigma + "; it must be 0 or more.");
        }
        int low = 0;
        int high = betas.length - 1;
        if (sigma <= sigmaAt(low)) {
            return 0;
        }
        if (sigma >= sigmaAt(high)) {
            return high;
        }
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (sigmaAt(middle) <= sigma) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double below = Math.log(sigmaAt(low));
        double above = Math.log(sigmaAt(high));
        return Double.isInfinite(above) ? low : low + (Math.log(sigma) - below) / (above - below);
    }
}
