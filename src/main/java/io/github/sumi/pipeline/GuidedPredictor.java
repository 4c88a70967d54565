// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Predicts for samples of given classes by classifier-free guidance: {@code eps_u + guidance (eps_c - eps_u)} (Ho &amp; Salimans 2022,
 * eq. 6, where w is {@code guidance - 1}), both in one batch. What else a network predicts, x_0 or v, is guided alike: at one x_t
 * these are linear in epsilon. A learned variance is that of the class.
 */
final class GuidedPredictor extends WrappedPredictor {

    private final int[] classes;
    /** Of the samples without a label, and then those with one. */
    private final int[] both;
    private final float guidance;
    private Tensor samples;
    private Tensor predictions;

    /**
     * @param unet takes samples of classes
     * @param classes of each sample of a batch
     * @param unconditional the class of no label
     */
    GuidedPredictor(NoisePredictor unet, int[] classes, int unconditional, double guidance) {
        super(unet);
        this.classes = classes;
        this.guidance = (float) guidance;
        this.both = new int[2 * classes.length];
        Arrays.fill(both, 0, classes.length, unconditional);
        System.arraycopy(classes, 0, both, classes.length, classes.length);
    }

    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        if (sample.n() != classes.length) {
            throw new IllegalArgumentException("There are " + sample.n() + " samples and " + classes.length + " classes.");
        }
        if (samples == null || samples.size() != 2 * sample.size()) {
            samples = Tensor.allocate(both.length, sample.c(), sample.h(), sample.w());
            predictions = Tensor.allocate(both.length, output.c(), output.h(), output.w());
        }
        samples.buffer().put(0, sample.buffer(), 0, sample.size()).put(sample.size(), sample.buffer(), 0, sample.size());
        unet.predict(samples, timestep, both, predictions);
        int guided = sample.c() * sample.h() * sample.w();
        int length = output.size() / output.n();
        FloatBuffer from = predictions.buffer();
        for (int i = 0; i < output.size(); i++) {
            float conditional = from.get(output.size() + i);
            float without = from.get(i);
            output.buffer().put(i, i % length < guided ? without + guidance * (conditional - without) : conditional);
        }
    }
}
