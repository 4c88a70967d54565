// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import ij.ImagePlus;
import io.github.sumi.imagej.ImageNoiseTest;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.pipeline.NoiseModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoiseCommandTest {

    @TempDir
    Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int noise(Object in, String... more) {
        String[] words = new String[more.length + 2];
        words[0] = "noise";
        words[1] = in.toString();
        System.arraycopy(more, 0, words, 2, more.length);
        return Sumi.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    private Path image(String name, NoiseModel camera) throws IOException {
        Path file = folder.resolve(name);
        TiffFiles.save(new ImagePlus(name, ImageNoiseTest.plane(camera, 1)), file, false);
        return file;
    }

    @Test
    void aLineSaysWhatToPassOn() throws IOException {
        Path file = image("a.tif", new NoiseModel(2, 100, 5));
        assertEquals(0, noise(file), err.toString());
        assertTrue(out.toString().startsWith(file + ", channel 1: camera, gain "), out.toString());
        assertTrue(out.toString().strip().matches("(?s).*; --noise camera --gain [0-9.]+ --offset [0-9.]+ --readnoise [0-9.]+"), out.toString());
        assertEquals(1, out.toString().lines().count());
        assertEquals(2, noise(file, "--channels", "2"));
        assertTrue(err.toString().contains("channels names channel 2"), err.toString());
    }

    @Test
    void aFolderIsOneJsonObject() throws IOException {
        image("a.tif", new NoiseModel(2, 100, 5));
        Files.writeString(folder.resolve("b.tif"), "no TIFF at all");
        image("c.tif", new NoiseModel(0, 100, 9));
        assertEquals(1, noise(folder, "--json"));
        JsonArray files = JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonArray("files");
        assertEquals(3, files.size());
        JsonObject first = files.get(0).getAsJsonObject().getAsJsonArray("channels").get(0).getAsJsonObject();
        assertEquals("camera", first.get("noise").getAsString());
        assertTrue(first.get("confident").getAsBoolean());
        assertTrue(files.get(1).getAsJsonObject().has("error"));
        assertEquals("gaussian", files.get(2).getAsJsonObject().getAsJsonArray("channels").get(0).getAsJsonObject().get("noise").getAsString());
        assertTrue(err.toString().contains("b.tif: "), err.toString());
    }

    @Test
    void globsAndWhatIsMissing() throws IOException {
        image("a1.tif", new NoiseModel(2, 100, 5));
        image("b1.tif", new NoiseModel(2, 100, 5));
        assertEquals(0, noise(folder.resolve("a*.tif")), err.toString());
        assertFalse(out.toString().contains("b1.tif"));
        assertEquals(1, noise(folder.resolve("x*.tif")));
        assertTrue(err.toString().contains("No TIFF file fits"), err.toString());
    }
}
