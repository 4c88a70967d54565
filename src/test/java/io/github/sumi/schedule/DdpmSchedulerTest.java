// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DdpmSchedulerTest {

    private static final SchedulerConfig FREE = SchedulerConfig.ddpm().withoutClipping();

    private static NoiseSource gaussian(long seed) {
        return (step, noise) -> {
            Random random = new Random(seed * 100_003 + step);
            for (int i = 0; i < noise.size(); i++) {
                noise.buffer().put(i, (float) random.nextGaussian());
            }
        };
    }

    /** For data N(m, s^2) the best epsilon is known: sqrt(1-a) (x - sqrt(a) m) / (a s^2 + 1 - a). */
    @Test
    void gaussianDataComeOutWithTheirMeanAndVariance() {
        double mean = 0.3;
        double sd = 0.4;
        NoiseSchedule schedule = NoiseSchedule.of(FREE);
        DdpmScheduler scheduler = DdpmScheduler.of(FREE, 1000);
        Tensor x = Tensor.allocate(1, 1, 100, 200);
        gaussian(7).fill(-1, x);
        Tensor epsilon = Tensor.allocate(1, 1, 100, 200);
        Scheduler.Run run = scheduler.start(1, 1, 100, 200);
        double[] timesteps = scheduler.timesteps();
        for (int i = 0; i < timesteps.length; i++) {
            double a = schedule.alphaCumprod(timesteps[i]);
            for (int k = 0; k < x.size(); k++) {
                epsilon.buffer().put(k, (float) (Math.sqrt(1 - a) * (x.buffer().get(k) - Math.sqrt(a) * mean) / (a * sd * sd + 1 - a)));
            }
            run.step(i, epsilon, x, gaussian(7));
        }
        double sum = 0;
        double squares = 0;
        for (int k = 0; k < x.size(); k++) {
            sum += x.buffer().get(k);
            squares += x.buffer().get(k) * x.buffer().get(k);
        }
        double found = sum / x.size();
        assertEquals(mean, found, 0.015);
        assertEquals(sd, Math.sqrt(squares / x.size() - found * found), 0.015);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1001})
    void impossibleNumbersOfStepsAreRefusedWithTheirRange(int steps) {
        String message = assertThrows(IllegalArgumentException.class, () -> DdpmScheduler.of(FREE, steps)).getMessage();
        assertTrue(message.contains("steps is " + steps) && message.contains("from 1 to 1000"), message);
    }

    @Test
    void timestepsThatDoNotFallAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> DdpmScheduler.of(FREE, new double[] {5, 5}));
        assertThrows(IllegalArgumentException.class, () -> DdpmScheduler.of(FREE, new double[] {1000}));
        assertThrows(IllegalArgumentException.class, () -> DdpmScheduler.of(FREE, new double[] {}));
    }

    @Test
    void fixedLargeLogIsTheRootOfBeta() {
        SchedulerConfig log = SchedulerConfig.parse("{\"variance_type\": \"fixed_large_log\", \"clip_sample\": false}");
        SchedulerConfig plain = SchedulerConfig.parse("{\"variance_type\": \"fixed_large\", \"clip_sample\": false}");
        float[] ends = new float[2];
        for (int which = 0; which < 2; which++) {
            Tensor x = Tensor.allocate(1, 1, 1, 1);
            DdpmScheduler.of(which == 0 ? log : plain, 10).start(1, 1, 1, 1).step(0, Tensor.allocate(1, 1, 1, 1), x, gaussian(1));
            ends[which] = x.buffer().get(0);
        }
        assertEquals(ends[1], ends[0]);
        assertTrue(ends[0] != 0);
    }

    @Test
    void zeroTerminalSnrWithEpsilonIsRefusedByName() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> DdpmScheduler.of(SchedulerConfig.parse("{\"rescale_betas_zero_snr\": true, \"clip_sample\": false}"), 1000)).getMessage();
        assertTrue(message.contains("rescale_betas_zero_snr") && message.contains("v_prediction"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "null", "3", "{\"beta_schedule\": \"laplace\"}", "{\"beta_start\": \"x\"}", "{\"nonsense\": 1}",
        "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\"}", "{\"num_train_timesteps\": 1.5}", "{\"trained_betas\": {}}", "{\"beta_end\": 2}",
        "{\"clip_sample\": 1}", "{\"prediction_type\": [\"epsilon\"]}"})
    void unknownConfigurationsAreRefused(String json) {
        assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.parse(json));
    }
}
