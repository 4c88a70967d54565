// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.schedule;

/** What a run sees through the network: its input, and the estimates of x_0 or epsilon that follow from its output. */
final class Observation {

    private final Trajectory trajectory;
    private final boolean ofEpsilon;
    private final X0Limit limit;
    private final Tensor input;
    private final Tensor output;
    private final Tensor x0;

    Observation(Trajectory trajectory, X0Config x0Config, boolean ofEpsilon, int n, int c, int h, int w) {
        this.trajectory = trajectory;
        this.ofEpsilon = ofEpsilon;
        this.limit = X0Limit.of(x0Config, c * h * w);
        this.input = trajectory.estimates()[0].scale() == 1 ? null : Tensor.allocate(n, c, h, w);
        this.output = Tensor.allocate(n, c, h, w);
        this.x0 = Tensor.allocate(n, c, h, w);
    }

    /**
     * Weights in which the newest estimate, the term at {@code at}, is expressed by x and the network's output; as they are
     * where x_0 is limited.
     */
    static void fold(double[][] weights, int at, Trajectory trajectory, X0Config x0Config, boolean ofEpsilon) {
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] != null && !x0Config.limits()) {
                estimate(trajectory, i, ofEpsilon).fold(weights[i], at);
            }
        }
    }

    private static Estimate estimate(Trajectory trajectory, int i, boolean ofEpsilon) {
        return ofEpsilon ? trajectory.estimates()[i].epsilon(trajectory.levels()[i]) : trajectory.estimates()[i];
    }

    /** @see Scheduler.Run#modelInput */
    Tensor modelInput(int i, Tensor sample) {
        if (input == null) {
            return sample;
        }
        double scale = trajectory.estimates()[i].scale();
        for (int k = 0; k < sample.size(); k++) {
            input.buffer().put(k, (float) (scale * sample.buffer().get(k)));
        }
        return input;
    }

    /** Writes the estimate at step i to {@code newest}, and returns the channels of the output that it is made of. */
    Tensor observe(int i, Tensor modelOutput, Tensor sample, Tensor newest) {
        trajectory.estimates()[i].apply(modelOutput, sample, x0);
        limit.apply(x0);
        Level level = trajectory.levels()[i];
        int length = sample.c() * sample.h() * sample.w();
        for (int n = 0; n < sample.n(); n++) {
            output.buffer().put(n * length, modelOutput.buffer(), modelOutput.planeStart(n, 0), length);
        }
        if (!ofEpsilon) {
            newest.buffer().put(0, x0.buffer(), 0, newest.size());
        } else if (!limit.active()) {
            estimate(trajectory, i, true).apply(modelOutput, sample, newest);
        } else {
            for (int k = 0; k < newest.size(); k++) {
                double noise = sample.buffer().get(k) - level.alpha() * x0.buffer().get(k);
                newest.buffer().put(k, (float) (noise / level.sigma()));
            }
        }
        return output;
    }

    Tensor predOriginalSample() {
        return x0;
    }
}
