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
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;
import io.github.sumi.model.TinyModel;
import java.awt.Button;
import java.awt.Checkbox;
import java.awt.Choice;
import java.awt.Dialog;
import java.awt.TextField;
import java.awt.Toolkit;
import java.awt.Window;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DDPM Translate... from the menu, with a model of the user's own, or none. */
class TranslateDisplayTest extends DisplayTest {

    private static final String HOME = System.getProperty("user.home");

    @TempDir
    Path folder;

    @BeforeEach
    void moveHome() {
        System.setProperty("user.home", folder.toString());
        IJ.newImage("cells", "16-bit ramp", 40, 32, 1);
        // or ImageJ would ask whether to save it
        WindowManager.getCurrentImage().changes = false;
    }

    @AfterEach
    void moveBack() {
        System.setProperty("user.home", HOME);
    }

    private static List<String> models(GenericDialog dialog) {
        Choice choice = (Choice) dialog.getChoices().get(0);
        return IntStream.range(0, choice.getItemCount()).mapToObj(choice::getItem).toList();
    }

    /** The dialog starts with the model that is here; the recorded line makes the same pixels. */
    @Test
    void theModelThatIsHereIsOfferedAndTheRunRecorded() throws Exception {
        TinyModel.conditioned(folder.resolve(".sumi/models"), "");
        Recorder recorder = new Recorder();
        String line;
        try {
            IJ.doCommand("DDPM Translate...");
            GenericDialog dialog = dialog("DDPM Translate...");
            assertEquals(List.of("condition"), models(dialog));
            ((Choice) dialog.getChoices().get(1)).select("uncertainty");
            ((TextField) dialog.getStringFields().get(0)).setText("2");
            ((TextField) dialog.getStringFields().get(1)).setText("3");
            screenshot("translate-dialog");
            Button ok = dialog.getButtons()[0];
            await(() -> ok.isEnabled() ? "right" : null);
            press(dialog, 0);
            await(() -> visible("cells-translated"));
            line = await(() -> recorder.getText().contains("Translate") ? recorder.getText().strip() : null);
        } finally {
            recorder.close();
        }
        assertEquals("run(\"DDPM Translate...\", \"model=condition mode=uncertainty samples=2 steps=3 sampler=model eta=0 scope=stack channels=all range=stack"
                + " type=input seed=1 tile=0 overlap=-1 device=auto keep=false\");", line);
        ImagePlus first = WindowManager.getImage("cells-translated");
        assertTrue(visible("cells-sd") != null && visible("cells-residual") != null, "beside the image");
        screenshot("translate");
        macro("selectImage(\"cells\"); " + line);
        ImagePlus second = WindowManager.getImage("cells-translated-1");
        assertArrayEquals((short[]) first.getProcessor().getPixels(), (short[]) second.getProcessor().getPixels());
    }

    @Test
    void thePreviewLiesOverTheImageWhileTheDialogIsOpen() throws Exception {
        TinyModel.conditioned(folder.resolve(".sumi/models"), "");
        ImagePlus image = WindowManager.getCurrentImage();
        IJ.doCommand("DDPM Translate...");
        GenericDialog dialog = dialog("DDPM Translate...");
        Checkbox preview = (Checkbox) dialog.getCheckboxes().get(1);
        set(dialog, preview, true);
        await(() -> image.getOverlay() == null ? null : "shown");
        screenshot("translate-preview");
        set(dialog, preview, false);
        await(() -> image.getOverlay() == null ? "gone" : null);
        press(dialog, 1);
        assertEquals(1, WindowManager.getImageCount());
    }

    @Test
    void otherDialogsDoNotOfferIt() throws Exception {
        TinyModel.conditioned(folder.resolve(".sumi/models"), "");
        IJ.doCommand("DDPM Denoise...");
        GenericDialog dialog = dialog("DDPM Denoise...");
        assertTrue(models(dialog).contains("fluorescence"), models(dialog).toString());
        assertFalse(models(dialog).contains("condition"), models(dialog).toString());
        press(dialog, 1);
    }

    /** It can be verified, removed, timed and looked at. */
    @Test
    void dialogsOfAllModelsOfferIt() throws Exception {
        TinyModel.conditioned(folder.resolve(".sumi/models"), "");
        for (String command : List.of("DDPM Models...", "DDPM Device...", "DDPM Schedule Plot...")) {
            IJ.doCommand(command);
            GenericDialog dialog = dialog(command);
            boolean offered = dialog.getChoices().stream().anyMatch(choice -> IntStream.range(0, ((Choice) choice).getItemCount())
                    .mapToObj(((Choice) choice)::getItem).anyMatch("condition"::equals));
            assertTrue(offered, command);
            press(dialog, 1);
        }
    }

    @Test
    void withoutAModelTheCommandSaysHowOneIsGot() throws Exception {
        IJ.doCommand("DDPM Translate...");
        GenericDialog dialog = dialog("DDPM Translate...");
        assertEquals(List.of("none"), models(dialog));
        press(dialog, 0);
        Dialog message = await(() -> Arrays.stream(Window.getWindows()).filter(each -> each.isShowing() && each instanceof Dialog && each != dialog)
                .map(Dialog.class::cast).findFirst().orElse(null));
        screenshot("translate-none");
        assertTrue(message.getX() >= 0 && message.getX() + message.getWidth() <= Toolkit.getDefaultToolkit().getScreenSize().width, message.toString());
        message.dispose();
        assertEquals(1, WindowManager.getImageCount());
    }
}
