// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import ij.ImagePlus;
import ij.process.ShortProcessor;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.model.TinyModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    Path folder;
    private Path model;
    private Path in;
    private Path out;
    private StringWriter said;
    private StringWriter errors;

    @BeforeEach
    void folders() throws IOException {
        model = TinyModel.folder(folder, "timestep-float-n");
        in = Files.createDirectories(folder.resolve("in/deep/deeper")).getParent().getParent();
        out = folder.resolve("out");
    }

    private Path image(String name) throws IOException {
        ShortProcessor pixels = new ShortProcessor(16, 12);
        for (int i = 0; i < 192; i++) {
            pixels.set(i, 1000 + 13 * (i * i % 29));
        }
        Path file = in.resolve(name);
        TiffFiles.save(new ImagePlus(name, pixels), file, false);
        return file;
    }

    private int denoise(PrintWriter writer, Object... more) {
        errors = new StringWriter();
        List<String> words = new ArrayList<>(List.of("denoise", in.toString(), out.toString(), "--model", model.toString(), "--noise",
                "gaussian", "--sigma", "20"));
        Stream.of(more).map(String::valueOf).forEach(words::add);
        return Sumi.run(writer, new PrintWriter(errors, true), words.toArray(String[]::new));
    }

    private int denoise(Object... more) {
        said = new StringWriter();
        return denoise(new PrintWriter(said, true), more);
    }

    private List<String> results() throws IOException {
        try (Stream<Path> files = Files.walk(out)) {
            return files.filter(Files::isRegularFile).map(file -> out.relativize(file).toString().replace('\\', '/')).sorted().toList();
        }
    }

    @Test
    @DisplayName("Pain 25: there is no way to denoise a folder")
    void foldersInFoldersAreKept() throws IOException {
        image("a.tif");
        image("deep/a.tif");
        image("deep/deeper/b.TIF");
        Files.writeString(in.resolve("deep/notes.txt"), "no image");
        Files.writeString(in.resolve("deep/._a.tif"), "what macOS leaves beside files");
        assertEquals(0, denoise(), errors.toString());
        assertEquals(List.of("a.tif"), results());
        assertEquals(0, denoise("--recursive", "--skip-existing"), errors.toString());
        assertEquals(List.of("a.tif", "deep/a.tif", "deep/deeper/b.TIF"), results());
        assertTrue(errors.toString().contains("2 done, 1 skipped"), errors.toString());
    }

    /** Else each run would denoise the results of the last. */
    @Test
    void resultsInsideOfTheInputAreNoInput() throws IOException {
        image("a.tif");
        out = in.resolve("deep");
        assertEquals(0, denoise("--recursive"), errors.toString());
        assertEquals(0, denoise("--recursive", "--overwrite"), errors.toString());
        assertEquals(List.of("a.tif"), results());
    }

    @Test
    void onlyWhatFitsIsIncluded() throws IOException {
        image("cell_c1.tif");
        image("cell_c2.tif");
        Files.writeString(in.resolve("cell_c1.txt"), "no image");
        assertEquals(0, denoise("--include", "*_c1*"), errors.toString());
        assertEquals(List.of("cell_c1.tif"), results());
        assertEquals(1, denoise("--include", "*_c7*"));
        assertTrue(errors.toString().contains("--include *_c7*"), errors.toString());
        assertEquals(2, denoise("--include", "[a"));
        assertTrue(errors.toString().contains("\"[a\" is no pattern"), errors.toString());
        assertEquals(2, denoise("--skip-existing", "--overwrite"));
        assertTrue(errors.toString().contains("give one of the two"), errors.toString());
    }

    @Test
    @DisplayName("Pain 25: one bad file ends the batch, and nobody knows which")
    void theSummaryIsOneJsonObject() throws IOException {
        image("a.tif");
        Files.writeString(in.resolve("bad.tif"), "no TIFF at all");
        image("c.tif");
        Files.createDirectories(out);
        Files.copy(in.resolve("c.tif"), out.resolve("c.tif"));
        assertEquals(1, denoise("--json", "--skip-existing"));
        JsonObject summary = JsonParser.parseString(said.toString()).getAsJsonObject();
        assertEquals(1, summary.get("done").getAsInt());
        assertEquals(1, summary.get("failed").getAsInt());
        String[] status = {"done", "failed", "skipped"};
        for (int i = 0; i < 3; i++) {
            JsonObject file = summary.getAsJsonArray("files").get(i).getAsJsonObject();
            assertEquals(status[i], file.get("status").getAsString());
            assertEquals(out.resolve(Path.of(file.get("in").getAsString()).getFileName()).toString(), file.get("out").getAsString());
            assertTrue(file.get("seconds").getAsDouble() >= 0);
            assertFalse(file.get("message").getAsString().isEmpty());
        }
        assertTrue(errors.toString().contains("bad.tif can't be read") && errors.toString().contains("1 done, 1 skipped, 1 failed"), errors.toString());
    }

    /** The model is taken away when the first file is done; what is loaded stays. */
    @Test
    void theModelIsLoadedOnceForTwoHundredFiles() throws IOException {
        Path first = image("file0.tif");
        for (int i = 1; i < 200; i++) {
            Files.copy(first, in.resolve("file" + i + ".tif"));
        }
        said = new StringWriter();
        PrintWriter thief = new PrintWriter(said, true) {
            @Override
            public void println(String line) {
                super.println(line);
                try {
                    Files.deleteIfExists(model.resolve("unet/model.onnx"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        assertEquals(0, denoise(thief), errors.toString());
        assertFalse(Files.exists(model.resolve("unet/model.onnx")));
        assertEquals(200, results().size());
        assertTrue(errors.toString().contains("200 done"), errors.toString());
    }
}
