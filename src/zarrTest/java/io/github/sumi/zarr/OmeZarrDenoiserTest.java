// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageJob;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.StackRestorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;

/** The pixels. */
class OmeZarrDenoiserTest extends OmeZarrRuns {

    /** Planes of several tiles of the model sees-tile, 64 pixels each. */
    private static final long[] SHAPE = {2, 2, 3, 150, 170};

    /** As one stack in memory, of the planes of one channel. */
    private static double[] inMemory(double[] pixels, int width, int height, Model model, DenoiseOptions options) {
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) pixels[i];
        }
        RandomAccessibleInterval<FloatType> stack = ArrayImgs.floats(values, width, height, pixels.length / width / height);
        try (Denoiser denoiser = new Denoiser(model, options)) {
            double[] denoised = new double[pixels.length];
            Cursor<FloatType> cursor = Views.flatIterable(new StackRestorer(denoiser).restore(stack, Progress.NONE).image()).cursor();
            for (int i = 0; i < denoised.length; i++) {
                denoised[i] = cursor.next().get();
            }
            return denoised;
        }
    }

    private static void assertRounded(double[] expected, double[] found, int offset) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Math.max(0, Math.min(65535, Math.round((float) expected[i]))), found[offset + i], "pixel " + i);
        }
    }

    @Test
    void theShippedModelGivesWhatItGivesInMemory() throws IOException {
        Path in = OmeZarrs.v04("yx", new long[] {560, 700}, 256, 256).write(folder.resolve("in.zarr"), 1, OmeZarrs::nuclei);
        model = ModelLibrary.standard(null).find("nuclei");
        String said = denoise(job(in, "out.zarr"));
        assertTrue(said.startsWith("camera, gain ") && said.contains("1 planes on cpu"), said);
        assertRounded(inMemory(OmeZarrs.pixels(in, "0"), 700, 560, model, DenoiseOptions.defaults()), OmeZarrs.pixels(folder.resolve("out.zarr"), "0"), 0);
        assertEquals(List.of(), warnings);
    }

    /** Whose tiles show in the result. */
    @Test
    void chunksShardsVersionAndBlocksDontShowInTheResult() throws IOException {
        List<OmeZarrs> layouts = List.of(OmeZarrs.v04("tczyx", SHAPE, 1, 1, 1, 150, 170), OmeZarrs.v04("tczyx", SHAPE, 1, 1, 2, 40, 33),
                OmeZarrs.v05("tczyx", SHAPE, 2, 2, 3, 64, 64), OmeZarrs.v05("tczyx", SHAPE, 1, 1, 1, 1000, 1000),
                OmeZarrs.v05("tczyx", SHAPE, 1, 2, 2, 128, 64).sharded(1, 1, 1, 32, 32));
        double[] first = null;
        for (int i = 0; i < layouts.size(); i++) {
            Path in = layouts.get(i).write(folder.resolve(i + ".zarr"), 1, OmeZarrs::nuclei);
            denoise(job(in, i + "-out.zarr"));
            double[] found = OmeZarrs.pixels(folder.resolve(i + "-out.zarr"), "0");
            if (first == null) {
                first = found;
                double[] noisy = OmeZarrs.pixels(in, "0");
                assertNotEquals(noisy[12345], found[12345]);
                assertChannelsAsInMemory(noisy, found);
            }
            assertArrayEquals(first, found, "layout " + i);
        }
    }

    private void assertChannelsAsInMemory(double[] noisy, double[] found) {
        int volume = 3 * 150 * 170;
        for (int channel = 0; channel < 2; channel++) {
            double[] planes = new double[2 * volume];
            double[] results = new double[2 * volume];
            for (int t = 0; t < 2; t++) {
                System.arraycopy(noisy, (2 * t + channel) * volume, planes, t * volume, volume);
                System.arraycopy(found, (2 * t + channel) * volume, results, t * volume, volume);
            }
            assertRounded(inMemory(planes, 170, 150, model, DenoiseOptions.defaults()), results, 0);
        }
    }

    @Test
    void blocksOfAnySizeGiveTheSamePixels() throws IOException {
        Path in = OmeZarrs.v05("zyx", new long[] {2, 150, 170}, 1, 16, 24).write(folder.resolve("in.zarr"), 1, OmeZarrs::nuclei);
        denoise(job(in, "out.zarr"));
        double[] expected = OmeZarrs.pixels(folder.resolve("out.zarr"), "0");
        LargeImageJob job = job(in, "small.zarr");
        OmeImage image = OmeImage.open(new FileStore(in, null), "in");
        RunSpec spec = RunSpec.of(job, image, "cpu", 256 << 20);
        assertEquals(List.of(1, 160, 192), spec.block(), "whole planes");
        RunSpec small = spec.withBlock(List.of(1, 16, 24));
        FileStore out = new FileStore(folder.resolve("small.zarr"), folder.resolve("temporary"));
        FileStore state = new FileStore(folder.resolve("state"), folder.resolve("temporary"));
        try (Denoiser denoiser = new Denoiser(model, job.options())) {
            Run run = new Run(new Work(image, small, java.util.Map.of(Work.IMAGE, out), state, denoiser), model);
            // in the other direction
            run.run((stage, missing, progress) -> {
                List<Integer> turned = new ArrayList<>(missing);
                java.util.Collections.reverse(turned);
                run.here(stage, turned, progress);
            }, Progress.NONE, warnings::add);
        }
        assertArrayEquals(expected, OmeZarrs.pixels(folder.resolve("small.zarr"), "0"));
    }

    @Test
    void typesChannelsAndRanges() throws IOException {
        for (PixelType type : PixelType.values()) {
            double factor = type.bytes() == 1 ? 0.12 : 1;
            Path in = OmeZarrs.v05("cyx", new long[] {2, 90, 80}, 1, 50, 80).of(type).write(folder.resolve(type + "-in"), 1,
                    position -> factor * OmeZarrs.nuclei(position));
            denoise(with(job(in, type + "-out"), Set.of(2), false, false));
            ZarrArray out = OmeZarrs.open(folder.resolve(type + "-out"), "0", null);
            assertEquals(type, out.header().type());
            double[] noisy = OmeZarrs.pixels(in, "0");
            double[] found = OmeZarrs.pixels(folder.resolve(type + "-out"), "0");
            int changed = 0;
            for (int i = 0; i < noisy.length; i++) {
                changed += noisy[i] == found[i] ? 0 : 1;
                assertTrue(i >= 7200 || noisy[i] == found[i], type + ": channel 1 is as it was");
            }
            assertTrue(changed > 1000, type + " " + changed);
        }
        Path in = folder.resolve("UINT16-in");
        denoise(with(job(in, "float"), Set.of(2), true, true));
        ZarrArray out = OmeZarrs.open(folder.resolve("float"), "0", null);
        assertEquals(PixelType.FLOAT32, out.header().type());
        double[] noisy = OmeZarrs.pixels(in, "0");
        double[] second = java.util.Arrays.copyOfRange(noisy, 7200, 14400);
        double[] found = OmeZarrs.pixels(folder.resolve("float"), "0");
        assertArrayEquals(inMemory(second, 80, 90, model, DenoiseOptions.defaults()), java.util.Arrays.copyOfRange(found, 7200, 14400));
        assertEquals(noisy[100], found[100]);
        assertEquals("channels names channel 3; the image has 2.", fault(with(job(in, "none"), Set.of(3), false, false)));
    }

    @Test
    void constantPlanesStayAndMissingChunksStayMissing() throws IOException {
        Path in = OmeZarrs.v04("zyx", new long[] {4, 100, 100}, 1, 50, 50).write(folder.resolve("in"), 1,
                position -> position[0] == 2 ? OmeZarrs.nuclei(position) : position[0] == 3 ? 9 : 0);
        String said = denoise(job(in, "out"));
        assertTrue(said.contains("1 planes on cpu") && said.endsWith("3 constant planes left as they are"), said);
        double[] found = OmeZarrs.pixels(folder.resolve("out"), "0");
        assertEquals(9, found[39999]);
        assertEquals(0, found[5]);
        assertFalse(Files.exists(folder.resolve("out/0/1")));
        assertTrue(Files.exists(folder.resolve("out/0/3/1/1")));
        Path blank = OmeZarrs.v04("yx", new long[] {20, 20}, 20, 20).write(folder.resolve("blank"), 1, position -> 5);
        assertTrue(fault(job(blank, "none")).contains("blank is constant"));
    }

    @Test
    void chainsWorkOnWholePlanes() throws IOException {
        DenoiseOptions options = DenoiseOptions.defaults().withSigma(20).withSteps(3).withSamples(2);
        long[] shape = {2, 2, 80, 70};
        Path in = OmeZarrs.v05("zcyx", shape, 2, 1, 32, 32).write(folder.resolve("in"), 1, OmeZarrs::nuclei);
        LargeImageJob sample = with(job(in, "sample"), options.withMode(Mode.SAMPLE));
        denoise(sample);
        double[] found = OmeZarrs.pixels(folder.resolve("sample"), "0");
        denoise(with(job(OmeZarrs.v04("zcyx", shape, 1, 2, 80, 70).write(folder.resolve("in2"), 1, OmeZarrs::nuclei), "sample2"), sample.options()));
        assertArrayEquals(found, OmeZarrs.pixels(folder.resolve("sample2"), "0"));
        denoise(with(job(in, "out.ome.zarr"), options.withMode(Mode.UNCERTAINTY)));
        double[] deviations = OmeZarrs.pixels(folder.resolve("out-sd.ome.zarr"), "0");
        assertEquals(found.length, OmeZarrs.pixels(folder.resolve("out.ome.zarr"), "0").length);
        double mean = java.util.Arrays.stream(deviations).average().orElseThrow();
        assertTrue(mean > 0.1 && mean < 100, "mean " + mean);
        OmeZarrs.v04("yx", new long[] {100000, 100000}, 1000, 1000).writeMetadata(folder.resolve("large"), 1);
        String said = fault(with(job(folder.resolve("large"), "none"), options.withMode(Mode.SAMPLE)));
        assertTrue(said.startsWith("mode is sample, which needs a whole plane in memory: planes of 100000 x 100000 pixels take about 596.0 GiB"), said);
    }
}
