// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A standalone cluster of processes on this machine, as Spark's own scripts start them, on the loopback address alone. */
final class SparkCluster implements AutoCloseable {

    static final String HOST = "127.0.0.1";
    private static final Path HOME = Path.of("target/spark/home").toAbsolutePath();
    private static final long START_SECONDS = 60;

    private final Path logs;
    private final String url;
    private final List<Process> processes = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    SparkCluster(Path logs) throws Exception {
        this.logs = Files.createDirectories(logs);
        int port = freePort();
        url = "spark://" + HOST + ":" + port;
        start("master", Map.of(), "org.apache.spark.deploy.master.Master", "--host", HOST, "--port", String.valueOf(port), "--webui-port", "0");
        await("master", "I have been elected leader");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    /** Of one core. */
    Process worker() throws Exception {
        String name = "worker-" + names.size();
        Process worker = start(name, Map.of(), "org.apache.spark.deploy.worker.Worker", url, "--host", HOST, "--cores", "1", "--memory", "1g", "--webui-port", "0",
                "--work-dir", logs.resolve(name + "-work").toString());
        await(name, "Successfully registered with master");
        return worker;
    }

    /** As if its machine had lost power. */
    static void kill(Process worker) throws InterruptedException {
        worker.descendants().forEach(ProcessHandle::destroyForcibly);
        worker.destroyForcibly().waitFor();
    }

    /** @param words options, jar and arguments */
    Process submit(String name, List<String> words) throws Exception {
        return submit(name, words, Map.of());
    }

    /** @param environment of the driver */
    Process submit(String name, List<String> words, Map<String, String> environment) throws Exception {
        List<String> command = new ArrayList<>(List.of("org.apache.spark.deploy.SparkSubmit", "--master", url, "--conf", "spark.driver.host=" + HOST, "--conf",
                "spark.driver.bindAddress=" + HOST));
        command.addAll(words);
        return start(name, environment, command.toArray(String[]::new));
    }

    String log(String name) throws IOException {
        return Files.readString(logs.resolve(name + ".txt"));
    }

    private Process start(String name, Map<String, String> environment, String... words) throws Exception {
        ProcessBuilder builder = spark(command(words));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).redirectOutput(logs.resolve(name + ".txt").toFile()).start();
        processes.add(process);
        names.add(name);
        return process;
    }

    private static ProcessBuilder spark(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SPARK_HOME", HOME.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", HOST);
        return builder;
    }

    /** What Spark's launcher makes of it, as bin/spark-class asks for it. */
    private static List<String> command(String... words) throws Exception {
        List<String> launcher = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", HOME.resolve("jars") + "/*",
                "org.apache.spark.launcher.Main"));
        launcher.addAll(List.of(words));
        Process process = spark(launcher).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("Spark's launcher failed: " + said);
        }
        return Stream.of(said.split("\0")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    private void await(String name, String line) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!log(name).contains(line)) {
            if (System.nanoTime() > end) {
                throw new IOException(name + " doesn't start: " + log(name));
            }
            Thread.sleep(100);
        }
    }

    @Override
    public void close() throws Exception {
        for (int i = processes.size() - 1; i >= 0; i--) {
            kill(processes.get(i));
        }
    }
}
