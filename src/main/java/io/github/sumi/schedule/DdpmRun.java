// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.nio.FloatBuffer;
import java.util.Locale;

/** One DDPM chain under way. */
final class DdpmRun implements Scheduler.Run {

    /** No variance is less, so that it has a logarithm, as in diffusers. */
    private static final double MIN_VARIANCE = 1e-20;

    private final DdpmScheduler scheduler;
    private final PredictionType predictionType;
    private final VarianceType varianceType;
    private final Tensor x0;
    private final Tensor noise;
    private final X0Limit limit;
    private final boolean learned;

    DdpmRun(DdpmScheduler scheduler, int n, int c, int h, int w) {
        this.scheduler = scheduler;
        this.predictionType = scheduler.config().predictionType();
        this.varianceType = scheduler.varianceType();
        this.x0 = Tensor.allocate(n, c, h, w);
        this.noise = Tensor.allocate(n, c, h, w);
        this.limit = X0Limit.of(scheduler.config().x0(), c * h * w);
        this.learned = varianceType == VarianceType.LEARNED || varianceType == VarianceType.LEARNED_RANGE;
    }

    @Override
    public void step(int i, Tensor modelOutput, Tensor sample, NoiseSource source) {
        int channels = learned ? 2 * sample.c() : sample.c();
        if (modelOutput.c() != channels) {
            throw new IllegalArgumentException("the network predicts " + modelOutput.c() + " channels; variance_type "
                    + varianceType.name().toLowerCase(Locale.ROOT) + " needs " + channels + ".");
        }
        predictionType.predOriginalSample(modelOutput, sample, scheduler.alphaCumprod(i), x0);
        limit.apply(x0);
        Posterior posterior = scheduler.posterior(i);
        if (!scheduler.addsNoise(i)) {
            draw(posterior, 0, sample);
            return;
        }
        source.fill(i, noise);
        draw(posterior, learned ? 0 : standardDeviation(posterior), sample);
        if (learned) {
            addLearned(posterior, modelOutput, sample);
        }
    }

    private double standardDeviation(Posterior posterior) {
        return switch (varianceType) {
            case FIXED_SMALL, FIXED_SMALL_LOG -> Math.sqrt(Math.max(posterior.variance(), MIN_VARIANCE));
            case FIXED_LARGE, FIXED_LARGE_LOG -> Math.sqrt(posterior.beta());
            case LEARNED, LEARNED_RANGE -> throw new AssertionError("differs from pixel to pixel");
        };
    }

    /** From the posterior, with an SD that is the same everywhere. */
    private void draw(Posterior posterior, double sd, Tensor sample) {
        FloatBuffer x = sample.buffer();
        FloatBuffer image = x0.buffer();
        FloatBuffer z = noise.buffer();
        double a = posterior.x0Coefficient();
        double b = posterior.sampleCoefficient();
        for (int k = 0; k < x.capacity(); k++) {
            x.put(k, (float) (a * image.get(k) + b * x.get(k) + sd * z.get(k)));
        }
    }

    private void addLearned(Posterior posterior, Tensor modelOutput, Tensor sample) {
        FloatBuffer x = sample.buffer();
        FloatBuffer z = noise.buffer();
        FloatBuffer out = modelOutput.buffer();
        double least = Math.log(Math.max(posterior.variance(), MIN_VARIANCE));
        double most = Math.log(posterior.beta());
        boolean range = varianceType == VarianceType.LEARNED_RANGE;
        int length = sample.c() * sample.h() * sample.w();
        for (int n = 0; n < sample.n(); n++) {
            int second = modelOutput.planeStart(n, sample.c());
            for (int k = 0; k < length; k++) {
                double v = out.get(second + k);
                double share = (v + 1) / 2;
                double variance = range ? Math.exp(share * most + (1 - share) * least) : Math.max(v, MIN_VARIANCE);
                int at = n * length + k;
                x.put(at, (float) (x.get(at) + Math.sqrt(variance) * z.get(at)));
            }
        }
    }

    @Override
    public Tensor predOriginalSample() {
        return x0;
    }
}
