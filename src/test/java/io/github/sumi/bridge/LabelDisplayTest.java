// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static io.github.sumi.bridge.Desktop.await;
import static io.github.sumi.bridge.Desktop.dialog;
import static io.github.sumi.bridge.Desktop.press;
import static io.github.sumi.bridge.Desktop.screenshot;
import static io.github.sumi.bridge.Desktop.visible;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import java.awt.Choice;
import org.junit.jupiter.api.Test;

/** The dialog offers the labels of the models that are here; one is chosen, and made. */
class LabelDisplayTest extends DisplayTest {

    @Test
    void aLabelIsChosenInTheDialog() throws Exception {
        IJ.doCommand("DDPM Generate...");
        GenericDialog dialog = dialog("DDPM Generate...");
        Choice model = (Choice) dialog.getChoices().get(0);
        Choice label = (Choice) dialog.getChoices().get(1);
        assertEquals("all", label.getSelectedItem());
        model.select("kinds");
        label.select("membranes");
        assertEquals("membranes", label.getSelectedItem());
        screenshot("label-dialog");
        press(dialog, 0);
        ImagePlus made = WindowManager.getImage(await(() -> visible("kinds-generated")));
        assertTrue(made.getInfoProperty().contains("Sumi label: membranes, guidance 1.0"), made.getInfoProperty());
        screenshot("label");
    }
}
