// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Plot;
import ij.measure.ResultsTable;
import ij.process.ImageProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.LossEvaluator;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.TrainingLoss;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LossReportTest {

    private static final Model MODEL = ModelLibrary.standard(null).find("nuclei");

    /** A crop around the brightest pixel of unseen nuclei. */
    private static ImagePlus nuclei() {
        ImageProcessor whole = IJ.openImage("models/nuclei/testset/07fb37aafa662660.png").getProcessor().convertToByte(false);
        int brightest = 0;
        for (int i = 0; i < whole.getPixelCount(); i++) {
            brightest = whole.get(i) > whole.get(brightest) ? i : brightest;
        }
        int x = Math.max(0, Math.min(whole.getWidth() - 48, brightest % whole.getWidth() - 24));
        int y = Math.max(0, Math.min(whole.getHeight() - 48, brightest / whole.getWidth() - 24));
        whole.setRoi(x, y, 48, 48);
        return new ImagePlus("nuclei.tif", whole.crop());
    }

    private static TrainingLoss loss(ImagePlus image, int samples) {
        try (LossEvaluator evaluator = new LossEvaluator(MODEL, samples, 1)) {
            LossReport.measure(evaluator, image, Progress.NONE);
            return evaluator.loss();
        }
    }

    private static ImagePlus scrambled(ImagePlus image) {
        ImageProcessor pixels = image.getProcessor().duplicate();
        Random random = new Random(1);
        for (int i = pixels.getPixelCount() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int value = pixels.get(i);
            pixels.set(i, pixels.get(other));
            pixels.set(other, value);
        }
        return new ImagePlus("scrambled", pixels);
    }

    @Test
    void nucleiAreWhatTheModelKnowsAndTheirPixelsInAnotherOrderArent() {
        TrainingLoss nuclei = loss(nuclei(), 20);
        TrainingLoss scrambled = loss(scrambled(nuclei()), 20);
        assertTrue(nuclei.simple() < 0.7 * scrambled.simple(), nuclei.simple() + " and " + scrambled.simple());
        assertTrue(nuclei.bitsPerDim() + 3 * nuclei.standardError() < scrambled.bitsPerDim(), nuclei + " and " + scrambled);
        assertTrue(nuclei.bins().get(0).simple() > nuclei.bins().get(9).simple(), "noise is easiest to see where there is much of it");
    }

    @Test
    void theSameSeedGivesTheSameNumbersAndThePartsAddUp() {
        ImagePlus image = nuclei();
        TrainingLoss loss = loss(image, 6);
        assertEquals(LossReport.summary(loss), LossReport.summary(loss(image, 6)));
        assertEquals(loss.bitsPerDim(), loss.prior() + loss.bins().stream().mapToDouble(TrainingLoss.Bin::bits).sum(), 1e-9);
        assertEquals(0, loss.bins().get(0).to());
        assertEquals(125, loss.bins().get(2).from());
        assertEquals(999, loss.bins().get(2).to());
    }

    @Test
    void plotAndTableShowIt() {
        ImagePlus image = nuclei();
        TrainingLoss loss = loss(image, 6);
        ImagePlus plot = LossReport.plot(loss, image, MODEL, 6, 1);
        assertEquals("nuclei-loss", plot.getTitle());
        assertTrue(plot.getProperty(Plot.PROPERTY_KEY) instanceof Plot);
        assertTrue(plot.getInfoProperty().contains("run(\"DDPM Training Loss...\", \"model=nuclei@2 samples=6 seed=1\");"), plot.getInfoProperty());
        assertTrue(plot.getInfoProperty().contains("0 to 255 became -1 to 1"), plot.getInfoProperty());
        ResultsTable table = new ResultsTable();
        table.incrementCounter();
        table.addValue("Area", 42);
        LossReport.addRows(table, image, loss);
        assertEquals(4, table.size());
        assertEquals(42, table.getValue("Area", 0), "the user's row stays");
        assertEquals(image.getTitle(), table.getLabel(1));
        assertEquals(loss.bins().get(1).simple(), table.getValue("L_simple", 2));
    }

    @Test
    void otherDepthsAreScaledAndLargePlanesCut() {
        ImageProcessor large = nuclei().getProcessor().convertToShort(false).resize(150, 40);
        large.multiply(100);
        TrainingLoss loss = loss(new ImagePlus("large", large), 2);
        assertTrue(loss.greyValues().contains("percentiles"), loss.greyValues());
        assertEquals("the middle 128 x 40 of 150 x 40 pixels", loss.patch());
        assertTrue(Double.isFinite(loss.bitsPerDim()));
    }

    @Test
    void impossibleOnesAreSentences() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new LossEvaluator(MODEL, 3, 1)).getMessage().contains("even number from 2 to 2000"));
        ImagePlus rgb = new ImagePlus("rgb", nuclei().getProcessor().convertToRGB());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> loss(rgb, 2)).getMessage().contains("rgb is RGB"));
    }
}
