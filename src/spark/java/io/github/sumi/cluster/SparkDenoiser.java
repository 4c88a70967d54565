// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageDenoiser;
import io.github.sumi.pipeline.LargeImageJob;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.zarr.OmeZarrDenoiser;
import io.github.sumi.zarr.RunPlace;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Denoises OME-Zarr images on a cluster of Apache Spark: one task for each block, in the same folder and to the same bits as on one machine.
 * Started by {@code spark-submit}; in its jar it takes the place of the one that works alone.
 */
public final class SparkDenoiser implements LargeImageDenoiser {

    /** Measuring takes little time for each unit, so that a task does several. */
    private static final int MOST_TASKS_OF_MEASURING = 1000;

    @Override
    public boolean accepts(String in) {
        return new OmeZarrDenoiser().accepts(in);
    }

    @Override
    public String denoise(LargeImageJob job, Denoiser denoiser, Progress progress, Consumer<String> warnings) throws IOException {
        try (JavaSparkContext spark = SparkJobs.connect("Sumi denoise " + job.in())) {
            String model = ClusterModel.send(job.model(), spark);
            return new OmeZarrDenoiser((place, stage, units, part) -> run(spark, new UnitTask(place, model, stage), units, part))
                    .denoise(job, denoiser, progress, warnings);
        }
    }

    private static void run(JavaSparkContext spark, UnitTask task, List<Integer> units, Progress progress) throws IOException {
        int tasks = task.isLong() ? units.size() : Math.min(units.size(), MOST_TASKS_OF_MEASURING);
        spark.setJobDescription(task.stage() + " of " + task.place().in());
        SparkJobs.await(spark, spark.parallelize(units, tasks).foreachAsync(task), tasks, progress);
    }
}
