// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sumi.model.Model;
import io.github.sumi.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Denoises with networks of each objective that sumi-train trains for; they compute sample / 2 + timestep / 1000. */
class ObjectivesTest {

    private static final int SIZE = 48;
    private static final Scaling SCALING = new Scaling(10, 210, NoiseModel.gaussian(25));

    @TempDir
    Path folder;

    private Path model(String name, String fields, int outChannels) throws IOException {
        Path model = TinyModel.folder(folder, name);
        Files.writeString(model.resolve("unet/config.json"),
                "{\"in_channels\": 1, \"out_channels\": " + outChannels + ", \"block_out_channels\": [8]}");
        Files.writeString(model.resolve("scheduler/scheduler_config.json"), "{\"_class_name\": \"DDPMScheduler\"" + fields + "}");
        return model;
    }

    private static Restored denoise(Path model, Mode mode) {
        Img<FloatType> plane = ArrayImgs.floats(DenoiserTest.cells(SIZE, SIZE, 25), SIZE, SIZE);
        try (Denoiser denoiser = new Denoiser(Model.load(model), DenoiseOptions.defaults().withSigma(25.0).withSteps(10).withMode(mode))) {
            return denoiser.denoise(plane, SCALING, 0, Progress.NONE);
        }
    }

    private static float[] values(Restored denoised) {
        float[] values = new float[SIZE * SIZE];
        int i = 0;
        for (FloatType value : denoised.image()) {
            values[i++] = value.get();
        }
        return values;
    }

    /** x_0 = sqrt(a) x_t - sqrt(1 - a) v (Salimans and Ho 2022, section 4), with sqrt((1 - a) / a) = sigma. */
    @Test
    void meanOfANetworkThatPredictsV() throws IOException {
        Restored found = denoise(model("timestep-float-n", ", \"prediction_type\": \"v_prediction\"", 1), Mode.MEAN);
        float[] noisy = DenoiserTest.cells(SIZE, SIZE, 25);
        float[] image = values(found);
        double sigma = 0.25;
        double a = 1 / (1 + sigma * sigma);
        for (int i = 0; i < noisy.length; i++) {
            double x = Math.sqrt(a) * ((noisy[i] - 10) / 100 - 1);
            double v = x / 2 + found.timestep() / 1000;
            assertEquals(10 + 100 * (Math.sqrt(a) * x - Math.sqrt(1 - a) * v + 1), image[i], 1e-2);
        }
    }

    /** The learned variance plays no part in the mean; where it is the posterior's, a sample is that of the fixed one. */
    @Test
    void aNetworkThatLearnsItsVariance() throws IOException {
        Path learned = model("learned-range", ", \"variance_type\": \"learned_range\"", 2);
        Path fixed = model("timestep-float-n", "", 1);
        assertArrayEquals(values(denoise(fixed, Mode.MEAN)), values(denoise(learned, Mode.MEAN)));
        assertArrayEquals(values(denoise(fixed, Mode.SAMPLE)), values(denoise(learned, Mode.SAMPLE)), 1e-2f);
    }
}
