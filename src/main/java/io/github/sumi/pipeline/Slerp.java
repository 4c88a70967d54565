// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.schedule.Tensor;

/** Between two fields of noise on a great circle, so that what lies between is as strong (Song, Meng &amp; Ermon 2021, appendix D.5). */
final class Slerp {

    private static final double SAME_DIRECTION = 1e-6;

    private Slerp() {
    }

    /** Evenly spaced from the first sample to the second. @param ends [2, c, h, w] */
    static Tensor between(Tensor ends, int frames) {
        int length = ends.size() / 2;
        double dot = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < length; i++) {
            double a = ends.buffer().get(i);
            double b = ends.buffer().get(length + i);
            dot += a * b;
            first += a * a;
            second += b * b;
        }
        double angle = Math.acos(Math.max(-1, Math.min(1, dot / Math.sqrt(first * second))));
        double sine = Math.sin(angle);
        Tensor between = Tensor.allocate(frames, ends.c(), ends.h(), ends.w());
        for (int frame = 0; frame < frames; frame++) {
            double share = (double) frame / (frames - 1);
            // of one direction, or opposite ones, the circle has no arc or no plane
            boolean line = !(sine > SAME_DIRECTION);
            double a = line ? 1 - share : Math.sin((1 - share) * angle) / sine;
            double b = line ? share : Math.sin(share * angle) / sine;
            for (int i = 0; i < length; i++) {
                between.buffer().put(frame * length + i, (float) (a * ends.buffer().get(i) + b * ends.buffer().get(length + i)));
            }
        }
        return between;
    }
}
