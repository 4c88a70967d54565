// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.pipeline.Progress;
import io.github.sumi.zarr.RunPlace;
import io.github.sumi.zarr.UnitRunner;
import java.io.IOException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;

/**
 * A unit of a run, done by an executor.
 *
 * @param model what {@link ClusterModel#send} gave
 * @param stage whose units they are
 */
record UnitTask(RunPlace place, String model, String stage) implements VoidFunction<Integer> {

    /** Whether a unit takes long enough for a task of its own. */
    boolean isLong() {
        return stage.equals("pixels");
    }

    @Override
    public void call(Integer unit) throws IOException {
        TaskContext context = TaskContext.get();
        UnitRunner runner = Runners.take(place, model, context.cpus());
        try {
            runner.run(stage, unit, new Progress() {
                @Override
                public void update(double fraction) {
                    // Spark counts tasks
                }

                @Override
                public boolean cancelled() {
                    return context.isInterrupted();
                }
            });
        } catch (IOException | RuntimeException e) {
            // the next try begins with a fresh one
            runner.close();
            throw e;
        }
        Runners.giveBack(place, runner);
    }
}
