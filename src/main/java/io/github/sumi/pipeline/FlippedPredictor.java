// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Tensor;
import java.nio.FloatBuffer;

/**
 * The mean of what a network predicts for a sample and for its flips and quarter turns, each turned back. It commutes with flips and
 * turns itself, and errors of the network that depend on the direction are averaged.
 */
final class FlippedPredictor extends WrappedPredictor {

    /** The symmetries of a square. */
    static final int COUNT = 8;

    /** One bit of the number of a symmetry each; transposed first, then mirrored. */
    private static final int TRANSPOSED = 4;
    private static final int DOWN = 2;
    private static final int ACROSS = 1;

    private Tensor turned;
    private Tensor predicted;

    FlippedPredictor(NoisePredictor unet) {
        super(unet);
    }

    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        unet.predict(sample, timestep, output);
        for (int symmetry = 1; symmetry < COUNT; symmetry++) {
            boolean transposed = (symmetry & TRANSPOSED) != 0;
            allocate(sample.n(), transposed ? sample.w() : sample.h(), transposed ? sample.h() : sample.w());
            for (int plane = 0; plane < sample.n() * sample.c(); plane++) {
                turn(sample, turned, plane, symmetry);
            }
            unet.predict(turned, timestep, predicted);
            for (int plane = 0; plane < output.n() * output.c(); plane++) {
                addTurnedBack(predicted, output, plane, symmetry);
            }
        }
        for (int i = 0; i < output.size(); i++) {
            output.buffer().put(i, output.buffer().get(i) / COUNT);
        }
    }

    private void allocate(int n, int h, int w) {
        if (turned == null || turned.n() != n || turned.h() != h || turned.w() != w) {
            turned = Tensor.allocate(n, unet.inChannels(), h, w);
            predicted = Tensor.allocate(n, unet.outChannels(), h, w);
        }
    }

    private static void turn(Tensor from, Tensor to, int plane, int symmetry) {
        FloatBuffer values = from.buffer();
        int start = plane * from.h() * from.w();
        for (int y = 0; y < from.h(); y++) {
            for (int x = 0; x < from.w(); x++) {
                to.buffer().put(place(to, plane, x, y, symmetry), values.get(start + y * from.w() + x));
            }
        }
    }

    private static void addTurnedBack(Tensor from, Tensor to, int plane, int symmetry) {
        FloatBuffer sums = to.buffer();
        int start = plane * to.h() * to.w();
        for (int y = 0; y < to.h(); y++) {
            for (int x = 0; x < to.w(); x++) {
                int at = start + y * to.w() + x;
                sums.put(at, sums.get(at) + from.buffer().get(place(from, plane, x, y, symmetry)));
            }
        }
    }

    /** Where in the turned plane the pixel x, y of the plane itself lies. */
    private static int place(Tensor turned, int plane, int x, int y, int symmetry) {
        boolean transposed = (symmetry & TRANSPOSED) != 0;
        int column = transposed ? y : x;
        int row = transposed ? x : y;
        column = (symmetry & ACROSS) != 0 ? turned.w() - 1 - column : column;
        row = (symmetry & DOWN) != 0 ? turned.h() - 1 - row : row;
        return (plane * turned.h() + row) * turned.w() + column;
    }
}
