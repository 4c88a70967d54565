// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sumi.model.ModelLibrary;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ClosingTest {

    private static Img<FloatType> plane() {
        float[] pixels = new float[160 * 160];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 1000 + i * (long) i % 97;
        }
        return ArrayImgs.floats(pixels, 160, 160);
    }

    /** Freed under a call, ONNX Runtime would abort the process. */
    @Test
    @Timeout(60)
    @DisplayName("Pain 24: closing during a run crashes the JVM")
    void closingDuringARunCancelsIt() throws InterruptedException {
        DenoiseOptions options = DenoiseOptions.defaults().withMode(Mode.SAMPLE).withSteps(1000);
        Img<FloatType> plane = plane();
        for (int round = 0; round < 3; round++) {
            Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), options);
            Scaling scaling = denoiser.measure(plane);
            CountDownLatch steps = new CountDownLatch(2 + round);
            FutureTask<Restored> run = new FutureTask<>(() -> denoiser.denoise(plane, scaling, 0, new Progress() {
                @Override
                public void update(double fraction) {
                    steps.countDown();
                }

                @Override
                public boolean cancelled() {
                    return false;
                }
            }));
            new Thread(run).start();
            steps.await();
            denoiser.close();
            assertInstanceOf(CancellationException.class, assertThrows(ExecutionException.class, run::get).getCause());
            assertThrows(CancellationException.class, () -> denoiser.denoise(plane, scaling, 0, Progress.NONE));
            denoiser.close();
        }
    }
}
