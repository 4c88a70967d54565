// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.zarr.OmeZarrs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How long an image takes on one worker of one core and on two, and without a cluster; whole runs, each with the start of its processes. */
public final class ClusterTimes {

    /** Pixels to a side of a plane, the block of a task. */
    private static final int SIDE = 800;

    private ClusterTimes() {
    }

    /**
     * Prints seconds: medians, and all.
     *
     * @param args number of planes, number of rounds
     */
    public static void main(String[] args) throws Exception {
        int planes = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Path folder = Files.createTempDirectory("sumi-cluster");
        Path in = OmeZarrs.v05("zyx", new long[] {planes, SIDE, SIDE}, 1, SIDE, SIDE).write(folder.resolve("in.zarr"), 1, OmeZarrs::nuclei);
        List<String> words = List.of("--class", "io.github.sumi.cli.Sumi", jar("target/spark", "-spark.jar"), "denoise", in.toString());
        double[][] seconds = new double[3][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int workers = 1; workers <= 2; workers++) {
                try (SparkCluster cluster = new SparkCluster(folder.resolve("logs-" + round + workers))) {
                    for (int i = 0; i < workers; i++) {
                        cluster.worker();
                    }
                    List<String> command = new ArrayList<>(words);
                    command.add(folder.resolve("out-" + round + workers).toString());
                    seconds[workers - 1][round] = seconds(cluster.submit("driver", command));
                }
            }
            seconds[2][round] = seconds(new ProcessBuilder("java", "-jar", jar("target/zarr", "-all.jar"), "denoise", in.toString(),
                    folder.resolve("alone-" + round).toString()).redirectErrorStream(true).redirectOutput(folder.resolve("alone.txt").toFile()).start());
        }
        print("1 worker of 1 core", seconds[0]);
        print("2 workers of 1 core", seconds[1]);
        print("no cluster, all cores", seconds[2]);
        System.out.printf(Locale.ROOT, "2 workers against 1: %.2f times as fast%n", median(seconds[0]) / median(seconds[1]));
    }

    private static double seconds(Process process) throws Exception {
        long begin = System.nanoTime();
        if (process.waitFor() != 0) {
            throw new IOException("It failed.");
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void print(String what, double[] seconds) {
        System.out.printf(Locale.ROOT, "%s: %.1f s (%s)%n", what, median(seconds), Arrays.toString(seconds));
    }

    private static double median(double[] seconds) {
        return Arrays.stream(seconds).sorted().toArray()[seconds.length / 2];
    }

    private static String jar(String folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.filter(file -> file.getFileName().toString().endsWith(end)).findFirst().orElseThrow().toAbsolutePath().toString();
        }
    }
}
