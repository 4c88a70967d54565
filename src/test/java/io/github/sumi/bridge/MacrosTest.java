// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.Menus;
import ij.WindowManager;
import ij.macro.Interpreter;
import io.github.sumi.model.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the files of macros/ by ImageJ's interpreter, without a display. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MacrosTest {

    private static final Path EXAMPLE = Path.of("models/nuclei/example.tif");

    @TempDir
    Path folder;

    /** ImageJ fills this table from its menus, which need a display. */
    @BeforeAll
    static void register() throws Exception {
        Hashtable<String, String> commands = new Hashtable<>(Desktop.commands());
        commands.putAll(Map.of("Select All", "ij.plugin.Selection(\"all\")", "Select None", "ij.plugin.Selection(\"none\")",
                "Copy", "ij.plugin.Clipboard(\"copy\")", "Paste", "ij.plugin.Clipboard(\"paste\")", "Crop", "ij.plugin.Resizer(\"crop\")"));
        table().set(null, commands);
    }

    @AfterAll
    static void forget() throws Exception {
        table().set(null, null);
    }

    static Field table() throws ReflectiveOperationException {
        Field table = Menus.class.getDeclaredField("pluginsTable");
        table.setAccessible(true);
        return table;
    }

    /** What it prints, and its error. */
    private static String run(String name, Object argument) throws Exception {
        String code = Files.readString(Path.of("macros", name));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            Interpreter interpreter = new Interpreter();
            Thread thread = new Thread(() -> interpreter.run(code, argument.toString()), "test_Macro$");
            // how ImageJ ends a macro
            thread.setUncaughtExceptionHandler((ended, reason) -> assertEquals(Macro.MACRO_CANCELED, reason.getMessage()));
            thread.start();
            thread.join();
            System.out.println(interpreter.getErrorMessage() == null ? "" : interpreter.getErrorMessage());
        } finally {
            System.setOut(out);
        }
        assertEquals(0, WindowManager.getImageCount());
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static ImagePlus image(Path file) {
        return IJ.openImage(file.toString());
    }

    private Path copied(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImagePlus crop = IJ.openImage(EXAMPLE.toString()).crop();
        crop.setRoi(0, 0, 40, 32);
        IJ.saveAsTiff(crop.crop(), file.toString());
        return file;
    }

    @Test
    @DisplayName("Pain 18: macros can't run without a display")
    void denoiseSavesTheResult() throws Exception {
        Path out = folder.resolve("out.tif");
        String said = run("denoise.ijm", EXAMPLE + "," + out);
        assertTrue(said.contains("Saved " + out), said);
        ImagePlus result = image(out);
        assertTrue(result.getInfoProperty().contains("Sumi model: fluorescence@1"), result.getInfoProperty());
        double sharp = image(EXAMPLE).getStatistics().stdDev;
        assertTrue(result.getStatistics().stdDev < sharp && result.getStatistics().stdDev > sharp / 2);
        byte[] before = Files.readAllBytes(out);
        said = run("denoise.ijm", EXAMPLE + "," + out);
        assertTrue(said.contains("exists already"), said);
        assertArrayEquals(before, Files.readAllBytes(out));
        said = run("denoise.ijm", folder.resolve("none.tif") + "," + folder.resolve("other.tif"));
        assertTrue(said.contains("There is no file"), said);
    }

    /** By a model that makes of an image the image itself. */
    @Test
    void translateSavesTheResult() throws Exception {
        Path in = copied("a.tif");
        Path out = folder.resolve("translated.tif");
        String said = run("translate.ijm", in + "," + out + "," + TinyModel.conditioned(folder, ""));
        assertTrue(said.contains("Saved " + out), said);
        assertArrayEquals((byte[]) image(in).getProcessor().getPixels(), (byte[]) image(out).getProcessor().getPixels());
        assertTrue(run("translate.ijm", in + "," + out).contains("it must be INPUT,OUTPUT,MODEL"));
    }

    @Test
    void invertPrintsHowNearEachComes() throws Exception {
        String said = run("invert.ijm", EXAMPLE + ",16,2,4");
        assertTrue(said.contains("2 steps: Sumi round trip: ") && said.contains("4 steps: Sumi round trip: "), said);
        assertTrue(run("invert.ijm", "none.tif,16,2").contains("There is no file"));
    }

    @Test
    void aFolderIsDenoisedAndWhatIsThereIsSkipped() throws Exception {
        Path in = copied("in/a.tif").getParent();
        copied("in/deep/b.TIF.tif");
        Files.writeString(in.resolve("notes.txt"), "no image");
        Path out = folder.resolve("out");
        String said = run("denoise-folder.ijm", in + "," + out);
        assertTrue(said.contains("2 images denoised, 0 skipped"), said);
        assertTrue(image(out.resolve("deep/b.TIF.tif")).getInfoProperty().contains("Sumi model"));
        Files.delete(out.resolve("a.tif"));
        said = run("denoise-folder.ijm", in + "/," + out + "/");
        assertTrue(said.contains("1 images denoised, 1 skipped"), said);
        try (var files = Files.walk(out)) {
            assertEquals(2, files.filter(Files::isRegularFile).count());
        }
    }

    @Test
    void resultsMayLieInsideTheFolder() throws Exception {
        Path in = copied("in/a.tif").getParent();
        run("denoise-folder.ijm", in + "," + in.resolve("denoised"));
        String said = run("denoise-folder.ijm", in + "," + in.resolve("denoised"));
        assertTrue(said.contains("0 images denoised, 1 skipped"), said);
    }

    @Test
    void imagesAreGeneratedWithAMontage() throws Exception {
        Path out = folder.resolve("generated");
        String said = run("generate.ijm", out + ",3,2");
        assertTrue(said.contains("3 images and a montage"), said);
        ImagePlus montage = image(out.resolve("montage.tif"));
        assertEquals(128, montage.getWidth());
        assertEquals(128, montage.getHeight());
        ImagePlus third = image(out.resolve("image-0003.tif"));
        for (int at : new int[] {0, 17, 63}) {
            assertEquals(third.getProcessor().getf(at, 63 - at), montage.getProcessor().getf(at, 64 + 63 - at));
        }
        assertEquals(255, montage.getDisplayRangeMax());
    }

    @Test
    void theSpreadIsSavedBesideTheMean() throws Exception {
        Path in = copied("a.tif");
        Path mean = folder.resolve("mean.tif");
        Path sd = folder.resolve("sd.tif");
        String said = run("uncertainty.ijm", in + "," + mean + "," + sd + ",2,2");
        assertTrue(said.contains("Saved " + mean), said);
        assertEquals(8, image(mean).getBitDepth());
        assertEquals(32, image(sd).getBitDepth());
        assertTrue(image(sd).getStatistics().mean > 0);
    }

    @Test
    void theFilmIsSavedWithItsLabels() throws Exception {
        Path out = folder.resolve("film.tif");
        String said = run("forward-film.ijm", EXAMPLE + "," + out);
        assertTrue(said.contains("Saved " + out), said);
        assertEquals(9, image(out).getNFrames());
        assertEquals("t = 999", image(out).getStack().getSliceLabel(9));
    }

    /** Each file of the folder is run by a test here. */
    @Test
    void noMacroIsForgotten() throws Exception {
        String tests = Files.readString(Path.of("src/test/java/io/github/sumi/bridge/MacrosTest.java"));
        try (var files = Files.list(Path.of("macros"))) {
            files.forEach(file -> assertTrue(tests.contains("run(\"" + file.getFileName() + "\""), file.toString()));
        }
    }

    @Test
    void aWrongValueStopsTheMacro() throws Exception {
        String said = run("generate.ijm", folder.resolve("generated") + ",many,2");
        assertTrue(said.contains("count is \"many\"; it must be a number."), said);
        assertFalse(Files.exists(folder.resolve("generated/montage.tif")));
        assertEquals(0, folder.resolve("generated").toFile().list().length);
    }
}
