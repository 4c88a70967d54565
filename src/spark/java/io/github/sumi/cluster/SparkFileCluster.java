// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.pipeline.FileCluster;
import io.github.sumi.pipeline.Progress;
import java.io.IOException;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Has batches of files done by the executors of Spark, each by a task. */
public final class SparkFileCluster implements FileCluster {

    @Override
    public List<String> run(List<List<String>> batches, Task task, Progress progress) throws IOException {
        try (JavaSparkContext spark = SparkJobs.connect("Sumi denoise, " + batches.size() + " batches of files")) {
            spark.setJobDescription("batches of files");
            return SparkJobs.await(spark, spark.parallelize(batches, batches.size()).map(batch -> {
                Runners.limitThreads(TaskContext.get().cpus());
                return task.run(batch);
            }).collectAsync(), batches.size(), progress);
        }
    }
}
