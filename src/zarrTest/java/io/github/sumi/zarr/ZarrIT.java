// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.github.sumi.model.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two jars as a user has them. */
class ZarrIT {

    @TempDir
    Path folder;

    private static Path packaged(String end) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target/zarr"))) {
            return files.filter(file -> file.getFileName().toString().endsWith(end)).findFirst().orElseThrow();
        }
    }

    private static List<String> entries(Path jar) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).filter(name -> !name.endsWith("/")).toList();
        }
    }

    private String said;

    private int sumi(Path jar, Object... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
        Stream.of(words).map(String::valueOf).forEach(command::add);
        Path out = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        int code = process.waitFor();
        said = Files.readString(out, StandardCharsets.UTF_8);
        return code;
    }

    @Test
    void neitherJarHoldsTheOther() throws IOException {
        List<String> all = entries(packaged("-all.jar"));
        List<String> zarr = entries(packaged("-zarr.jar"));
        assertFalse(all.stream().anyMatch(name -> name.contains("sumi/zarr") || name.contains("blosc") || name.contains("zstd") || name.contains("LargeImageDenoiser") && name.startsWith("META-INF")));
        assertTrue(zarr.contains("io/github/sumi/zarr/OmeZarrDenoiser.class") && zarr.contains("META-INF/services/io.github.sumi.pipeline.LargeImageDenoiser"));
        assertTrue(zarr.contains("libbloscjni.so") && zarr.stream().anyMatch(name -> name.startsWith("linux/amd64/libzstd")));
        assertEquals(List.of(), zarr.stream().filter(name -> all.contains(name) && !name.startsWith("META-INF/")).toList());
    }

    @Test
    void theZarrJarIsFoundBesideTheOther() throws Exception {
        Path jar = Files.copy(packaged("-all.jar"), folder.resolve(packaged("-all.jar").getFileName()));
        Path in = OmeZarrs.v04("yx", new long[] {90, 100}, 64, 64).write(folder.resolve("in.zarr"), 1, OmeZarrs::nuclei);
        Path out = folder.resolve("out.zarr");
        Path model = TinyModel.folder(folder, "sees-tile");
        assertEquals(1, sumi(jar, "denoise", in, out));
        assertTrue(said.contains("-zarr.jar beside the jar of Sumi"), said);
        Files.copy(packaged("-zarr.jar"), folder.resolve(packaged("-zarr.jar").getFileName()));
        assertEquals(0, sumi(jar, "denoise", in, out, "--model", model, "--json"), said);
        String json = said.substring(said.indexOf('{'));
        assertEquals(1, JsonParser.parseString(json).getAsJsonObject().get("done").getAsInt(), said);
        assertEquals(9000, OmeZarrs.pixels(out, "0").length);
        assertEquals(1, sumi(jar, "denoise", in, out, "--model", model));
        assertTrue(said.contains("out.zarr exists; give --overwrite to replace it."), said);
        assertEquals(2, sumi(jar, "denoise", in, folder.resolve("other"), "--model", model, "--scope", "plane"));
        assertTrue(said.contains("scope is plane"), said);
        assertEquals(0, sumi(jar, "denoise", in, out, "--skip-existing", "--json"));
        assertTrue(said.contains("\"skipped\": 1"), said);
    }
}
