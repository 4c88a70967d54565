// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.PredictionType;
import io.github.sumi.schedule.Tensor;
import java.nio.FloatBuffer;

/**
 * Predicts that there is nothing to correct in tiles of one value alone: no camera makes them, so they are the margin of a mosaic or
 * wholly saturated. Where all are, the network isn't asked.
 */
final class BlankTiles extends WrappedPredictor {

    private final PredictionType type;
    private final double alphaCumprod;

    /** @param alphaCumprod at the timestep, above 0 */
    BlankTiles(NoisePredictor unet, PredictionType type, double alphaCumprod) {
        super(unet);
        this.type = type;
        this.alphaCumprod = alphaCumprod;
    }

    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        boolean[] blank = new boolean[sample.n()];
        boolean all = true;
        for (int n = 0; n < blank.length; n++) {
            blank[n] = isBlank(sample, n);
            all &= blank[n];
        }
        if (!all) {
            unet.predict(sample, timestep, output);
        }
        int length = sample.c() * sample.h() * sample.w();
        int lengthOut = output.c() * output.h() * output.w();
        for (int n = 0; n < blank.length; n++) {
            for (int i = 0; blank[n] && i < lengthOut; i++) {
                float value = i < length ? (float) type.outputOfClean(sample.buffer().get(n * length + i), alphaCumprod) : 0;
                output.buffer().put(n * lengthOut + i, value);
            }
        }
    }

    private static boolean isBlank(Tensor sample, int n) {
        FloatBuffer values = sample.buffer();
        int length = sample.c() * sample.h() * sample.w();
        float first = values.get(n * length);
        for (int i = 1; i < length; i++) {
            if (values.get(n * length + i) != first) {
                return false;
            }
        }
        return length > 1;
    }
}
