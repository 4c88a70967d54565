// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.schedule.Tensor;
import java.util.function.Consumer;

/** Grey values of a plane to the network's range and back: stabilised where the noise is a camera's, then scaled. */
final class GreyValues {

    private final Scaling scaling;
    private final Anscombe anscombe;

    GreyValues(Scaling scaling) {
        this.scaling = scaling;
        this.anscombe = scaling.noise().isGaussian() ? null : new Anscombe(scaling.noise());
    }

    /** What replaces grey values by stabilised ones; it does nothing to Gaussian noise. */
    static Consumer<float[]> stabilizer(NoiseModel noise) {
        if (noise.isGaussian()) {
            return pixels -> { };
        }
        Anscombe anscombe = new Anscombe(noise);
        return pixels -> {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = anscombe.forward(pixels[i]);
            }
        };
    }

    /** Replaces noisy grey values by values in the network's range. */
    void toRange(float[] pixels) {
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = scaling.normalize(anscombe == null ? pixels[i] : anscombe.forward(pixels[i]));
        }
    }

    /** Grey value of pixel i of an estimate of x_0, with no more of its correction than the noise allows. */
    double toGrey(Tensor x0, int sample, int i, float[] y, Entry entry) {
        double value = scaling.denormalize(entry.weaken(x0.buffer().get(x0.planeStart(sample, 0) + i) / entry.scale(), y[i]));
        return anscombe == null ? value : anscombe.inverse(value);
    }
}
