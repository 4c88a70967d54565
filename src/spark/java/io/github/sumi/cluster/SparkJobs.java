// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/** Jobs of Spark that the driver waits for. */
final class SparkJobs {

    private static final long POLL_MILLIS = 200;

    private SparkJobs() {
    }

    /** @throws IllegalArgumentException if there is no cluster to connect with */
    static JavaSparkContext connect(String name) {
        SparkConf conf = new SparkConf();
        if (!conf.contains("spark.master")) {
            throw new IllegalArgumentException("This jar works on a cluster; start it by spark-submit --master spark://HOST:7077, or use the jar without Spark.");
        }
        return new JavaSparkContext(conf.setAppName(name));
    }

    /**
     * Waits for a job.
     *
     * @param tasks of the job
     * @throws IOException in a sentence, if Spark gave it up
     * @throws CancellationException if the progress says so
     */
    static <T> T await(JavaSparkContext spark, JavaFutureAction<T> running, int tasks, Progress progress) throws IOException {
        try {
            while (!running.isDone()) {
                if (progress.cancelled()) {
                    running.cancel(true);
                    throw new CancellationException("Cancelled.");
                }
                progress.update(done(spark, running) / (double) tasks);
                Thread.sleep(POLL_MILLIS);
            }
            return running.get();
        } catch (InterruptedException e) {
            running.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancellationException("Cancelled.");
        } catch (ExecutionException e) {
            throw fault(e.getCause());
        }
    }

    private static int done(JavaSparkContext spark, JavaFutureAction<?> running) {
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
