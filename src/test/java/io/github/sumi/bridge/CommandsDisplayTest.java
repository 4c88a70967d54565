// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static io.github.sumi.bridge.Desktop.await;
import static io.github.sumi.bridge.Desktop.dialog;
import static io.github.sumi.bridge.Desktop.macro;
import static io.github.sumi.bridge.Desktop.press;
import static io.github.sumi.bridge.Desktop.screenshot;
import static io.github.sumi.bridge.Desktop.visible;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;
import ij.text.TextWindow;
import java.awt.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in a real ImageJ window. */
class CommandsDisplayTest extends DisplayTest {

    @TempDir
    Path folder;

    /** The text that a command of the menu shows, after OK in its dialog if it has one. */
    private static TextWindow report(String command, String title) throws Exception {
        IJ.doCommand(command);
        if (!command.contains("About")) {
            press(dialog(command), 0);
        }
        TextWindow window = await(() -> (TextWindow) WindowManager.getWindow(title));
        screenshot("report-" + command.replaceAll("[ .]", ""));
        return window;
    }

    @Test
    void reportsAreWindowsFromTheMenu() throws Exception {
        TextWindow models = report("DDPM Models...", "Sumi Models");
        assertTrue(models.getTextPanel().getText().contains("nuclei@2"));
        models.close();
        TextWindow device = report("DDPM Device...", "Sumi Device");
        assertTrue(device.getTextPanel().getText().contains("in use        cpu, by device=auto"));
        device.close();
        TextWindow about = report("DDPM About...", "About Sumi");
        assertTrue(about.getTextPanel().getText().contains("arXiv 2006.11239"));
        about.close();
    }

    @Test
    void reportsAreInTheLogOfMacros() throws Exception {
        macro("run(\"DDPM Models...\", \"action=describe model=nuclei\"); newImage(\"\" + indexOf(getInfo(\"log\"), \"CC0-1.0\"), \"8-bit\", 8, 8, 1);");
        assertTrue(Integer.parseInt(WindowManager.getCurrentImage().getTitle()) > 0, IJ.getLog());
        assertEquals(0, Arrays.stream(Window.getWindows()).filter(w -> w.isShowing() && w instanceof TextWindow text
                && text.getTitle().startsWith("Sumi")).count());
    }

    @Test
    void theFilmHasALabelForEachFrame() throws Exception {
        IJ.open("models/nuclei/example.tif");
        macro("run(\"DDPM Forward Diffusion...\", \"model=nuclei timesteps=0,100,500 seed=1\"); Stack.setFrame(2);");
        assertNotNull(visible("example-film"), () -> IJ.getLog());
        assertEquals("t = 100", WindowManager.getCurrentImage().getStack().getSliceLabel(2));
        screenshot("film");
    }

    /** Record, then replay: the same pixels. */
    @Test
    @DisplayName("Pain 20: nothing is recorded")
    void theFilmIsRecorded() throws Exception {
        IJ.open("models/nuclei/example.tif");
        Recorder recorder = new Recorder();
        try {
            IJ.doCommand("DDPM Forward Diffusion...");
            GenericDialog dialog = dialog("DDPM Forward Diffusion...");
            screenshot("film-dialog");
            press(dialog, 0);
            ImagePlus first = WindowManager.getImage(await(() -> visible("example-film")));
            String line = await(() -> recorder.getText().contains("Forward") ? recorder.getText() : null).strip();
            assertEquals("run(\"DDPM Forward Diffusion...\", \"model=nuclei timesteps=0,50,100,200,400,700,999 seed=1\");", line);
            macro("selectImage(\"example.tif\"); " + line);
            ImagePlus second = WindowManager.getImage("example-film-1");
            for (int plane = 1; plane <= 7; plane++) {
                assertArrayEquals((float[]) first.getStack().getPixels(plane), (float[]) second.getStack().getPixels(plane));
            }
        } finally {
            recorder.close();
        }
    }

    @Test
    void aSelectionIsDenoisedAlone() throws Exception {
        IJ.open("models/nuclei/example.tif");
        macro("makeOval(60, 60, 120, 120); run(\"DDPM Denoise...\", \"model=nuclei noise=auto mode=mean\");");
        assertNotNull(visible("example-denoised"), () -> IJ.getLog());
        ImagePlus input = WindowManager.getImage("example.tif");
        ImagePlus result = WindowManager.getImage("example-denoised");
        assertEquals(input.getProcessor().get(5, 5), result.getProcessor().get(5, 5));
        assertTrue(result.getInfoProperty().contains("Sumi selection: oval"), result.getInfoProperty());
        result.getWindow().setLocation(500, 300);
        screenshot("selection");
    }

    @Test
    void closingTheImageCancelsInOrder() throws Exception {
        IJ.newImage("large", "16-bit noise", 512, 512, 30);
        ImagePlus input = WindowManager.getCurrentImage();
        Thread run = new Thread(() -> IJ.run(input, "DDPM Denoise...", "noise=gaussian sigma=400"));
        // how ImageJ ends a macro
        run.setUncaughtExceptionHandler((ended, reason) -> assertEquals(Macro.MACRO_CANCELED, reason.getMessage()));
        run.start();
        await(() -> ij.ImageJ.getStatusBarText().matches("Sumi: [0-9].*") ? "working" : null);
        input.changes = false;
        input.close();
        run.join();
        assertEquals(0, WindowManager.getImageCount());
        assertEquals("Cancelled.", IJ.getLog().strip());
    }

    @Test
    void theMacrosRunWithWindowsToo() throws Exception {
        Path out = folder.resolve("out.tif");
        String code = Files.readString(Path.of("macros/denoise.ijm"));
        Thread thread = new Thread(() -> new ij.macro.Interpreter().run(code, "models/nuclei/example.tif," + out), "test_Macro$");
        thread.start();
        thread.join();
        assertTrue(Files.exists(out), () -> IJ.getLog());
        assertEquals(0, WindowManager.getImageCount());
    }
}
