// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static io.github.sumi.bridge.Desktop.await;
import static io.github.sumi.bridge.Desktop.dialog;
import static io.github.sumi.bridge.Desktop.macro;
import static io.github.sumi.bridge.Desktop.press;
import static io.github.sumi.bridge.Desktop.screenshot;
import static io.github.sumi.bridge.Desktop.set;
import static io.github.sumi.bridge.Desktop.visible;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.macro.Interpreter;
import ij.plugin.frame.Recorder;
import java.awt.Checkbox;
import java.awt.Choice;
import java.awt.Dialog;
import java.awt.Label;
import java.awt.TextField;
import java.awt.Window;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The bridge in a real ImageJ window. */
class BridgeDisplayTest extends DisplayTest {

    private static final String GENERATE = "DDPM Generate...";

    private static Dialog message() {
        return await(() -> Arrays.stream(Window.getWindows()).filter(Window::isShowing)
                .filter(window -> window instanceof Dialog && !(window instanceof GenericDialog)).map(Dialog.class::cast)
                .findFirst().orElse(null));
    }

    @Test
    void aMacroDenoises() throws Exception {
        IJ.open("models/nuclei/example.tif");
        macro("run(\"DDPM Denoise...\", \"model=nuclei noise=auto mode=mean\");");
        assertNotNull(visible("example-denoised"), () -> "log: " + IJ.getLog());
        assertEquals("example-denoised", WindowManager.getCurrentImage().getTitle());
        screenshot("bridge-denoised");
    }

    @Test
    void aMacroGenerates() throws Exception {
        macro("run(\"" + GENERATE + "\", \"width=16 height=16 steps=2\"); rename(\"mine\");");
        assertNotNull(visible("mine"));
        assertEquals(1, WindowManager.getImageCount());
    }

    @Test
    @DisplayName("Pain 22: results can't be reached in batch mode")
    void batchModeFindsTheResult() throws Exception {
        macro("setBatchMode(true); run(\"" + GENERATE + "\", \"width=16 height=16 steps=2\");"
                + " selectImage(\"nuclei-generated\"); if (nImages == 1) rename(\"found\"); setBatchMode(\"exit and display\");");
        assertNotNull(await(() -> visible("found")));
    }

    @Test
    void aFailureStopsTheMacro() throws Exception {
        macro("run(\"" + GENERATE + "\", \"width=abc\"); newImage(\"after\", \"8-bit\", 8, 8, 1);");
        assertNull(WindowManager.getImage("after"));
        assertTrue(IJ.getLog().contains("width is \"abc\"; it must be a number."), IJ.getLog());
        macro("run(\"" + GENERATE + "\", \"width=16 height=16 device=tpu\"); newImage(\"after\", \"8-bit\", 8, 8, 1);");
        assertNull(WindowManager.getImage("after"));
        assertTrue(IJ.getLog().contains("device is \"tpu\""), IJ.getLog());
        assertFalse(IJ.getLog().contains("Exception"), IJ.getLog());
    }

    @Test
    void theDialogIsRecordedInOneLineThatRuns() throws Exception {
        Recorder recorder = new Recorder();
        try {
            IJ.doCommand(GENERATE);
            GenericDialog dialog = dialog(GENERATE);
            screenshot("bridge-dialog");
            String[] texts = {"1", "1", "16", "16", "2", "0", "0", "1"};
            for (int i = 0; i < texts.length; i++) {
                ((TextField) dialog.getStringFields().get(i)).setText(texts[i]);
            }
            press(dialog, 0);
            await(() -> visible("nuclei-generated"));
            String line = await(() -> recorder.getText().contains("run(") ? recorder.getText() : null);
            assertEquals("run(\"" + GENERATE + "\", \"model=nuclei label=all guidance=1 count=1 width=16 height=16 steps=2 sampler=model eta=0 film=0 seed=1 tile=0 overlap=-1 device=auto montage=false keep=false\");",
                    line.strip());
            WindowManager.closeAllWindows();
            macro(line);
            assertNotNull(visible("nuclei-generated"));
        } finally {
            recorder.close();
        }
    }

    /** Live: what is wrong is said in the dialog, where OK waits until it is right. */
    @Test
    void aWrongNumberIsToldWhileTheDialogIsOpen() throws Exception {
        IJ.doCommand(GENERATE);
        GenericDialog dialog = dialog(GENERATE);
        TextField count = (TextField) dialog.getStringFields().get(1);
        Label problem = (Label) dialog.getMessage();
        for (String[] wrong : new String[][] {{"many", "count is \"many\"; it must be a number."}, {"0", "count is \"0\"; it must be at least 1."}}) {
            count.setText(wrong[0]);
            await(() -> problem.getText().equals(wrong[1]) ? "told" : null);
            assertFalse(dialog.getButtons()[0].isEnabled());
        }
        count.setText("2");
        await(() -> dialog.getButtons()[0].isEnabled() ? "enabled" : null);
        // what only the command knows
        ((TextField) dialog.getStringFields().get(6)).setText("999");
        await(() -> problem.getText().startsWith("film is 999; ") ? "told" : null);
        assertFalse(dialog.getButtons()[0].isEnabled());
        screenshot("bridge-wrong");
        press(dialog, 1);
        assertEquals(0, WindowManager.getImageCount());
    }

    @Test
    void thePreviewLiesOverTheImageAndIsNotRecorded() throws Exception {
        IJ.open("models/nuclei/example.tif");
        ImagePlus image = WindowManager.getCurrentImage();
        image.setOverlay(new Overlay(new Roi(3, 3, 9, 9)));
        byte[] before = ((byte[]) image.getProcessor().getPixels()).clone();
        image.setDisplayRange(0, 45);
        image.updateAndDraw();
        image.setRoi(120, 90, 150, 200);
        Recorder recorder = new Recorder();
        recorder.setLocation(600, 560);
        try {
            IJ.doCommand("DDPM Denoise...");
            GenericDialog dialog = dialog("DDPM Denoise...");
            Checkbox preview = (Checkbox) dialog.getCheckboxes().get(2);
            set(dialog, preview, true);
            await(() -> image.getOverlay().size() == 2 ? "shown" : null);
            dialog.setLocation(10, 100);
            image.getWindow().setLocation(600, 120);
            screenshot("preview");
            set(dialog, preview, false);
            await(() -> image.getOverlay().size() == 1 ? "gone" : null);
            set(dialog, preview, true);
            await(() -> image.getOverlay().size() == 2 ? "shown" : null);
            press(dialog, 0);
            await(() -> visible("example-denoised"));
            assertEquals(1, image.getOverlay().size());
            assertEquals(1, WindowManager.getImage("example-denoised").getOverlay().size());
            assertArrayEquals(before, (byte[]) image.getProcessor().getPixels());
            String line = await(() -> recorder.getText().contains("run(") ? recorder.getText() : null);
            assertTrue(line.contains(" keep=false") && !line.contains("preview"), line);
        } finally {
            recorder.close();
        }
    }

    @Test
    void aCancelledDialogTakesItsPreviewAlong() throws Exception {
        IJ.open("models/nuclei/example.tif");
        ImagePlus image = WindowManager.getCurrentImage();
        IJ.doCommand("DDPM Denoise...");
        GenericDialog dialog = dialog("DDPM Denoise...");
        set(dialog, (Checkbox) dialog.getCheckboxes().get(2), true);
        await(() -> image.getOverlay() == null ? null : "shown");
        press(dialog, 1);
        await(() -> image.getOverlay() == null ? "gone" : null);
        assertEquals(1, WindowManager.getImageCount());
    }

    @Test
    void withoutAnImageTheMenuSaysSoAndNothingIsRecorded() throws Exception {
        Recorder recorder = new Recorder();
        try {
            IJ.doCommand("DDPM Denoise...");
            Dialog message = message();
            screenshot("bridge-no-image");
            message.dispose();
            await(() -> Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("DDPM Denoise...")) ? null : "over");
            assertEquals("", recorder.getText());
        } finally {
            recorder.close();
        }
    }

    @Test
    void statusReachesTheStatusBar() throws Exception {
        Thread slow = new Thread(() -> new Interpreter().run("newImage(\"open\", \"8-bit\", 8, 8, 1); run(\"Dummy...\", \"failure=slow\");"));
        slow.start();
        await(() -> ImageJ.getStatusBarText().equals("dummy at work") ? "seen" : null);
        slow.join();
        assertNotNull(visible("second"));
    }

    @Test
    void theDummysDialogHasEveryKindOfField() throws Exception {
        IJ.newImage("open", "8-bit", 8, 8, 1);
        IJ.doCommand("Dummy...");
        GenericDialog dialog = dialog("Dummy...");
        screenshot("bridge-dummy");
        ((Checkbox) dialog.getCheckboxes().get(0)).setState(true);
        ((Choice) dialog.getChoices().get(0)).select("gaussian");
        press(dialog, 0);
        await(() -> visible("second"));
        assertNotNull(visible("first"));
        // a window becomes the current one a moment after it is there
        await(() -> WindowManager.getCurrentImage().getTitle().equals("second") ? "current" : null);
        assertEquals(true, DummyCommand.last.get("overwrite"));
        assertEquals("gaussian", DummyCommand.last.get("noise"));
        assertEquals("null", DummyCommand.last.get("readNoise"));
    }
}
