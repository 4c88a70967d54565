// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.nio.FloatBuffer;

/**
 * Denoising diffusion implicit models (Song, Meng &amp; Ermon 2021), eq. 12: a step from t to the next timestep s of the chain,
 *
 * <pre>x_s = sqrt(a_s) x_0 + sqrt(1 - a_s - sd^2) epsilon + sd z</pre>
 *
 * with a = alphaCumprod, x_0 and epsilon as the network sees them and {@code sd = eta sqrt((1 - a_s) / (1 - a_t) (1 - a_t / a_s))},
 * eq. 16: deterministic at eta 0, ancestral sampling at eta 1.
 *
 * <p>s is the timestep that comes next. diffusers 0.42.1 takes {@code t - T / steps}, which is another one unless the spacing
 * is leading.
 */
public final class DdimScheduler implements Scheduler {

    /**
     * @param setAlphaToOne whether the chain ends at the image itself, and not at the noise of timestep 0
     * @param eta 0 to 1
     */
    record Config(boolean setAlphaToOne, double eta) {

        static Config read(ConfigFields fields, double eta) {
            return new Config(fields.flag("set_alpha_to_one", true), eta);
        }
    }

    private final SchedulerConfig config;
    private final double eta;
    private final double[] timesteps;
    /** alphaCumprod at each timestep, and where the chain ends. */
    private final double[] alphasCumprod;

    private DdimScheduler(SchedulerConfig config, double[] timesteps, boolean toImage) {
        this.config = config;
        this.eta = config.solver(Config.class).eta();
        this.timesteps = timesteps;
        NoiseSchedule schedule = NoiseSchedule.of(config);
        alphasCumprod = new double[timesteps.length + 1];
        for (int i = 0; i < timesteps.length; i++) {
            alphasCumprod[i] = schedule.alphaCumprod(timesteps[i]);
            DdpmScheduler.checkSignal(config, alphasCumprod[i]);
        }
        alphasCumprod[timesteps.length] = toImage ? 1 : schedule.alphaCumprod(0);
    }

    static DdimScheduler of(SchedulerConfig config, int numInferenceSteps) {
        return new DdimScheduler(config, Timesteps.of(config, numInferenceSteps), config.solver(Config.class).setAlphaToOne());
    }

    static DdimScheduler of(SchedulerConfig config, double[] timesteps) {
        return new DdimScheduler(config, Timesteps.check(timesteps, config.betas().numTrainTimesteps()), true);
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
        return new DdimRun(n, c, h, w);
    }

    private final class DdimRun implements Run {

        private final Tensor x0;
        private final Tensor z;
        private final X0Limit limit;

        DdimRun(int n, int c, int h, int w) {
            x0 = Tensor.allocate(n, c, h, w);
            z = Tensor.allocate(n, c, h, w);
            limit = X0Limit.of(config.x0(), c * h * w);
        }

        @Override
        public void step(int i, Tensor modelOutput, Tensor sample, NoiseSource noise) {
            double a = alphasCumprod[i];
            double next = alphasCumprod[i + 1];
            double sd = eta * Math.sqrt((1 - next) / (1 - a) * (1 - a / next));
            config.predictionType().predOriginalSample(modelOutput, sample, a, x0);
            limit.apply(x0);
            if (sd > 0) {
                noise.fill(i, z);
            }
            double signal = Math.sqrt(next);
            double direction = Math.sqrt(Math.max(1 - next - sd * sd, 0));
            FloatBuffer x = sample.buffer();
            FloatBuffer out = modelOutput.buffer();
            double alpha = Math.sqrt(a);
            double sigma = Math.sqrt(1 - a);
            int length = sample.c() * sample.h() * sample.w();
            for (int n = 0; n < sample.n(); n++) {
                int from = modelOutput.planeStart(n, 0);
                for (int k = n * length; k < (n + 1) * length; k++) {
                    double epsilon = config.predictionType().epsilon(out.get(from + k - n * length), x.get(k), alpha, sigma);
                    x.put(k, (float) (signal * x0.buffer().get(k) + direction * epsilon + sd * z.buffer().get(k)));
                }
            }
        }

        @Override
        public Tensor predOriginalSample() {
            return x0;
        }
    }
}
