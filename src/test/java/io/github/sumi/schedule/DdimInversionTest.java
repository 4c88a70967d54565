// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DdimInversionTest {

    private static final double DATA_SD = 0.5;

    /** The optimal network for data N(0, DATA_SD^2): the posterior mean of what it predicts. */
    private static void predict(SchedulerConfig config, Tensor x, double t, Tensor out) {
        double a = NoiseSchedule.of(config).alphaCumprod(t);
        double variance = a * DATA_SD * DATA_SD + 1 - a;
        double x0 = Math.sqrt(a) * DATA_SD * DATA_SD / variance;
        double epsilon = Math.sqrt(1 - a) / variance;
        double weight = switch (config.predictionType()) {
            case EPSILON -> epsilon;
            case SAMPLE -> x0;
            case V_PREDICTION -> Math.sqrt(a) * epsilon - Math.sqrt(1 - a) * x0;
        };
        for (int i = 0; i < x.size(); i++) {
            out.buffer().put(i, (float) (weight * x.buffer().get(i)));
        }
    }

    private static double[] roundTrip(SchedulerConfig config, int steps) {
        Tensor x = Tensor.allocate(1, 1, 1, 1);
        x.buffer().put(0, 0.4f);
        Tensor out = Tensor.allocate(1, 1, 1, 1);
        DdimInversion inversion = new DdimInversion(config, steps);
        for (int i = 0; i < inversion.steps(); i++) {
            predict(config, x, inversion.timestep(i), out);
            inversion.step(i, out, x);
        }
        double latent = x.buffer().get(0);
        Scheduler scheduler = Schedulers.of(config, steps);
        Scheduler.Run run = scheduler.start(1, 1, 1, 1);
        for (int i = 0; i < scheduler.timesteps().length; i++) {
            predict(config, x, scheduler.timesteps()[i], out);
            run.step(i, out, x, null);
        }
        return new double[] {latent, x.buffer().get(0)};
    }

    /** The exact flow keeps x over its SD: 0.4 of data with SD 0.5 becomes 0.8 of noise with SD 1. */
    @ParameterizedTest
    @CsvSource({"epsilon,leading", "epsilon,trailing", "sample,leading", "v_prediction,trailing", "v_prediction,linspace"})
    void theLatentIsExactInTheLimitAndTheErrorOfFirstOrder(String prediction, String spacing) {
        SchedulerConfig config = SchedulerConfig.parse("{\"clip_sample\": false, \"prediction_type\": \"" + prediction + "\", \"timestep_spacing\": \""
                + spacing + "\"}").with(Sampler.DDIM, 0);
        double coarse = Math.abs(roundTrip(config, 50)[1] - 0.4);
        double fine = Math.abs(roundTrip(config, 500)[1] - 0.4);
        double order = Math.log10(coarse / fine);
        assertTrue(order > 0.7 && order < 1.3, "order " + order + " from " + coarse + " to " + fine);
        assertEquals(0.8, roundTrip(config, 1000)[0], 0.02);
    }
}
