// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.ModelLibrary;
import io.github.sumi.zarr.OmeZarrs;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Images in S3, on a real cluster. */
class SparkS3IT {

    @TempDir
    Path folder;

    private static S3Client client(Map<String, String> environment) {
        return S3Client.builder().endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_S3"))).region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(environment.get("AWS_ACCESS_KEY_ID"),
                        environment.get("AWS_SECRET_ACCESS_KEY"))))
                .forcePathStyle(true).requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED).build();
    }

    private static List<String> words(S3Server server, String in, String out, String... more) throws Exception {
        List<String> words = new ArrayList<>();
        server.environment().forEach((key, value) -> words.addAll(List.of("--conf", "spark.executorEnv." + key + "=" + value)));
        words.addAll(List.of("--class", "io.github.sumi.cli.Sumi", SparkIT.jar(), "denoise", in, out));
        words.addAll(List.of(more));
        return words;
    }

    /** The driver is killed midway; the same command goes on. */
    @Test
    void anImageInS3() throws Exception {
        Path in = OmeZarrs.v05("zyx", new long[] {16, 200, 200}, 2, 200, 200).sharded(1, 100, 100).write(folder.resolve("in.zarr"), 2, OmeZarrs::nuclei);
        SparkIT.alone(in, folder.resolve("alone.zarr"), ModelLibrary.standard(null).find("nuclei"));
        try (S3Server server = new S3Server(folder.resolve("s3")); SparkCluster cluster = new SparkCluster(folder.resolve("logs"))) {
            try (S3Store store = new S3Store(client(server.environment()), S3Server.BUCKET, "in.zarr/")) {
                for (String file : OmeZarrs.files(in)) {
                    store.write(file, Files.readAllBytes(in.resolve(file)));
                }
            }
            cluster.worker();
            Path out = server.bucket().resolve("out.zarr");
            Path done = server.bucket().resolve("out.zarr.part/state/pixels");
            Process driver = cluster.submit("driver", words(server, "s3://pictures/in.zarr", "s3://pictures/out.zarr"), server.environment());
            while (SparkIT.files(done) < 2) {
                assertTrue(driver.isAlive(), () -> SparkIT.said(cluster, "driver"));
                Thread.sleep(20);
            }
            SparkCluster.kill(driver);
            assertTrue(SparkIT.files(done) < 8, "it was killed midway");
            assertFalse(Files.exists(out.resolve("zarr.json")), "what isn't whole is no image");
            assertEquals(0, cluster.submit("again", words(server, "s3://pictures/in.zarr", "s3://pictures/out.zarr"), server.environment()).waitFor(),
                    () -> SparkIT.said(cluster, "again"));
            SparkIT.assertSameFiles(folder.resolve("alone.zarr"), out);
            assertEquals(0, SparkIT.files(server.bucket().resolve("out.zarr.part")));
            assertEquals(1, cluster.submit("exists", words(server, "s3://pictures/in.zarr", "s3://pictures/out.zarr"), server.environment()).waitFor());
            assertTrue(cluster.log("exists").contains("s3://pictures/out.zarr exists; give --overwrite to replace it."), cluster.log("exists"));
            Map<String, String> stranger = new HashMap<>(server.environment());
            stranger.put("AWS_SECRET_ACCESS_KEY", "another");
            assertEquals(1, cluster.submit("stranger", words(server, "s3://pictures/in.zarr", "s3://pictures/no.zarr"), stranger).waitFor());
            assertTrue(cluster.log("stranger").contains("s3://pictures/in.zarr/zarr.json can't be reached ("), cluster.log("stranger"));
            assertEquals(0, cluster.submit("anew", words(server, "s3://pictures/in.zarr", "s3://pictures/out.zarr", "--overwrite", "--sigma", "15", "--noise",
                    "gaussian"), server.environment()).waitFor(), () -> SparkIT.said(cluster, "anew"));
            assertTrue(Files.readString(out.resolve("zarr.json")).contains("gaussian, sigma 15"));
            assertEquals(OmeZarrs.files(folder.resolve("alone.zarr")), OmeZarrs.files(out));
        }
    }
}
