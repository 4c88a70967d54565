// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static io.github.sumi.bridge.Desktop.await;
import static io.github.sumi.bridge.Desktop.dialog;
import static io.github.sumi.bridge.Desktop.macro;
import static io.github.sumi.bridge.Desktop.press;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.measure.ResultsTable;
import ij.plugin.frame.Recorder;
import ij.text.TextWindow;
import java.awt.Button;
import java.awt.Choice;
import java.awt.TextField;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the Recorder writes of a dialog makes the same again, for every command. */
class ReplayDisplayTest extends DisplayTest {

    /** Fields by their place among those of their kind: numbers and texts, then choices. */
    private static void fill(GenericDialog dialog, String values) {
        for (String value : values == null ? new String[0] : values.split(";")) {
            String[] parts = value.split("=");
            int place = Integer.parseInt(parts[0].substring(1));
            if (parts[0].startsWith("t")) {
                ((TextField) dialog.getStringFields().get(place)).setText(parts[1]);
            } else {
                ((Choice) dialog.getChoices().get(place)).select(parts[1]);
            }
        }
    }

    private static Map<String, float[][]> images(List<String> titles) {
        Map<String, float[][]> images = new TreeMap<>();
        for (String title : titles) {
            ImagePlus image = WindowManager.getImage(title);
            float[][] planes = new float[image.getStackSize()][];
            for (int i = 0; i < planes.length; i++) {
                planes[i] = (float[]) image.getStack().getProcessor(i + 1).convertToFloat().getPixels();
            }
            images.put(title, planes);
        }
        return images;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {
        "DDPM Denoise...          | c1=gaussian;t0=3;c2=sample;t5=2        | example-denoised",
        "DDPM Denoise...          | c2=uncertainty;t4=2;t5=2;c6=float      | example-denoised,example-sd,example-residual",
        "DDPM Generate...         | t1=3;t2=24;t3=16;t4=4;c2=dpmpp-sde;t7=7 | nuclei-generated",
        "DDPM Forward Diffusion... | t0=0,250;t1=5                          | example-film",
        "DDPM Invert...           | t0=4                                   | example-inverted,example-latent",
        "DDPM Schedule Plot...    | c1=unipc;t1=12                         | nuclei-schedule",
        "DDPM Training Loss...    | t0=4;t1=3                              | example-loss",
        "DDPM Estimate Noise...   | c0=plane                               | example-noise",
    })
    void theRecordedLineMakesTheSamePixels(String command, String values, String titles) throws Exception {
        IJ.open("models/nuclei/example.tif");
        WindowManager.getCurrentImage().setRoi(100, 100, 64, 64);
        IJ.run(WindowManager.getCurrentImage(), "Crop", "");
        // or ImageJ would ask whether to save it
        WindowManager.getCurrentImage().changes = false;
        List<String> made = List.of(titles.split(","));
        Recorder recorder = new Recorder();
        String line;
        try {
            IJ.doCommand(command);
            GenericDialog dialog = dialog(command);
            fill(dialog, values);
            Button ok = dialog.getButtons()[0];
            await(() -> ok.isEnabled() ? "right" : null);
            press(dialog, 0);
            await(() -> made.stream().allMatch(title -> Desktop.visible(title) != null) ? "made" : null);
            line = await(() -> recorder.getText().contains(command) ? recorder.getText().strip() : null);
        } finally {
            recorder.close();
        }
        Map<String, float[][]> first = images(made);
        int rows = ResultsTable.getResultsTable().size();
        for (String title : made) {
            ImagePlus image = WindowManager.getImage(title);
            image.changes = false;
            image.close();
        }
        macro("selectImage(\"example.tif\"); " + line);
        Map<String, float[][]> second = images(made);
        for (String title : made) {
            assertEquals(first.get(title).length, second.get(title).length);
            for (int i = 0; i < first.get(title).length; i++) {
                assertArrayEquals(first.get(title)[i], second.get(title)[i], title + ", plane " + (i + 1) + ", " + line);
            }
        }
        assertTrue(rows == 0 || ResultsTable.getResultsTable().size() >= rows);
    }

    @Test
    void theRecordedReportsSayTheSame() throws Exception {
        for (String command : List.of("DDPM Models...", "DDPM Device...")) {
            Recorder recorder = new Recorder();
            IJ.doCommand(command);
            press(dialog(command), 0);
            TextWindow window = (TextWindow) await(() -> WindowManager.getWindow("Sumi " + command.substring(5, 11).replace(".", "")));
            String line = await(() -> recorder.getText().contains(command) ? recorder.getText().strip() : null);
            recorder.close();
            String shown = window.getTextPanel().getText().replaceAll("[0-9.]+ ms", "").strip();
            assertFalse(shown.isEmpty());
            window.close(false);
            macro(line);
            assertEquals(shown, IJ.getLog().replaceAll("[0-9.]+ ms", "").strip());
            IJ.log("\\Clear");
        }
    }
}
