// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ShortProcessor;
import io.github.sumi.imagej.TiffFiles;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.plugin.DdpmDenoise;
import io.github.sumi.plugin.SumiService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.CommandService;

/** One image, one seed, one result, whoever asks for it. */
class SameEverywhereTest {

    private static final int PLANES = 3;
    private static final int WIDTH = 40;
    private static final int HEIGHT = 32;

    @TempDir
    Path folder;
    private final CommandLineRun run = new CommandLineRun();
    private Path in;
    private ImagePlus cells;

    private static ImageStack stack(int shift) {
        ImageStack stack = new ImageStack(WIDTH, HEIGHT);
        for (int plane = 0; plane < PLANES; plane++) {
            ShortProcessor pixels = new ShortProcessor(WIDTH, HEIGHT);
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                pixels.set(i, 1000 + 100 * plane + 13 * (i * (i + plane + shift) % 29));
            }
            stack.addSlice(pixels);
        }
        return stack;
    }

    @BeforeEach
    void image() throws IOException {
        in = folder.resolve("cells.tif");
        cells = new ImagePlus("cells.tif", stack(0));
        TiffFiles.save(cells, in, false);
    }

    private ImagePlus onTheCommandLine(Path from, Path to, String mode) throws IOException {
        assertEquals(0, run.sumi("denoise", from, to, "--noise", "gaussian", "--sigma", 40, "--mode", mode, "--steps", 3, "--samples", 2, "--seed", 7,
                "--type", "float"), run.said());
        return TiffFiles.open(Files.isDirectory(to) ? to.resolve("cells.tif") : to);
    }

    private static void assertSame(ImagePlus expected, ImagePlus found) {
        assertEquals(PLANES, found.getStackSize());
        for (int plane = 1; plane <= PLANES; plane++) {
            assertArrayEquals((float[]) expected.getStack().getPixels(plane), (float[]) found.getStack().getPixels(plane), "plane " + plane);
        }
    }

    @Test
    @DisplayName("Pain 30: menu, macro, command line and scripts differ")
    void commandLineCommandAndServiceGiveOneResult() throws Exception {
        for (Mode mode : new Mode[] {Mode.MEAN, Mode.UNCERTAINTY}) {
            ImagePlus expected = onTheCommandLine(in, folder.resolve(mode.key() + ".tif"), mode.key());
            try (Context context = new Context()) {
                assertSame(expected, (ImagePlus) context.service(CommandService.class).run(DdpmDenoise.class, true, "input", cells, "noise", "gaussian",
                        "sigma", 40.0, "mode", mode.key(), "steps", 3, "samples", 2, "seed", 7L, "type", "float").get().getOutput("denoised"));
                DenoiseOptions options = DenoiseOptions.defaults().withSigma(40.0).withMode(mode).withSteps(3).withSamples(2).withSeed(7);
                assertSame(expected, image(context.service(SumiService.class).denoise(pixels(cells.getStack()), options)));
            }
        }
    }

    @Test
    void flipsAreOnTheCommandLineWhatTheyAreInTheCommand() throws Exception {
        Path out = folder.resolve("flips.tif");
        assertEquals(0, run.sumi("denoise", in, out, "--noise", "gaussian", "--sigma", 40, "--flips", "--type", "float"), run.said());
        assertTrue(run.said().contains("8 UNet evaluations"), run.said());
        ImagePlus expected = TiffFiles.open(out);
        assertTrue(expected.getInfoProperty().contains("8 flips and turns"), expected.getInfoProperty());
        try (Context context = new Context()) {
            assertSame(expected, (ImagePlus) context.service(CommandService.class).run(DdpmDenoise.class, true, "input", cells, "noise", "gaussian",
                    "sigma", 40.0, "flips", true, "type", "float").get().getOutput("denoised"));
        }
        assertEquals(2, run.sumi("denoise", in, folder.resolve("no.tif"), "--flips", "--mode", "sample"));
        assertTrue(run.said().contains("flips is true, but mode is sample"), run.said());
    }

    private static Img<UnsignedShortType> pixels(ImageStack stack) {
        Img<UnsignedShortType> pixels = ArrayImgs.unsignedShorts(WIDTH, HEIGHT, PLANES);
        int i = 0;
        for (UnsignedShortType pixel : pixels) {
            pixel.set((int) stack.getVoxel(i % WIDTH, i / WIDTH % HEIGHT, i / (WIDTH * HEIGHT)));
            i++;
        }
        return pixels;
    }

    private static ImagePlus image(RandomAccessibleInterval<FloatType> pixels) {
        ImageStack stack = ImageStack.create(WIDTH, HEIGHT, PLANES, 32);
        int i = 0;
        for (FloatType pixel : Views.flatIterable(pixels)) {
            stack.setVoxel(i % WIDTH, i / WIDTH % HEIGHT, i / (WIDTH * HEIGHT), pixel.get());
            i++;
        }
        return new ImagePlus("service", stack);
    }

    @Test
    @DisplayName("Pain 35: the nth image of a batch is not the one that it is alone")
    void aFileOfAFolderIsTheFileAlone() throws IOException {
        ImagePlus alone = onTheCommandLine(in, folder.resolve("alone.tif"), "sample");
        Path raw = Files.createDirectory(folder.resolve("raw"));
        TiffFiles.save(new ImagePlus("before", stack(5)), raw.resolve("before.tif"), false);
        Files.copy(in, raw.resolve("cells.tif"));
        assertSame(alone, onTheCommandLine(raw, Files.createDirectory(folder.resolve("clean")), "sample"));
    }
}
