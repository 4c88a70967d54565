// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.LargeImageJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files: what is in them beside pixels, whose they are, and what is kept. */
class OmeZarrResultTest extends OmeZarrRuns {

    @Test
    void metadataAndResolutionsAreKept() throws IOException {
        for (OmeZarrs layout : List.of(OmeZarrs.v04("czyx", new long[] {1, 2, 301, 260}, 1, 1, 64, 64), OmeZarrs.v05("czyx", new long[] {1, 2, 301, 260}, 1, 1, 64, 64))) {
            Path in = layout.write(folder.resolve("in" + layout.format()), 3, OmeZarrs::nuclei);
            Path out = folder.resolve("out" + layout.format());
            denoise(job(in, out.getFileName().toString()));
            JsonObject before = attributes(in);
            JsonObject after = attributes(out);
            JsonObject done = after.remove("sumi").getAsJsonObject();
            assertEquals(before, after);
            assertEquals("mean", done.get("mode").getAsString());
            assertTrue(done.getAsJsonObject("measured").getAsJsonObject("channel 1").get("noise").getAsString().startsWith("camera"), done.toString());
            double[] fine = OmeZarrs.pixels(out, "0");
            double[] half = OmeZarrs.pixels(out, "1");
            assertEquals(2 * 151 * 130, half.length);
            assertEquals(Math.round((fine[2] + fine[3] + fine[262] + fine[263]) / 4), half[1]);
            // the last row of an odd number has no other beside it
            assertEquals(Math.round((fine[300 * 260] + fine[300 * 260 + 1]) / 2), half[150 * 130]);
            assertEquals(2 * 76 * 65, OmeZarrs.pixels(out, "2").length);
            assertEquals(List.of(), OmeZarrs.files(out).stream().filter(file -> file.contains("part") || file.contains("state")).toList());
            assertFalse(Files.exists(folder.resolve("out" + layout.format() + ".part")));
            if (layout.format() == 3) {
                assertTrue(JsonParser.parseString(Files.readString(out.resolve("1/zarr.json"))).getAsJsonObject().get("dimension_names").toString().equals("[\"c\",\"z\",\"y\",\"x\"]"));
            }
        }
    }

    @Test
    void resolutionsAreMadeWhereThereAreNone() throws IOException {
        Path in = OmeZarrs.v05("zyx", new long[] {1, 700, 520}, 1, 256, 256).write(folder.resolve("in"), 1, OmeZarrs::nuclei);
        denoise(job(in, "out"));
        JsonObject multiscale = attributes(folder.resolve("out")).getAsJsonObject("ome").getAsJsonArray("multiscales").get(0).getAsJsonObject();
        assertEquals("{\"path\":\"2\",\"coordinateTransformations\":[{\"type\":\"scale\",\"scale\":[1.5,1.0,1.0]},{\"type\":\"translation\",\"translation\":[0.0,0.375,0.375]}]}",
                multiscale.getAsJsonArray("datasets").get(2).toString());
        assertEquals(3, multiscale.getAsJsonArray("datasets").size());
        assertEquals(175 * 130, OmeZarrs.pixels(folder.resolve("out"), "2").length);
    }

    /** As the users of a shared disk expect. */
    @Test
    void filesHaveTheUsualRights() throws IOException {
        Path plain = Files.createFile(folder.resolve("plain"));
        assumeTrue(Files.getFileStore(plain).supportsFileAttributeView("posix"));
        denoise(job(OmeZarrs.v04("yx", new long[] {60, 60}, 60, 60).write(folder.resolve("in"), 1, OmeZarrs::nuclei), "out"));
        for (String file : List.of("0/0/0", "0/.zarray", ".zattrs")) {
            assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(folder.resolve("out").resolve(file)), file);
        }
    }

    @Test
    void resultsThatExistAreKept() throws IOException {
        Path in = OmeZarrs.v04("yx", new long[] {60, 60}, 60, 60).write(folder.resolve("in"), 1, OmeZarrs::nuclei);
        denoise(job(in, "out"));
        List<String> files = OmeZarrs.files(folder.resolve("out"));
        assertTrue(fault(job(in, "out")).endsWith("out exists; give --overwrite to replace it."));
        LargeImageJob other = overwriting(with(job(in, "out"), DenoiseOptions.defaults().withSigma(5)));
        denoise(other);
        assertEquals(files, OmeZarrs.files(folder.resolve("out")));
        assertTrue(attributes(folder.resolve("out")).toString().contains("gaussian, sigma 5"));
        assertFalse(Files.exists(folder.resolve("out.part")));
        Files.createDirectories(folder.resolve("mine"));
        Files.writeString(folder.resolve("mine/thesis.txt"), "precious");
        assertTrue(fault(overwriting(job(in, "mine"))).contains("is no Zarr image, so it is not replaced"));
        Files.createDirectories(folder.resolve("new.part"));
        Files.writeString(folder.resolve("new.part/thesis.txt"), "precious");
        assertTrue(fault(overwriting(job(in, "new"))).contains("isn't of Sumi"));
        assertTrue(fault(job(in, "in/out")).contains("lie in each other"));
        assertTrue(Files.exists(folder.resolve("mine/thesis.txt")) && Files.exists(folder.resolve("new.part/thesis.txt")));
    }
}
