// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static io.github.sumi.bridge.Desktop.await;
import static io.github.sumi.bridge.Desktop.macro;
import static io.github.sumi.bridge.Desktop.screenshot;
import static io.github.sumi.bridge.Desktop.visible;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImageJ;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.macro.Interpreter;
import ij.plugin.frame.Recorder;
import java.awt.Button;
import java.awt.Checkbox;
import java.awt.Choice;
import java.awt.Dialog;
import java.awt.TextField;
import java.awt.Window;
import java.awt.event.ActionEvent;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bridge in a real ImageJ window. */
@Tag("display")
class BridgeDisplayTest {

    private static final String GENERATE = "DDPM Generate...";

    @BeforeAll
    static void start() throws Exception {
        Desktop.start();
    }

    @BeforeEach
    @AfterEach
    void closeAll() {
        WindowManager.closeAllWindows();
    }

    private static GenericDialog dialog(String title) {
        return await(() -> Arrays.stream(Window.getWindows()).filter(Window::isShowing).filter(GenericDialog.class::isInstance)
                .map(GenericDialog.class::cast).filter(dialog -> dialog.getTitle().equals(title)).findFirst().orElse(null));
    }

    private static void press(GenericDialog dialog, int button) {
        Button pressed = dialog.getButtons()[button];
        dialog.actionPerformed(new ActionEvent(pressed, ActionEvent.ACTION_PERFORMED, pressed.getLabel()));
    }

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
            String[] texts = {"nuclei", "1", "16", "16", "2", "0", "0", "1"};
            for (int i = 0; i < texts.length; i++) {
                ((TextField) dialog.getStringFields().get(i)).setText(texts[i]);
            }
            press(dialog, 0);
            await(() -> visible("nuclei-generated"));
            String line = await(() -> recorder.getText().contains("run(") ? recorder.getText() : null);
            assertEquals("run(\"" + GENERATE + "\", \"model=nuclei count=1 width=16 height=16 steps=2 sampler=model eta=0 film=0 seed=1 tile=0 overlap=-1 device=auto\");",
                    line.strip());
            WindowManager.closeAllWindows();
            macro(line);
            assertNotNull(visible("nuclei-generated"));
        } finally {
            recorder.close();
        }
    }

    @Test
    void aWrongNumberIsToldAndTheDialogComesBack() throws Exception {
        IJ.doCommand(GENERATE);
        ((TextField) dialog(GENERATE).getStringFields().get(1)).setText("many");
        press(dialog(GENERATE), 0);
        Dialog message = message();
        screenshot("bridge-wrong");
        message.dispose();
        GenericDialog again = dialog(GENERATE);
        assertEquals("many", ((TextField) again.getStringFields().get(1)).getText());
        press(again, 1);
        assertEquals(0, WindowManager.getImageCount());
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
        assertEquals("second", WindowManager.getCurrentImage().getTitle());
        assertEquals(true, DummyCommand.last.get("overwrite"));
        assertEquals("gaussian", DummyCommand.last.get("noise"));
        assertEquals("null", DummyCommand.last.get("readNoise"));
    }
}
