// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.sumi.pipeline.FileCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import picocli.CommandLine;

/** The files of {@code sumi denoise --cluster}, shared out in batches: each is one command of a process of the cluster. */
final class ClusterFiles {

    private static final int BATCHES = 100;
    private static final int LARGEST_BATCH = 16;

    private ClusterFiles() {
    }

    /**
     * Does a batch in a process of the cluster.
     *
     * @param words of the command
     */
    private record Share(List<String> words) implements FileCluster.Task {
        @Override
        public String run(List<String> batch) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            CommandLine line = Sumi.line(new PrintWriter(out), new PrintWriter(err));
            DenoiseCommand command = line.getSubcommands().get("denoise").getCommand();
            command.share = new ArrayList<>();
            for (int i = 0; i < batch.size(); i += 2) {
                command.share.add(new Jobs.Job(Path.of(batch.get(i)), Path.of(batch.get(i + 1))));
            }
            int code = line.execute(words.toArray(String[]::new));
            JsonObject result = new JsonObject();
            result.addProperty("code", code);
            result.addProperty("out", out.toString());
            result.addProperty("err", err.toString());
            return result.toString();
        }
    }

    /**
     * Does all of them.
     *
     * @param jobs with files that may be written
     * @param words of the command, to which the processes keep
     * @param summary what became of each is added
     * @throws IOException in a sentence, if the cluster fails
     * @throws IllegalArgumentException if there is no cluster, or the options can't be used
     */
    static void run(List<Jobs.Job> jobs, List<String> words, Summary summary, PrintWriter err) throws IOException {
        FileCluster cluster = ServiceLoader.load(FileCluster.class).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "--cluster shares files among the executors of Spark; start the jar for Spark by spark-submit (docs/scaling.md)."));
        int size = Math.max(1, Math.min(LARGEST_BATCH, jobs.size() / BATCHES));
        List<List<String>> batches = new ArrayList<>();
        for (int first = 0; first < jobs.size(); first += size) {
            List<String> batch = new ArrayList<>();
            for (Jobs.Job job : jobs.subList(first, Math.min(jobs.size(), first + size))) {
                batch.add(job.in().toAbsolutePath().toString());
                batch.add(job.out().toAbsolutePath().toString());
            }
            batches.add(batch);
        }
        try (ConsoleProgress progress = new ConsoleProgress(jobs.size() + " files", err)) {
            for (String result : cluster.run(batches, new Share(List.copyOf(words)), progress)) {
                add(JsonParser.parseString(result).getAsJsonObject(), summary);
            }
        }
    }

    private static void add(JsonObject result, Summary summary) throws IOException {
        String out = result.get("out").getAsString();
        if (!out.startsWith("{")) {
            // the command didn't come to its files
            String said = result.get("err").getAsString().strip();
            if (result.get("code").getAsInt() == Sumi.USAGE) {
                throw new IllegalArgumentException(said);
            }
            throw new IOException(said);
        }
        for (JsonElement element : JsonParser.parseString(out).getAsJsonObject().getAsJsonArray("files")) {
            JsonObject file = element.getAsJsonObject();
            summary.add(new Jobs.Job(Path.of(file.get("in").getAsString()), Path.of(file.get("out").getAsString())),
                    Summary.Status.valueOf(file.get("status").getAsString().toUpperCase(Locale.ROOT)), file.get("message").getAsString(),
                    file.get("seconds").getAsDouble());
        }
    }
}
