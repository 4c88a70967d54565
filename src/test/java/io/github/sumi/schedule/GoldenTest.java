// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Against diffusers: models/train/sumi_train/golden.py made the numbers. */
class GoldenTest {

    private static final int N = 2;
    private static final int C = 2;
    private static final int H = 2;
    private static final int W = 3;

    static JsonObject golden(String name) throws IOException {
        try (InputStream in = GoldenTest.class.getResourceAsStream("/golden/" + name + ".json")) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8)).getAsJsonObject();
        }
    }

    static double[] doubles(JsonArray array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsDouble();
        }
        return values;
    }

    static void noise(int step, Tensor tensor) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.buffer().put(i, (float) (Math.sqrt(2) * Math.sin(12.9898 * (i + 1) + 78.233 * (step + 2))));
        }
    }

    static void dummyModel(Tensor x, double t, Tensor out) {
        int length = x.c() * x.h() * x.w();
        for (int n = 0; n < x.n(); n++) {
            for (int i = 0; i < length; i++) {
                double value = x.buffer().get(n * length + i);
                double squashed = value / (1 + Math.abs(value));
                out.buffer().put(out.planeStart(n, 0) + i, (float) (0.8 * squashed + 0.1 - 0.2 * t / 1000));
                if (out.c() > x.c()) {
                    out.buffer().put(out.planeStart(n, x.c()) + i, (float) (0.01 + 0.01 * squashed));
                }
            }
        }
    }

    /** The largest difference at the end, relative to the largest |x| along the chain: in float32 x can't be better. */
    private static double worst(JsonObject chain) {
        JsonObject json = chain.getAsJsonObject("config");
        SchedulerConfig config = SchedulerConfig.parse(json.toString());
        JsonElement steps = chain.get("steps");
        DdpmScheduler scheduler = steps.isJsonArray() ? DdpmScheduler.of(config, doubles(steps.getAsJsonArray()))
                : DdpmScheduler.of(config, steps.getAsInt());
        if (chain.has("timesteps")) {
            assertArrayEquals(doubles(chain.getAsJsonArray("timesteps")), scheduler.timesteps(), chain.toString());
        }
        boolean learned = json.has("variance_type") && json.get("variance_type").getAsString().startsWith("learned");
        Tensor x = Tensor.allocate(N, C, H, W);
        Tensor out = Tensor.allocate(N, learned ? 2 * C : C, H, W);
        noise(-1, x);
        double scale = 0;
        Scheduler.Run run = scheduler.start(N, C, H, W);
        double[] timesteps = scheduler.timesteps();
        for (int i = 0; i < timesteps.length; i++) {
            dummyModel(x, timesteps[i], out);
            run.step(i, out, x, GoldenTest::noise);
            for (int k = 0; k < x.size(); k++) {
                scale = Math.max(scale, Math.abs(x.buffer().get(k)));
            }
        }
        double[] end = doubles(chain.getAsJsonArray("end"));
        double difference = 0;
        for (int i = 0; i < end.length; i++) {
            scale = Math.max(scale, Math.abs(end[i]));
            difference = Math.max(difference, Math.abs(end[i] - x.buffer().get(i)));
        }
        return difference / scale;
    }

    @Test
    @DisplayName("Pain 34: tables drift in float")
    void tablesAreThoseOfFloat64() throws IOException {
        for (JsonElement element : golden("tables").getAsJsonArray("tables")) {
            JsonObject table = element.getAsJsonObject();
            boolean zero = table.get("rescale_betas_zero_snr").getAsBoolean();
            NoiseSchedule schedule = NoiseSchedule.of(SchedulerConfig.parse("{\"beta_schedule\": " + table.get("beta_schedule")
                    + ", \"rescale_betas_zero_snr\": " + zero + ", \"prediction_type\": \"v_prediction\"}"));
            assertRelative(doubles(table.getAsJsonArray("betas")), schedule.betas(), 1e-12);
            assertRelative(doubles(table.getAsJsonArray("alphas_cumprod")), schedule.alphasCumprod(), 1e-12);
        }
    }

    private static void assertRelative(double[] expected, double[] found, double tolerance) {
        for (int t = 0; t < expected.length; t++) {
            assertEquals(expected[t], found[t], tolerance * Math.abs(expected[t]) + 1e-300, "t = " + t);
        }
    }

    @Test
    void timestepsAreThoseOfDiffusersForEveryNumberOfSteps() throws IOException {
        JsonObject sums = golden("spacings");
        for (TimestepSpacing spacing : TimestepSpacing.values()) {
            String name = spacing.name().toLowerCase(java.util.Locale.ROOT);
            JsonArray expected = sums.getAsJsonArray(name);
            SchedulerConfig config = SchedulerConfig.parse("{\"timestep_spacing\": \"" + name + "\"}");
            for (int steps = 1; steps <= 1000; steps++) {
                if (!expected.get(steps - 1).isJsonNull()) {
                    double[] timesteps = DdpmScheduler.of(config, steps).timesteps();
                    double sum = 0;
                    for (int i = 0; i < steps; i++) {
                        sum += timesteps[i] * (i + 1);
                    }
                    assertEquals(expected.get(steps - 1).getAsDouble(), sum, name + " " + steps);
                }
            }
        }
    }

    @Test
    void chainsEndWhereDiffusersInFloat64Ends() throws IOException {
        JsonArray chains = golden("chains").getAsJsonArray("chains");
        assertTrue(chains.size() > 500, "only " + chains.size() + " chains");
        for (JsonElement chain : chains) {
            double worst = worst(chain.getAsJsonObject());
            assertTrue(worst <= 1e-5, worst + " in " + chain);
        }
    }

    @Test
    void chainsEndNearStockDiffusersInFloat32() throws IOException {
        for (JsonElement element : golden("stock").getAsJsonArray("chains")) {
            JsonObject chain = element.getAsJsonObject();
            double tolerance = chain.get("steps").getAsInt() == 1000 ? 2e-4 : 2e-5;
            double worst = worst(chain);
            assertTrue(worst <= tolerance, worst + " in " + chain);
        }
    }
}
