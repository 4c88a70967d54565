// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** S3Proxy on the loopback address, a process of its own: a server that speaks S3 and keeps the objects as files. */
final class S3Server implements AutoCloseable {

    static final String BUCKET = "pictures";
    private static final String KEY = "someone";
    private static final String SECRET = "something";
    private static final int START_TRIES = 600;

    private final Path folder;
    private final int port;
    private final Process process;

    S3Server(Path folder) throws Exception {
        this.folder = folder;
        port = SparkCluster.freePort();
        Files.createDirectories(bucket());
        Path conf = Files.writeString(folder.resolve("s3proxy.conf"), String.join("\n", "s3proxy.endpoint=" + endpoint(), "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + KEY, "s3proxy.credential=" + SECRET, "jclouds.provider=filesystem-nio2", "jclouds.identity=none", "jclouds.credential=none", "jclouds.filesystem.basedir=" + folder.resolve("data")));
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                Path.of("target/spark/s3/jars").toAbsolutePath() + "/*", "org.gaul.s3proxy.Main", "--properties", conf.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("s3proxy.txt").toFile()).start();
        for (int i = 0; !listens(); i++) {
            if (i > START_TRIES || !process.isAlive()) {
                throw new IOException("S3Proxy doesn't start: " + Files.readString(folder.resolve("s3proxy.txt")));
            }
            Thread.sleep(100);
        }
    }

    private boolean listens() throws IOException {
        try (Socket socket = new Socket(SparkCluster.HOST, port)) {
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    private String endpoint() {
        return "http://" + SparkCluster.HOST + ":" + port;
    }

    /** Where the objects lie as files, by their keys. */
    Path bucket() {
        return folder.resolve("data").resolve(BUCKET);
    }

    /** What Amazon's tools look for. */
    Map<String, String> environment() {
        return Map.of("AWS_ENDPOINT_URL_S3", endpoint(), "AWS_REGION", "us-east-1", "AWS_ACCESS_KEY_ID", KEY, "AWS_SECRET_ACCESS_KEY", SECRET);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
