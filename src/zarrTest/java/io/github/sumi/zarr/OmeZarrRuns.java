// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.sumi.model.Model;
import io.github.sumi.model.TinyModel;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageJob;
import io.github.sumi.pipeline.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs of a small model on images in a folder of their own. */
abstract class OmeZarrRuns {

    @TempDir
    Path folder;
    Model model;
    final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void findModel() {
        model = Model.load(TinyModel.folder(folder, "sees-tile"));
    }

    LargeImageJob job(Path in, String out) {
        return new LargeImageJob(in.toString(), folder.resolve(out).toString(), model, DenoiseOptions.defaults(), Set.of(), false, false, false);
    }

    static LargeImageJob with(LargeImageJob job, DenoiseOptions options) {
        return new LargeImageJob(job.in(), job.out(), job.model(), options, job.channels(), job.rangePerPlane(), job.toFloat(), job.overwrite());
    }

    static LargeImageJob with(LargeImageJob job, Set<Integer> channels, boolean perPlane, boolean toFloat) {
        return new LargeImageJob(job.in(), job.out(), job.model(), job.options(), channels, perPlane, toFloat, job.overwrite());
    }

    static LargeImageJob overwriting(LargeImageJob job) {
        return new LargeImageJob(job.in(), job.out(), job.model(), job.options(), job.channels(), job.rangePerPlane(), job.toFloat(), true);
    }

    String denoise(LargeImageJob job) throws IOException {
        try (Denoiser denoiser = new Denoiser(job.model(), job.options())) {
            return new OmeZarrDenoiser().denoise(job, denoiser, Progress.NONE, warnings::add);
        }
    }

    String fault(LargeImageJob job) {
        return assertThrows(Exception.class, () -> denoise(job)).getMessage();
    }

    static JsonObject attributes(Path folder) throws IOException {
        boolean v3 = Files.exists(folder.resolve("zarr.json"));
        JsonObject group = JsonParser.parseString(Files.readString(folder.resolve(v3 ? "zarr.json" : ".zattrs"))).getAsJsonObject();
        return v3 ? group.getAsJsonObject("attributes") : group;
    }
}
