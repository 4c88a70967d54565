// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import io.github.sumi.imagej.TiffFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels and guidance by the command line: what came out says which is which. */
class GenerateLabelsTest {

    private static final Path MODEL = Path.of("src/test/resources/models/unet2d-labels");

    @TempDir
    Path folder;
    private final CommandLineRun run = new CommandLineRun();

    private int generate(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("generate", out, "--model", MODEL, "--count", 3, "--width", 16, "--height", 16, "--steps", 3));
        words.addAll(List.of(more));
        return run.sumi(words.toArray());
    }

    @Test
    void slicesAreNamedAndTheInfoRepeatsTheRun() throws IOException {
        assertEquals(0, generate(folder.resolve("all.tif")), run.said());
        ImagePlus all = TiffFiles.open(folder.resolve("all.tif"));
        assertEquals("image 1, filaments", all.getStack().getSliceLabel(1));
        assertEquals("image 2, dense nuclei", all.getStack().getSliceLabel(2));
        assertEquals("image 3, puncta", all.getStack().getSliceLabel(3));
        assertTrue(all.getInfoProperty().contains("Sumi label: in turn filaments, dense nuclei, puncta, guidance 1.0"), all.getInfoProperty());
        assertEquals(0, generate(folder.resolve("one.tif"), "--label", "dense nuclei", "--guidance", 2.5), run.said());
        ImagePlus one = TiffFiles.open(folder.resolve("one.tif"));
        assertEquals("image 3, dense nuclei", one.getStack().getSliceLabel(3));
        assertTrue(one.getInfoProperty().contains("Sumi label: dense nuclei, guidance 2.5"), one.getInfoProperty());
        assertTrue(one.getInfoProperty().contains(" label=[dense nuclei] guidance=2.5"), one.getInfoProperty());
    }

    @Test
    void whatCannotBeIsExitTwoWithASentence() {
        assertEquals(2, generate(folder.resolve("a.tif"), "--label", "cells"));
        assertTrue(run.said().contains("one of filaments, dense nuclei, puncta"), run.said());
        assertEquals(2, generate(folder.resolve("a.tif"), "--guidance", 21));
        assertTrue(run.said().contains("guidance is 21.0; it must be from 0 to 20"), run.said());
        assertEquals(2, run.sumi("generate", folder.resolve("a.tif"), "--model", "nuclei", "--label", "cells"));
        assertTrue(run.said().contains("Model nuclei has no labels"), run.said());
    }

    @Test
    void theModelsReportListsThem() {
        assertEquals(0, run.sumi("models", "describe", MODEL), run.said());
        assertTrue(run.said().contains("labels         filaments, dense nuclei, puncta; with guidance"), run.said());
    }

    /** By the class of no label. */
    @Test
    void aModelWithLabelsDenoisesToo() throws IOException {
        Path in = folder.resolve("in.tif");
        assertEquals(0, generate(in), run.said());
        assertEquals(0, run.sumi("denoise", in, folder.resolve("out.tif"), "--model", MODEL, "--noise", "gaussian", "--sigma", 20), run.said());
        assertEquals(16, TiffFiles.open(folder.resolve("out.tif")).getWidth());
    }
}
