// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Files one after the other: what fails is told and doesn't keep the others from being done. */
final class Batch {

    /** What is done with one file. */
    @FunctionalInterface
    interface Work {
        /** @return what was done, for the user */
        String on(Jobs.Job job) throws IOException;
    }

    private final List<Jobs.Job> jobs;
    private final FolderOptions options;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Summary summary = new Summary();

    /** Looks at a job before it is done elsewhere. */
    @FunctionalInterface
    interface Check {
        /** @throws IOException in a sentence, if it can't be done */
        void on(Jobs.Job job) throws IOException;
    }

    /** @param line results and errors go to its writers */
    Batch(List<Jobs.Job> jobs, FolderOptions options, CommandLine line) {
        this.jobs = jobs;
        this.options = options;
        this.out = line.getOut();
        this.err = line.getErr();
    }

    /**
     * Does the work.
     *
     * @param last what is written last for a job; where it exists, the job was done before
     * @return the exit code
     * @throws CancellationException if the user cancels; the summary is written nevertheless
     */
    int run(Function<Jobs.Job, Path> last, Work work) {
        int worst = 0;
        try {
            for (Jobs.Job job : jobs) {
                if (!skips(job, last)) {
                    worst = Math.max(worst, one(job, work));
                }
            }
        } finally {
            if (jobs.size() > 1) {
                err.println(summary.line());
            }
            if (options.json) {
                out.println(summary.json());
            }
        }
        return worst;
    }

    /**
     * Has the work done by a cluster.
     *
     * @param last as for {@link #run}
     * @param words of the command that does it
     * @return the exit code
     * @throws IOException in a sentence, if the cluster fails
     */
    int share(Function<Jobs.Job, Path> last, Check check, Supplier<List<String>> words) throws IOException {
        List<Jobs.Job> shared = new ArrayList<>();
        for (Jobs.Job job : jobs) {
            if (skips(job, last)) {
                continue;
            }
            try {
                Jobs.makeFolder(job.out().toAbsolutePath().getParent());
                check.on(job);
                shared.add(job);
            } catch (IOException e) {
                summary.add(job, Summary.Status.FAILED, e.getMessage(), 0);
            }
        }
        if (!shared.isEmpty()) {
            ClusterFiles.run(shared, words.get(), summary, err);
        }
        summary.failures().forEach(err::println);
        err.println(summary.line());
        if (options.json) {
            out.println(summary.json());
        }
        return summary.failures().isEmpty() ? 0 : Sumi.FAILED;
    }

    /** Whether the job was done before and needn't be again; it is then in the summary. */
    private boolean skips(Jobs.Job job, Function<Jobs.Job, Path> last) {
        boolean skips = options.skipExisting && Files.exists(job.out()) && Files.exists(last.apply(job));
        if (skips) {
            summary.add(job, Summary.Status.SKIPPED, "it exists already", 0);
        }
        return skips;
    }

    private int one(Jobs.Job job, Work work) {
        long begin = System.nanoTime();
        try {
            if (jobs.size() > 1) {
                Jobs.makeFolder(job.out().toAbsolutePath().getParent());
            }
            String message = work.on(job);
            summary.add(job, Summary.Status.DONE, message, seconds(begin));
            (options.json ? err : out).println(job.out() + ": " + message);
            return 0;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            Throwable fault = Sumi.ofCancel(e);
            String sentence = Sumi.sentence(fault);
            if (fault instanceof CancellationException cancelled) {
                summary.add(job, Summary.Status.CANCELLED, sentence, seconds(begin));
                throw cancelled;
            }
            summary.add(job, Summary.Status.FAILED, sentence, seconds(begin));
            err.println((jobs.size() == 1 || sentence.contains(job.in().toString()) ? "" : job.in() + ": ") + sentence);
            return jobs.size() == 1 && fault instanceof IllegalArgumentException ? Sumi.USAGE : Sumi.FAILED;
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
