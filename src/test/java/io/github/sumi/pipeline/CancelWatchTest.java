// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sumi.model.ModelLibrary;
import java.util.concurrent.CancellationException;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CancelWatchTest {

    /** The thread that works is never told, so that only a call of the network that is ended under way can end the run. */
    @Test
    @DisplayName("Pain 24: a cancelled call of the network runs on")
    void aCallOfTheNetworkIsEndedUnderWay() {
        Thread worker = Thread.currentThread();
        Progress elsewhere = new Progress() {
            @Override
            public void update(double fraction) {
                // nobody looks
            }

            @Override
            public boolean cancelled() {
                return Thread.currentThread() != worker;
            }
        };
        float[] pixels = new float[300 * 300];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 1000 + i * (long) i % 97;
        }
        Img<FloatType> plane = ArrayImgs.floats(pixels, 300, 300);
        DenoiseOptions options = DenoiseOptions.defaults().withMode(Mode.SAMPLE).withSteps(500);
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), options)) {
            Scaling scaling = denoiser.measure(plane);
            assertThrows(CancellationException.class, () -> denoiser.denoise(plane, scaling, 0, elsewhere));
        }
    }
}
