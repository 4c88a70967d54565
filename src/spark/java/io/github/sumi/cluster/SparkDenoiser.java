// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageDenoiser;
import io.github.sumi.pipeline.LargeImageJob;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.zarr.OmeZarrDenoiser;
import io.github.sumi.zarr.RunPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Denoises OME-Zarr images on a cluster of Apache Spark: one task for each block, in the same folder and to the same bits as on one machine.
 * Started by {@code spark-submit}; in its jar it takes the place of the one that works alone.
 */
public final class SparkDenoiser implements LargeImageDenoiser {

    private static final long POLL_MILLIS = 200;
    /** Measuring takes little time for each unit, so that a task does several. */
    private static final int MOST_TASKS_OF_MEASURING = 1000;

    @Override
    public boolean accepts(String in) {
        return new OmeZarrDenoiser().accepts(in);
    }

    @Override
    public String denoise(LargeImageJob job, Denoiser denoiser, Progress progress, Consumer<String> warnings) throws IOException {
        SparkConf conf = new SparkConf();
        if (!conf.contains("spark.master")) {
            throw new IllegalArgumentException("This jar works on a cluster; start it by spark-submit --master spark://HOST:7077, or use the jar without Spark.");
        }
        try (JavaSparkContext spark = new JavaSparkContext(conf.setAppName("Sumi denoise " + job.in()))) {
            String model = ClusterModel.send(job.model(), spark);
            return new OmeZarrDenoiser((place, stage, units, part) -> run(spark, new UnitTask(place, model, stage), units, part))
                    .denoise(job, denoiser, progress, warnings);
        }
    }

    private static void run(JavaSparkContext spark, UnitTask task, List<Integer> units, Progress progress) throws IOException {
        int tasks = task.isLong() ? units.size() : Math.min(units.size(), MOST_TASKS_OF_MEASURING);
        spark.setJobDescription(task.stage() + " of " + task.place().in());
        JavaFutureAction<Void> running = spark.parallelize(units, tasks).foreachAsync(task);
        try {
            while (!running.isDone()) {
                if (progress.cancelled()) {
                    running.cancel(true);
                    throw new CancellationException("Cancelled.");
                }
                progress.update(done(spark, running) / (double) tasks);
                Thread.sleep(POLL_MILLIS);
            }
            running.get();
        } catch (InterruptedException e) {
            running.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancellationException("Cancelled.");
        } catch (ExecutionException e) {
            throw fault(e.getCause());
        }
    }

    private static int done(JavaSparkContext spark, JavaFutureAction<Void> running) {
        int done = 0;
        for (int id : running.jobIds()) {
            SparkJobInfo job = spark.statusTracker().getJobInfo(id);
            for (int stage : job == null ? new int[0] : job.stageIds()) {
                SparkStageInfo info = spark.statusTracker().getStageInfo(stage);
                done += info == null ? 0 : info.numCompletedTasks();
            }
        }
        return done;
    }

    /** What the task failed with that Spark gave up, as it would have failed here. */
    private static IOException fault(Throwable given) {
        Throwable cause = given;
        while (cause != null) {
            if (cause instanceof IllegalArgumentException || cause instanceof ModelException || cause instanceof UncheckedIOException) {
                throw (RuntimeException) cause;
            }
            if (cause instanceof IOException fault) {
                return fault;
            }
            cause = cause.getCause();
        }
        String text = String.valueOf(given.getMessage());
        return new IOException("Spark gave up (" + text.lines().findFirst().orElse("") + "). See the logs of its executors, then run the same command again.", given);
    }
}
