// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.TinyModel;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageJob;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.zarr.OmeZarrDenoiser;
import io.github.sumi.zarr.OmeZarrs;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real cluster of a master and workers, by the jar that a user submits. */
class SparkIT {

    @TempDir
    Path folder;
    private Path in;

    /** Twelve shards, each the block of a task. */
    @BeforeEach
    void makeImage() throws IOException {
        in = OmeZarrs.v05("zyx", new long[] {24, 200, 200}, 2, 200, 200).sharded(1, 100, 100).write(folder.resolve("in.zarr"), 2, OmeZarrs::nuclei);
    }

    static String jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target/spark"))) {
            return files.filter(file -> file.getFileName().toString().endsWith("-spark.jar")).findFirst().orElseThrow().toAbsolutePath().toString();
        }
    }

    private List<String> words(String out, List<String> conf, String... more) throws IOException {
        List<String> words = new ArrayList<>(conf);
        words.addAll(List.of("--class", "io.github.sumi.cli.Sumi", jar(), "denoise", in.toString(), folder.resolve(out).toString()));
        words.addAll(List.of(more));
        return words;
    }

    /** By this process alone, on all cores. */
    static void alone(Path in, Path out, Model model) throws IOException {
        DenoiseOptions options = DenoiseOptions.defaults();
        try (Denoiser denoiser = new Denoiser(model, options)) {
            new OmeZarrDenoiser().denoise(new LargeImageJob(in.toString(), out.toString(), model, options, Set.of(), false, false, false), denoiser,
                    Progress.NONE, warning -> { });
        }
    }

    static void assertSameFiles(Path expected, Path found) throws IOException {
        List<String> files = OmeZarrs.files(expected);
        assertEquals(files, OmeZarrs.files(found));
        for (String file : files) {
            assertArrayEquals(Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(found.resolve(file)), file);
        }
    }

    static int files(Path of) throws IOException {
        if (!Files.exists(of)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(of)) {
            return (int) files.count();
        }
    }

    /** Of the application under way, as Spark's UI shows them. */
    private static Set<String> jobs(int port) throws Exception {
        try {
            Set<String> jobs = new TreeSet<>();
            for (JsonElement application : get(port, "applications")) {
                for (JsonElement job : get(port, "applications/" + application.getAsJsonObject().get("id").getAsString() + "/jobs")) {
                    jobs.add(job.getAsJsonObject().get("description").getAsString() + ": " + job.getAsJsonObject().get("numTasks").getAsInt());
                }
            }
            return jobs;
        } catch (ConnectException e) {
            return Set.of();
        }
    }

    private static JsonArray get(int port, String what) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + SparkCluster.HOST + ":" + port + "/api/v1/" + what)).build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() == 200 ? JsonParser.parseString(response.body()).getAsJsonArray() : new JsonArray();
    }

    /** The shipped model; one worker of two goes down midway, and the other does its tasks. */
    @Test
    void aWorkerMayGoDown() throws Exception {
        alone(in, folder.resolve("alone.zarr"), ModelLibrary.standard(null).find("nuclei"));
        try (SparkCluster cluster = new SparkCluster(folder.resolve("logs"))) {
            List<Process> workers = List.of(cluster.worker(), cluster.worker());
            int ui = SparkCluster.freePort();
            Process driver = cluster.submit("driver", words("out.zarr", List.of("--conf", "spark.ui.port=" + ui)));
            Path done = folder.resolve("out.zarr.part/state/pixels");
            while (files(done) < 3) {
                assertTrue(driver.isAlive(), () -> said(cluster, "driver"));
                Thread.sleep(20);
            }
            Set<String> jobs = jobs(ui);
            SparkCluster.kill(workers.get(0));
            int before = files(done);
            assertEquals(0, driver.waitFor(), () -> said(cluster, "driver"));
            assertTrue(before < 12, "it was killed midway: " + before);
            assertTrue(jobs.contains("pixels of " + in + ": 12"), jobs.toString());
            assertTrue(cluster.log("driver").contains("Lost executor"), cluster.log("driver"));
        }
        assertSameFiles(folder.resolve("alone.zarr"), folder.resolve("out.zarr"));
        assertFalse(Files.exists(folder.resolve("out.zarr.part")));
    }

    static String said(SparkCluster cluster, String name) {
        try {
            return cluster.log(name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A model of the user's, which the executors don't have, and whose tiles show in the result. */
    @Test
    void executorsAndPartitionsDontShowInTheResult() throws Exception {
        Path model = TinyModel.folder(folder, "sees-tile");
        alone(in, folder.resolve("alone.zarr"), Model.load(model));
        try (SparkCluster cluster = new SparkCluster(folder.resolve("logs"))) {
            cluster.worker();
            assertEquals(0, cluster.submit("one", words("one.zarr", List.of(), "--model", model.toString())).waitFor(), () -> said(cluster, "one"));
            cluster.worker();
            assertEquals(0, cluster.submit("two", words("two.zarr", List.of(), "--model", model.toString())).waitFor(), () -> said(cluster, "two"));
            assertEquals(1, cluster.submit("again", words("two.zarr", List.of(), "--model", model.toString())).waitFor());
            assertTrue(cluster.log("again").contains("two.zarr exists; give --overwrite to replace it."), cluster.log("again"));
            assertFalse(cluster.log("again").contains("Exception"), cluster.log("again"));
        }
        assertSameFiles(folder.resolve("alone.zarr"), folder.resolve("one.zarr"));
        assertSameFiles(folder.resolve("alone.zarr"), folder.resolve("two.zarr"));
    }

    @Test
    void withoutSparkTheJarSaysWhatItIsFor() throws Exception {
        Process process = new ProcessBuilder("java", "-jar", jar(), "denoise", in.toString(), folder.resolve("out.zarr").toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor());
        assertTrue(said.contains("This jar is for Spark: start it by spark-submit") && !said.contains("\tat "), said);
    }

    /** A fault of the image, met by an executor, is told by the driver as it is told on one machine. */
    @Test
    void faultsAreSentences() throws Exception {
        Path chunk = in.resolve("0/c/3/0/0");
        byte[] bytes = Files.readAllBytes(chunk);
        bytes[40] ^= 1;
        bytes[41] ^= 1;
        Files.write(chunk, java.util.Arrays.copyOf(bytes, bytes.length - 60));
        try (SparkCluster cluster = new SparkCluster(folder.resolve("logs"))) {
            cluster.worker();
            assertEquals(1, cluster.submit("driver", words("out.zarr", List.of())).waitFor());
            String last = cluster.log("driver").lines().filter(line -> line.contains("0/c/3/0/0") && line.contains("copy the image again.") && !line.contains("WARN")
                    && !line.contains("ERROR")).findFirst().orElse("");
            assertTrue(last.contains(in.getFileName().toString()), cluster.log("driver"));
        }
        assertFalse(Files.exists(folder.resolve("out.zarr")));
    }
}
