// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.Calibration;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import io.github.sumi.imagej.TiffFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SumiTest {

    private static final Path EXAMPLE = Path.of("models/nuclei/example.tif");

    @TempDir
    Path folder;
    private final CommandLineRun run = new CommandLineRun();
    private String said;

    private int sumi(Object... words) {
        int code = run.sumi(words);
        said = run.said();
        return code;
    }

    private void assertFails(int code, String part, Object... words) throws IOException {
        byte[] before = Files.readAllBytes(EXAMPLE);
        assertEquals(code, sumi(words), said);
        assertTrue(said.contains(part), said);
        assertArrayEquals(before, Files.readAllBytes(EXAMPLE));
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
        }
    }

    private Path small(String name) throws IOException {
        ShortProcessor pixels = new ShortProcessor(40, 30);
        for (int i = 0; i < 1200; i++) {
            pixels.set(i, 1000 + 37 * (i * i % 17) + (i % 40 > 20 ? 4000 : 0));
        }
        Path file = folder.resolve(name);
        TiffFiles.save(new ImagePlus(name, pixels), file, false);
        return file;
    }

    @Test
    void anRgbFileIsDenoisedColourByColour() throws IOException {
        ImageProcessor grey = TiffFiles.open(EXAMPLE).getProcessor();
        grey.setRoi(0, 0, 64, 48);
        ImagePlus rgb = new ImagePlus("rgb", grey.crop().convertToRGB());
        Path in = folder.resolve("rgb.tif");
        TiffFiles.save(rgb, in, false);
        Path out = folder.resolve("out.tif");
        assertEquals(0, sumi("denoise", in, out), said);
        ImagePlus result = TiffFiles.open(out);
        assertEquals(24, result.getBitDepth());
        assertTrue(result.getInfoProperty().contains("red, green and blue"), result.getInfoProperty());
        assertTrue(said.contains("3 of 3 planes"), said);
    }

    @Test
    void theExampleIsDenoisedAndKeptUnlessOverwritten() throws IOException {
        Path out = folder.resolve("out.tif");
        assertEquals(0, sumi("denoise", EXAMPLE, out), said);
        ImagePlus result = TiffFiles.open(out);
        assertEquals(8, result.getBitDepth());
        assertEquals(360, result.getWidth());
        assertTrue(result.getInfoProperty().contains("Sumi model: fluorescence@1"), result.getInfoProperty());
        assertFails(1, "--overwrite", "denoise", EXAMPLE, out);
        assertEquals(0, sumi("denoise", EXAMPLE, out, "--overwrite"));
    }

    @Test
    void hyperstacksKeepWhatBelongsToThem() throws IOException {
        ImageStack stack = new ImageStack(16, 12);
        for (int i = 0; i < 12; i++) {
            ShortProcessor plane = new ShortProcessor(16, 12);
            for (int k = 0; k < 192; k++) {
                plane.set(k, 1000 * (i + 1) + 13 * (k * k % 29));
            }
            stack.addSlice("plane " + i, plane);
        }
        ImagePlus image = new ImagePlus("hyper", stack);
        image.setDimensions(2, 3, 2);
        CompositeImage composite = new CompositeImage(image, CompositeImage.COLOR);
        Calibration calibration = new Calibration();
        calibration.pixelWidth = 0.25;
        calibration.pixelDepth = 2;
        calibration.setUnit("micron");
        calibration.frameInterval = 5;
        composite.setCalibration(calibration);
        Path in = folder.resolve("hyper.tif");
        Path out = folder.resolve("out.tif");
        TiffFiles.save(composite, in, false);
        assertEquals(0, sumi("denoise", in, out, "--noise", "gaussian", "--sigma", 50, "--channels", 2), said);
        ImagePlus result = TiffFiles.open(out);
        assertArrayEquals(composite.getDimensions(), result.getDimensions());
        assertEquals(16, result.getBitDepth());
        assertEquals(0.25, result.getCalibration().pixelWidth);
        assertEquals("micron", result.getCalibration().getUnit());
        assertEquals(5, result.getCalibration().frameInterval);
        assertEquals("plane 7", result.getStack().getSliceLabel(8));
        assertArrayEquals((short[]) stack.getPixels(1), (short[]) result.getStack().getPixels(1), "channel 1 was not asked for");
        double mean = result.getStack().getProcessor(8).getStats().mean;
        assertEquals(stack.getProcessor(8).getStats().mean, mean, 40, "plane 8 keeps its place");
    }

    @Test
    void uncertaintyWritesTheStandardDeviationToo() throws IOException {
        Path in = small("in.tif");
        assertEquals(0, sumi("denoise", in, folder.resolve("out.tif"), "--mode", "uncertainty", "--samples", 2, "--steps", 2), said);
        assertEquals(32, TiffFiles.open(folder.resolve("out-sd.tif")).getBitDepth());
        assertEquals(32, TiffFiles.open(folder.resolve("out-residual.tif")).getBitDepth());
        Files.delete(folder.resolve("out.tif"));
        Files.delete(folder.resolve("out-sd.tif"));
        assertFails(1, "out-residual.tif", "denoise", in, folder.resolve("out.tif"), "--mode", "uncertainty", "--samples", 2, "--steps", 2);
        assertFalse(Files.exists(folder.resolve("out.tif")));
    }

    /** Side by side, row by row, the same pixels as in the stack. */
    @Test
    void imagesAreGeneratedAsAMontage() throws IOException {
        Path stack = folder.resolve("stack.tif");
        Path montage = folder.resolve("montage.tif");
        assertEquals(0, sumi("generate", stack, "--count", 3, "--width", 16, "--height", 24, "--steps", 3), said);
        assertEquals(0, sumi("generate", montage, "--count", 3, "--width", 16, "--height", 24, "--steps", 3, "--montage"), said);
        ImagePlus images = TiffFiles.open(stack);
        ImagePlus together = TiffFiles.open(montage);
        assertArrayEquals(new int[] {32, 48, 1, 1, 1}, together.getDimensions());
        for (int image = 0; image < 3; image++) {
            for (int i = 0; i < 16 * 24; i++) {
                assertEquals(images.getStack().getProcessor(image + 1).getf(i),
                        together.getProcessor().getf(image % 2 * 16 + i % 16, image / 2 * 24 + i / 16));
            }
        }
        assertTrue(together.getInfoProperty().contains(" montage=true "), together.getInfoProperty());
        Path last = folder.resolve("last.tif");
        assertEquals(0, sumi("generate", last, "--count", 3, "--width", 16, "--height", 24, "--steps", 3, "--film", 2, "--montage"), said);
        assertArrayEquals((float[]) together.getProcessor().getPixels(), (float[]) TiffFiles.open(last).getProcessor().getPixels());
        assertEquals(255, together.getDisplayRangeMax());
    }

    @Test
    void chainsCanBeSampledByOthers() throws IOException {
        Path in = small("in.tif");
        Path out = folder.resolve("out.tif");
        for (String sampler : new String[] {"ddpm", "ddim", "dpmpp-sde"}) {
            assertEquals(0, sumi("denoise", in, out, "--mode", "sample", "--steps", 3, "--sampler", sampler, "--overwrite"), said);
            assertTrue(TiffFiles.open(out).getInfoProperty().contains("sampler=" + sampler), TiffFiles.open(out).getInfoProperty());
        }
        assertFails(2, "the sampler heun, draws no samples", "denoise", in, out, "--mode", "sample", "--sampler", "heun", "--overwrite");
        assertFails(2, "ddim with eta 0.0", "denoise", in, out, "--mode", "sample", "--sampler", "ddim", "--eta", 0, "--overwrite");
        assertFails(2, "sampler is \"magic\"", "generate", out, "--sampler", "magic", "--overwrite");
        assertFails(2, "only ddim has an eta", "generate", out, "--eta", 0.5, "--overwrite");
        assertFails(2, "edm-euler", "generate", out, "--sampler", "edm-euler", "--overwrite");
    }

    @Test
    void foldersAndGlobsKeepNamesAndGoOnAfterAFailure() throws IOException {
        Path in = Files.createDirectory(folder.resolve("raw"));
        small("raw/a.tif");
        small("raw/b.tif");
        Files.writeString(in.resolve("bad.tif"), "no TIFF at all");
        assertFails(1, "bad.tif", "denoise", in, folder.resolve("clean"));
        assertTrue(Files.exists(folder.resolve("clean/a.tif")) && Files.exists(folder.resolve("clean/b.tif")));
        assertFalse(Files.exists(folder.resolve("clean/bad.tif")));
        assertEquals(0, sumi("denoise", in + "/a*.tif", folder.resolve("globbed")), said);
        assertTrue(Files.exists(folder.resolve("globbed/a.tif")));
    }

    @Test
    void generateAndDiffuseWriteStacks() throws IOException {
        Path out = folder.resolve("new.tif");
        assertEquals(0, sumi("generate", out, "--count", 2, "--width", 16, "--height", 24, "--steps", 3), said);
        assertArrayEquals(new int[] {16, 24, 1, 2, 1}, TiffFiles.open(out).getDimensions());
        assertEquals(0, sumi("generate", out, "--width", 16, "--height", 16, "--steps", 4, "--sampler", "ddim", "--eta", 0.5, "--film", 3,
                "--overwrite"), said);
        assertTrue(TiffFiles.open(out).getInfoProperty().contains("Sumi chain: ddim, eta 0.5, 4 steps"), TiffFiles.open(out).getInfoProperty());
        assertEquals(0, sumi("diffuse", EXAMPLE, out, "--timesteps", "0,100,500", "--overwrite"), said);
        assertEquals(3, TiffFiles.open(out).getStackSize());
        assertFails(2, "from 0 to 999", "diffuse", EXAMPLE, out, "--timesteps", "1000", "--overwrite");
    }

    @Test
    void modelsAndDeviceReport() {
        assertEquals(0, sumi("models"));
        assertTrue(said.contains("nuclei@2"), said);
        assertEquals(0, sumi("models", "describe", "nuclei"));
        assertTrue(said.contains("CC0"), said);
        assertEquals(0, sumi("models", "verify", "nuclei"));
        assertEquals(0, sumi("models", "verify", "nuclei-int8"), said);
        assertEquals(0, sumi("models", "verify", "fluorescence"), said);
        assertEquals(0, sumi("models", "verify", "kinds"), said);
        assertEquals(0, sumi("models", "describe", "nuclei-int8"));
        assertTrue(said.contains("precision      int8"), said);
        assertEquals(0, sumi("device"));
        assertTrue(said.contains("1.29.0") && said.contains("CPU"), said);
    }
}
