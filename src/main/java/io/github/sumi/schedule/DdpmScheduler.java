// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/**
 * Ancestral sampling (Ho et al. 2020, algorithm 2), with diffusers' numbers. A step from t to the next timestep s of the
 * chain draws {@code x_s} from the posterior {@code q(x_s | x_t, x_0)}, eq. 6 and 7, the network's estimate in place of x_0.
 * Noise is added in each step but one at timestep 0.
 *
 * <p>Where diffusers yields no finite number: {@code fixed_large_log} takes the root of a logarithm there; here it is
 * {@code exp(log(beta) / 2) = sqrt(beta)}, as its name says. {@code learned} takes the root of what the network predicts,
 * which isn't a number where that is negative; here such a variance counts as 1e-20. Zero terminal SNR with epsilon is
 * refused where a chain visits the last timestep and x_0, infinite there, is not clipped.
 */
public final class DdpmScheduler implements Scheduler {

    /** @param varianceType variance of a reverse step */
    record Config(VarianceType varianceType) {

        static Config read(ConfigFields fields) {
            return new Config(fields.choice("variance_type", VarianceType.FIXED_SMALL, VarianceType.values()));
        }
    }

    private final SchedulerConfig config;
    private final double[] timesteps;
    private final double[] alphasCumprod;
    private final Posterior[] posteriors;

    private DdpmScheduler(SchedulerConfig config, double[] timesteps) {
        this.config = config;
        this.timesteps = timesteps;
        NoiseSchedule schedule = NoiseSchedule.of(config);
        alphasCumprod = new double[timesteps.length];
        posteriors = new Posterior[timesteps.length];
        for (int i = 0; i < timesteps.length; i++) {
            alphasCumprod[i] = schedule.alphaCumprod(timesteps[i]);
            checkSignal(config, alphasCumprod[i]);
            double previous = i + 1 < timesteps.length ? schedule.alphaCumprod(timesteps[i + 1]) : 1;
            posteriors[i] = Posterior.between(alphasCumprod[i], previous);
        }
    }

    /** @throws IllegalArgumentException if x_0 can't be told from epsilon, and wouldn't be clipped to something finite */
    static void checkSignal(SchedulerConfig config, double alphaCumprod) {
        boolean limited = config.x0().clipSample() && !config.x0().thresholding();
        if (alphaCumprod == 0 && config.predictionType() == PredictionType.EPSILON && !limited) {
            throw new IllegalArgumentException("rescale_betas_zero_snr needs prediction_type v_prediction or sample, or clip_sample:"
                    + " at the last timestep x_t holds no signal, so x_0 can't be told from epsilon.");
        }
    }

    /**
     * The whole chain, from noise to image.
     *
     * @param numInferenceSteps 1 to numTrainTimesteps
     * @throws IllegalArgumentException if there can't be that many steps
     */
    public static DdpmScheduler of(SchedulerConfig config, int numInferenceSteps) {
        return new DdpmScheduler(config, Timesteps.of(config, numInferenceSteps));
    }

    /**
     * A chain entered in the middle.
     *
     * @param timesteps falling, within 0 to numTrainTimesteps - 1, fractions allowed
     * @throws IllegalArgumentException if they aren't
     */
    public static DdpmScheduler of(SchedulerConfig config, double[] timesteps) {
        return new DdpmScheduler(config, Timesteps.check(timesteps, config.betas().numTrainTimesteps()));
    }

    @Override
    public double[] timesteps() {
        return timesteps.clone();
    }

    @Override
    public double initNoiseSigma() {
        return 1;
    }

    @Override
    public Run start(int n, int c, int h, int w) {
        return new DdpmRun(this, n, c, h, w);
    }

    SchedulerConfig config() {
        return config;
    }

    VarianceType varianceType() {
        return config.solver(Config.class).varianceType();
    }

    double alphaCumprod(int i) {
        return alphasCumprod[i];
    }

    Posterior posterior(int i) {
        return posteriors[i];
    }

    /** Whether step i adds noise. */
    boolean addsNoise(int i) {
        return timesteps[i] > 0;
    }
}
