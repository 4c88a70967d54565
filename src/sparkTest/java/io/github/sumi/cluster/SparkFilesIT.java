// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ShortProcessor;
import io.github.sumi.zarr.OmeZarrs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of files, on a real cluster. */
class SparkFilesIT {

    private static final int FILES = 8;

    @TempDir
    Path folder;

    private void makeFiles(Path in) throws IOException {
        Files.createDirectories(in);
        for (int i = 0; i < FILES; i++) {
            ShortProcessor image = new ShortProcessor(280, 250);
            for (int k = 0; k < image.getPixelCount(); k++) {
                image.set(k, (int) OmeZarrs.nuclei(new long[] {i, k / 280, k % 280}));
            }
            IJ.saveAsTiff(new ImagePlus("cells", image), in.resolve(i + ".tif").toString());
        }
        Files.writeString(in.resolve("broken.tif"), "no picture");
    }

    private static short[] pixels(Path file) {
        return (short[]) IJ.openImage(file.toString()).getProcessor().getPixels();
    }

    /** One worker of two goes down midway; what it had begun is done again. */
    @Test
    void eachFileIsDone() throws Exception {
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        makeFiles(in);
        try (SparkCluster cluster = new SparkCluster(folder.resolve("logs"))) {
            List<Process> workers = List.of(cluster.worker(), cluster.worker());
            assertEquals(1, cluster.submit("alone", List.of("--class", "io.github.sumi.cli.Sumi", SparkIT.jar(), "denoise", in.toString(),
                    folder.resolve("alone").toString())).waitFor());
            assertTrue(cluster.log("alone").contains("8 done, 1 failed"), cluster.log("alone"));
            List<String> words = new ArrayList<>(List.of("--class", "io.github.sumi.cli.Sumi", SparkIT.jar(), "denoise", in.toString(), out.toString(), "--cluster"));
            Process driver = cluster.submit("driver", words);
            while (SparkIT.files(out) < 2) {
                assertTrue(driver.isAlive(), () -> SparkIT.said(cluster, "driver"));
                Thread.sleep(20);
            }
            SparkCluster.kill(workers.get(0));
            assertEquals(1, driver.waitFor(), () -> SparkIT.said(cluster, "driver"));
            String said = cluster.log("driver");
            assertTrue(said.contains("8 done, 1 failed") && said.contains("broken.tif: ") && said.contains("Lost executor"), said);
            words.add("--skip-existing");
            Files.delete(out.resolve("3.tif"));
            assertEquals(1, cluster.submit("again", words).waitFor());
            assertTrue(cluster.log("again").contains("1 done, 7 skipped, 1 failed"), cluster.log("again"));
        }
        for (int i = 0; i < FILES; i++) {
            assertArrayEquals(pixels(folder.resolve("alone").resolve(i + ".tif")), pixels(out.resolve(i + ".tif")), "file " + i);
        }
        assertFalse(Files.exists(out.resolve("broken.tif")));
    }
}
