// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.TinyModel;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.SchedulerConfig;
import java.nio.file.Path;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network that takes whole timesteps only: the image is rescaled, so that its noise is that of the nearest one. */
class WholeTimestepsTest {

    @TempDir
    Path temporary;

    private static Img<FloatType> plane() {
        float[] pixels = new float[24 * 20];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 100 + 50 * (i / 24 % 5) + 13 * (i % 7);
        }
        return ArrayImgs.floats(pixels, 24, 20);
    }

    @Test
    void theNoiseBecomesThatOfTheNearestStep() {
        NoiseSchedule schedule = NoiseSchedule.of(SchedulerConfig.ddpm());
        for (double sigma : new double[] {0.02, 0.1, 0.37, 1, 5}) {
            Entry whole = Entry.at(sigma, schedule, false);
            assertEquals(Math.rint(schedule.timestep(sigma)), whole.timestep());
            assertEquals(schedule.sigma(whole.timestep()), whole.scale() * sigma, 1e-12);
            assertEquals(schedule.alphaCumprod((int) whole.timestep()), whole.alphaCumprod(), 1e-12);
            for (double timestep : whole.timesteps(20, false)) {
                assertEquals(Math.rint(timestep), timestep);
            }
        }
        assertArrayEquals(new double[] {2, 1, 0}, new Entry(2, 0.99, 1, 1).timesteps(20, false));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void everyModeRuns(Mode mode) {
        Model model = Model.load(TinyModel.folder(temporary, "timestep-int64-scalar"));
        DenoiseOptions options = DenoiseOptions.defaults().withMode(mode);
        try (Denoiser denoiser = new Denoiser(model, options)) {
            Img<FloatType> plane = plane();
            Restored result = denoiser.denoise(plane, denoiser.measure(plane), 0, Progress.NONE);
            assertEquals(Math.rint(result.timestep()), result.timestep());
            result.image().forEach(pixel -> assertTrue(Float.isFinite(pixel.get())));
        }
    }

    @Test
    void aRunNamesWeightsThatAreNotFinite() {
        Model model = Model.load(TinyModel.folder(temporary, "not-finite"));
        try (Denoiser denoiser = new Denoiser(model, DenoiseOptions.defaults())) {
            Img<FloatType> plane = plane();
            Scaling scaling = denoiser.measure(plane);
            String message = assertThrows(ModelException.class, () -> denoiser.denoise(plane, scaling, 0, Progress.NONE)).getMessage();
            assertTrue(message.contains("predicts NaN at timestep") && message.contains("models verify"), message);
        }
    }
}
