// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a computation in Python: models/train/sumi_train/golden.py. */
class VariationalBoundTest {

    private static Tensor image(JsonArray grey) {
        Tensor x0 = Tensor.allocate(2, 2, 2, 3);
        for (int i = 0; i < x0.size(); i++) {
            x0.buffer().put(i, (float) (grey.get(i).getAsInt() / 127.5 - 1));
        }
        return x0;
    }

    @Test
    void everyTermIsThatOfPython() throws IOException {
        JsonObject golden = GoldenTest.golden("bound");
        Tensor x0 = image(golden.getAsJsonArray("grey"));
        for (JsonElement element : golden.getAsJsonArray("bounds")) {
            JsonObject expected = element.getAsJsonObject();
            String config = expected.getAsJsonObject("config").toString();
            VariationalBound bound = new VariationalBound(SchedulerConfig.parse(config), GoldenTest::dummyModel);
            assertEquals(expected.get("prior").getAsDouble(), bound.prior(x0), 1e-6, config);
            double[] terms = GoldenTest.doubles(expected.getAsJsonArray("terms"));
            double[] simple = GoldenTest.doubles(expected.getAsJsonArray("simple"));
            Tensor epsilon = Tensor.allocate(2, 2, 2, 3);
            for (int t = 0; t < terms.length; t++) {
                GoldenTest.noise(t, epsilon);
                assertEquals(terms[t], bound.term(x0, epsilon, t), 1e-4 * Math.max(1, Math.abs(terms[t])), config + " t = " + t);
                assertEquals(simple[t], bound.simple(x0, epsilon, t), 1e-4 * Math.max(1, simple[t]), config + " t = " + t);
            }
        }
    }

    @Test
    void theStrataCoverEachTimestepOnce() {
        for (int count : new int[] {1, 2, 20, 999, 1000}) {
            int[] starts = VariationalBound.strata(1000, count);
            assertEquals(count + 1, starts.length);
            assertEquals(0, starts[0]);
            assertEquals(1000, starts[count]);
            for (int i = 0; i < count; i++) {
                assertTrue(starts[i] < starts[i + 1], count + ", " + i);
            }
        }
    }

    @Test
    void theStratifiedEstimateIsWithinItsErrorOfTheWholeSum() throws IOException {
        JsonObject golden = GoldenTest.golden("bound");
        Tensor x0 = image(golden.getAsJsonArray("grey"));
        SchedulerConfig config = SchedulerConfig.parse("{\"num_train_timesteps\": 40, \"beta_end\": 0.3, \"prediction_type\": \"sample\"}");
        VariationalBound bound = new VariationalBound(config, GoldenTest::dummyModel);
        Tensor epsilon = Tensor.allocate(2, 2, 2, 3);
        double whole = bound.prior(x0);
        for (int t = 0; t < 40; t++) {
            double mean = 0;
            for (int draw = 0; draw < 20; draw++) {
                GoldenTest.noise(1000 * draw + t, epsilon);
                mean += bound.term(x0, epsilon, t) / 20;
            }
            whole += mean;
        }
        VariationalBound.Estimate estimate = bound.estimate(x0, GoldenTest::noise, 40, new SplittableRandom(1));
        assertTrue(estimate.standardError() > 0 && estimate.standardError() < 0.2 * whole, estimate.toString());
        assertEquals(whole, estimate.bitsPerDim(), 4 * estimate.standardError() + 0.02 * whole);
    }
}
