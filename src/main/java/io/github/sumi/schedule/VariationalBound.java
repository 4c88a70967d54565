// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Erf;

/**
 * The training objective: L_simple, and the variational bound L_vlb that it comes from (Ho et al. 2020, eq. 5, 8, 13 and
 * 14), in bits per value of 8-bit images mapped to [-1, 1].
 */
public final class VariationalBound {

    /** The network as a function. */
    @FunctionalInterface
    public interface Network {
        /** Writes its prediction for x_t, [n, c, h, w], to {@code output}, [n, c or 2c, h, w]. */
        void predict(Tensor x, double timestep, Tensor output);
    }

    /**
     * An estimate of L_vlb.
     *
     * @param bitsPerDim the bound, bits per value
     * @param standardError of the estimate, bits per value
     * @param prior its part L_T, which no training changes
     */
    public record Estimate(double bitsPerDim, double standardError, double prior) {
    }

    /**
     * What one evaluation of the network costs.
     *
     * @param simple L_simple at the timestep
     * @param term L_{t-1} or L_0, bits per value
     */
    public record Losses(double simple, double term) {
    }

    /** Sees what an estimate is made of. */
    @FunctionalInterface
    public interface Draws {
        /** @param stratum counted from 0 */
        void accept(int stratum, int t, Losses losses);
    }

    private static final double NATS_PER_BIT = Math.log(2);
    private static final double HALF_BIN = 1 / 255.0;
    private static final double EDGE = 0.999;
    private static final double MIN_MASS = 1e-300;

    private final PredictionType predictionType;
    private final VarianceType varianceType;
    private final double clipRange;
    private final double[] betas;
    private final double[] alphasCumprod;
    private final Network network;

    /** @param network predicts what {@code predictionType} says */
    public VariationalBound(SchedulerConfig config, Network network) {
        NoiseSchedule schedule = NoiseSchedule.of(config);
        SchedulerConfig ddpm = config.with(Sampler.DDPM, 0);
        this.predictionType = config.predictionType();
        this.varianceType = ddpm.solver(DdpmScheduler.Config.class).varianceType();
        this.clipRange = ddpm.x0().clipSample() ? ddpm.x0().clipSampleRange() : Double.POSITIVE_INFINITY;
        this.betas = schedule.betas();
        this.alphasCumprod = schedule.alphasCumprod();
        this.network = network;
    }

    /** L_simple at timestep t, eq. 14: the mean of {@code (epsilon - epsilon_theta(x_t, t))^2}. */
    public double simple(Tensor x0, Tensor epsilon, int t) {
        Tensor x = noised(x0, epsilon, t);
        return simple(x, epsilon, t, predict(x, t));
    }

    private double simple(Tensor x, Tensor epsilon, int t, Tensor output) {
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            double predicted = predictionType.epsilon(value(output, x, i, 0), x.buffer().get(i), alphasCumprod[t]);
            double difference = epsilon.buffer().get(i) - predicted;
            sum += difference * difference;
        }
        return sum / x.size();
    }

    /** L_T, {@code KL(q(x_T | x_0) || N(0, I))}, in bits per value. */
    public double prior(Tensor x0) {
        double a = alphasCumprod[betas.length - 1];
        double sum = 0;
        for (int i = 0; i < x0.size(); i++) {
            double x = x0.buffer().get(i);
            sum += 0.5 * (a * x * x - a - Math.log1p(-a));
        }
        return sum / x0.size() / NATS_PER_BIT;
    }

    /**
     * L_{t-1}, the KL divergence of eq. 8 (t above 0), or L_0, the discretised decoder of eq. 13 (t = 0), counting timesteps
     * from 0; in bits per value, for one draw of epsilon.
     */
    public double term(Tensor x0, Tensor epsilon, int t) {
        Tensor x = noised(x0, epsilon, t);
        return term(x0, x, t, predict(x, t));
    }

    /** {@link #simple} and {@link #term} of one draw. */
    public Losses losses(Tensor x0, Tensor epsilon, int t) {
        Tensor x = noised(x0, epsilon, t);
        Tensor output = predict(x, t);
        return new Losses(simple(x, epsilon, t, output), term(x0, x, t, output));
    }

    private double term(Tensor x0, Tensor x, int t, Tensor output) {
        double previous = t == 0 ? 1 : alphasCumprod[t - 1];
        Posterior posterior = Posterior.between(alphasCumprod[t], previous);
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            double xt = x.buffer().get(i);
            double guess = predictionType.x0(value(output, x, i, 0), xt, alphasCumprod[t]);
            guess = Math.max(-clipRange, Math.min(clipRange, guess));
            double mean = posterior.x0Coefficient() * guess + posterior.sampleCoefficient() * xt;
            double variance = variance(t, posterior, output, x, i);
            double image = x0.buffer().get(i);
            if (t == 0) {
                sum -= logMass(image, mean, Math.sqrt(variance));
            } else {
                double off = posterior.x0Coefficient() * image + posterior.sampleCoefficient() * xt - mean;
                sum += 0.5 * (Math.log(variance / posterior.variance()) + (posterior.variance() + off * off) / variance - 1);
            }
        }
        return sum / x.size() / NATS_PER_BIT;
    }

    /**
     * L_vlb, eq. 5, estimated with t stratified: two timesteps are drawn from each of the {@link #strata}.
     *
     * @param x0 8-bit images mapped to [-1, 1]
     * @param noise asked for one step number a draw
     * @param strata 1 to T
     */
    public Estimate estimate(Tensor x0, NoiseSource noise, int strata, RandomGenerator random) {
        return estimate(x0, noise, strata, random, (stratum, t, losses) -> { });
    }

    /** The same, telling each draw. */
    public Estimate estimate(Tensor x0, NoiseSource noise, int strata, RandomGenerator random, Draws told) {
        int[] starts = strata(betas.length, strata);
        Tensor epsilon = Tensor.allocate(x0.n(), x0.c(), x0.h(), x0.w());
        double sum = 0;
        double variance = 0;
        for (int stratum = 0; stratum < strata; stratum++) {
            int from = starts[stratum];
            int size = starts[stratum + 1] - from;
            double[] draws = new double[2];
            for (int draw = 0; draw < 2; draw++) {
                noise.fill(2 * stratum + draw, epsilon);
                int t = from + random.nextInt(size);
                Losses losses = losses(x0, epsilon, t);
                draws[draw] = size * losses.term();
                told.accept(stratum, t, losses);
            }
            sum += (draws[0] + draws[1]) / 2;
            variance += (draws[0] - draws[1]) * (draws[0] - draws[1]) / 4;
        }
        double prior = prior(x0);
        return new Estimate(sum + prior, Math.sqrt(variance), prior);
    }

    /**
     * Where the strata of {@link #estimate} begin, and T: narrow where t is small, since there the terms are largest and differ
     * most (Nichol &amp; Dhariwal 2021, figure 2). L_0, often most of the sum, is never left to chance: t = 0 is the first one,
     * unless there is only one.
     */
    public static int[] strata(int total, int count) {
        if (count < 1 || count > total) {
            throw new IllegalArgumentException("strata is " + count + "; it must be from 1 to " + total + ".");
        }
        int[] starts = new int[count + 1];
        starts[count] = total;
        for (int i = 1; i < count; i++) {
            double share = (i - 1.0) / (count - 1);
            int cubic = 1 + (int) ((total - 1) * share * share * share);
            // at least one timestep for it and for each that follows
            starts[i] = Math.min(Math.max(cubic, starts[i - 1] + 1), total - (count - i));
        }
        return starts;
    }

    private Tensor noised(Tensor x0, Tensor epsilon, int t) {
        Tensor x = Tensor.allocate(x0.n(), x0.c(), x0.h(), x0.w());
        ForwardProcess.closedForm(x0, epsilon, alphasCumprod[t], x);
        return x;
    }

    private Tensor predict(Tensor x, int t) {
        boolean learned = varianceType == VarianceType.LEARNED || varianceType == VarianceType.LEARNED_RANGE;
        Tensor output = Tensor.allocate(x.n(), learned ? 2 * x.c() : x.c(), x.h(), x.w());
        network.predict(x, t, output);
        return output;
    }

    /** The prediction for value i of x, from the first (0) or second (1) half of the output's channels. */
    private static double value(Tensor output, Tensor x, int i, int half) {
        int length = x.c() * x.h() * x.w();
        return output.buffer().get(output.planeStart(i / length, half * x.c()) + i % length);
    }

    /** At t = 0 the posterior has no variance; that of t = 1 stands in for it, as in Ho et al.'s code. */
    private double variance(int t, Posterior posterior, Tensor output, Tensor x, int i) {
        double small = t > 0 || betas.length == 1 ? posterior.variance()
                : Posterior.between(alphasCumprod[1], alphasCumprod[0]).variance();
        return switch (varianceType) {
            case FIXED_SMALL, FIXED_SMALL_LOG -> small;
            case FIXED_LARGE, FIXED_LARGE_LOG -> t == 0 ? small : posterior.beta();
            case LEARNED -> value(output, x, i, 1);
            case LEARNED_RANGE -> {
                double share = (value(output, x, i, 1) + 1) / 2;
                yield Math.exp(share * Math.log(posterior.beta()) + (1 - share) * Math.log(small));
            }
        };
    }

    /** log of the mass that N(mean, sd^2) gives to the bin of an 8-bit value, eq. 13; the outermost bins are open. */
    private static double logMass(double x, double mean, double sd) {
        double low = x < -EDGE ? Double.NEGATIVE_INFINITY : (x - HALF_BIN - mean) / sd;
        double high = x > EDGE ? Double.POSITIVE_INFINITY : (x + HALF_BIN - mean) / sd;
        if (low + high < 0) {
            // on the side where erfc is small it loses no digits
            double mirrored = -low;
            low = -high;
            high = mirrored;
        }
        return Math.log(Math.max(0.5 * (Erf.erfc(low / Math.sqrt(2)) - Erf.erfc(high / Math.sqrt(2))), MIN_MASS));
    }
}
