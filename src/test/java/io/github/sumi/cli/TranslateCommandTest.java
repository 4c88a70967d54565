// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ShortProcessor;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a model whose mean is the image that it is given, and whose samples spread around it. */
class TranslateCommandTest {

    @TempDir
    Path folder;
    private Path model;
    private Path in;
    private final CommandLineRun run = new CommandLineRun();

    @BeforeEach
    void make() throws IOException {
        model = TinyModel.conditioned(folder, "");
        in = folder.resolve("in.tif");
        TiffFiles.save(stack(2, 0), in, false);
    }

    /** The plane after the last is constant. */
    private static ImagePlus stack(int planes, int shift) {
        ImageStack stack = new ImageStack(20, 16);
        for (int plane = 0; plane <= planes; plane++) {
            ShortProcessor pixels = new ShortProcessor(20, 16);
            for (int i = 0; i < 320; i++) {
                pixels.set(i, plane == planes ? 7 : 1000 + shift + 13 * (i * (i + plane) % 29));
            }
            stack.addSlice("plane " + plane, pixels);
        }
        return new ImagePlus("in", stack);
    }

    private int translate(Object from, Object to, Object... more) {
        List<Object> words = new ArrayList<>(List.of("translate", from, to, "--model", model));
        words.addAll(List.of(more));
        return run.sumi(words.toArray());
    }

    private void assertFails(int code, String part, Object... more) throws IOException {
        assertEquals(code, translate(in, folder.resolve("no.tif"), more), run.said());
        assertTrue(run.said().contains(part), run.said());
        assertEquals(1, run.said().lines().count(), run.said());
        assertFalse(Files.exists(folder.resolve("no.tif")));
    }

    @Test
    void theMeanKeepsTypeLabelsAndGreyValues() throws IOException {
        Path out = folder.resolve("out.tif");
        assertEquals(0, translate(in, out), run.said());
        assertTrue(run.said().contains("out.tif: 2 of 3 planes on cpu") && run.said().contains("1 constant planes left as they are"), run.said());
        ImagePlus result = TiffFiles.open(out);
        assertEquals(16, result.getBitDepth());
        ImagePlus expected = stack(2, 0);
        for (int plane = 1; plane <= 3; plane++) {
            for (int i = 0; i < 320; i++) {
                assertEquals(expected.getStack().getProcessor(plane).get(i), result.getStack().getProcessor(plane).get(i));
            }
            assertEquals("plane " + (plane - 1), result.getStack().getSliceLabel(plane));
        }
        String info = result.getInfoProperty();
        assertTrue(info.contains("Sumi mode: mean (1 UNet evaluation), seed 1, tile 64") && info.contains("Sumi planes: 2 translated"), info);
        assertTrue(info.contains("Sumi caution: detail that the image doesn't show is what the training pairs make likely, not measured"), info);
        assertTrue(info.contains("run(\"DDPM Translate...\", \"model=" + model) && !info.contains("noise"), info);
    }

    @Test
    void uncertaintyWritesDeviationAndResidual() throws IOException {
        Path out = folder.resolve("out.tif");
        assertEquals(0, translate(in, out, "--mode", "uncertainty", "--samples", 3, "--steps", 4, "--type", "float"), run.said());
        assertTrue(run.said().contains("Each plane takes 12 UNet evaluations"), run.said());
        ImagePlus image = TiffFiles.open(out);
        ImagePlus sd = TiffFiles.open(folder.resolve("out-sd.tif"));
        ImagePlus residual = TiffFiles.open(folder.resolve("out-residual.tif"));
        assertTrue(sd.getStack().getProcessor(1).getf(50) > 1);
        assertEquals(0, sd.getStack().getProcessor(3).getf(50));
        assertEquals(stack(2, 0).getStack().getProcessor(1).get(50), image.getStack().getProcessor(1).getf(50) + residual.getStack().getProcessor(1).getf(50), 0.01);
        assertTrue(image.getInfoProperty().contains("ddpm, 4 steps, 3 samples"), image.getInfoProperty());
    }

    @Test
    void aFolderKeepsItsNamesAndWhatExistsIsKept() throws IOException {
        Path many = Files.createDirectories(folder.resolve("many/deep")).getParent();
        TiffFiles.save(stack(1, 0), many.resolve("a.tif"), false);
        TiffFiles.save(stack(1, 50), many.resolve("deep/b.tif"), false);
        Files.writeString(many.resolve("broken.tif"), "no image");
        Path out = folder.resolve("out");
        assertEquals(1, translate(many, out, "--recursive", "--json"), run.said());
        assertTrue(run.said().contains("2 done, 1 failed") && run.said().contains("\"failed\": 1"), run.said());
        assertEquals(1050, TiffFiles.open(out.resolve("deep/b.tif")).getStack().getProcessor(1).get(0));
        assertEquals(1, translate(many + "/a*.tif", out), run.said());
        assertTrue(run.said().contains("--overwrite"), run.said());
        assertEquals(0, translate(many, out, "--include", "a*", "--skip-existing"), run.said());
        assertEquals(0, translate(many + "/a*.tif", out, "--overwrite"), run.said());
    }

    @Test
    void whatCannotBeIsASentenceAndAnExitCode() throws IOException {
        assertFails(2, "mode is \"best\"", "--mode", "best");
        assertFails(2, "steps is 0", "--steps", 0);
        assertFails(2, "samples is 1", "--samples", 1);
        assertFails(2, "'many'", "--steps", "many");
        assertFails(2, "seed is -1", "--seed", -1);
        assertFails(2, "channels names channel 9", "--channels", 9);
        assertFails(2, "'--noise'", "--noise");
        assertFails(2, "'--flips'", "--flips");
        assertFails(2, "eta is 0.5", "--mode", "sample", "--eta", 0.5);
        assertFails(2, "device is \"tpu\"", "--device", "tpu");
        Files.writeString(model.resolve("scheduler/scheduler_config.json"), "{}");
        assertFails(2, "choose mode sample or uncertainty");
        Path zarr = Files.createDirectories(folder.resolve("a.zarr"));
        Files.writeString(zarr.resolve("zarr.json"), "{}");
        assertEquals(1, translate(zarr, folder.resolve("b.zarr")), run.said());
        assertTrue(run.said().contains("a.zarr is a Zarr image; translate takes TIFF files. Save its planes as TIFF first."), run.said());
        model = Path.of("none");
        assertFails(1, "There is no model \"none\"");
        model = Path.of("models/nuclei");
        assertFails(1, "Model nuclei isn't given an image to make another of");
        assertEquals(2, run.sumi("translate", in, folder.resolve("no.tif")));
        assertTrue(run.said().contains("Missing required option: '--model=MODEL'"), run.said());
    }

    @Test
    void theOtherCommandsSendHereAndThoseOfModelsWork() {
        Path out = folder.resolve("no.tif");
        for (Object[] words : new Object[][] {{"denoise", in, out}, {"generate", out}, {"invert", in, out}, {"diffuse", in, out}, {"evaluate", in}}) {
            List<Object> all = new ArrayList<>(List.of(words));
            all.addAll(List.of("--model", model));
            assertEquals(1, run.sumi(all.toArray()), run.said());
            assertTrue(run.said().contains("which DDPM Translate... and 'sumi translate' do"), run.said());
            assertFalse(Files.exists(out));
        }
        assertEquals(0, run.sumi("models", "describe", model), run.said());
        assertTrue(run.said().contains("condition      1 channel"), run.said());
        assertEquals(0, run.sumi("models", "verify", "src/test/resources/models/unet2d-condition"), run.said());
        assertEquals(0, run.sumi("schedule", "--model", model), run.said());
    }
}
