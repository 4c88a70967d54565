// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.gui.Plot;
import ij.measure.ResultsTable;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.LossEvaluator;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.TrainingLoss;
import io.github.sumi.pipeline.TrainingLoss.Bin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The training objective of an image as plot, table and words. */
public final class LossReport {

    private static final int WIDTH = 560;
    private static final int HEIGHT = 300;
    private static final int DECIMALS = 6;

    private LossReport() {
    }

    /**
     * Measures all planes of an image.
     *
     * @throws IllegalArgumentException if the image is RGB or a pixel isn't finite
     */
    public static void measure(LossEvaluator evaluator, ImagePlus input, Progress progress) {
        PlaneImages.refuseRgb(input);
        int planes = input.getStackSize();
        for (int plane = 1; plane <= planes; plane++) {
            evaluator.add(PlaneImages.image(input.getStack().getProcessor(plane)), input.getBitDepth() == Byte.SIZE, progress.part(plane - 1, planes));
        }
    }

    /** L_simple over t, logarithmic, a point for each part of the timesteps; called NAME-loss. */
    public static ImagePlus plot(TrainingLoss loss, ImagePlus input, Model model, int samples, long seed) {
        String title = Dressing.title(input, "-loss");
        Plot plot = new Plot(title, "t", "L_simple (log)");
        plot.setFrameSize(WIDTH, HEIGHT);
        plot.setAxisYLog(true);
        double[] simple = values(loss, Bin::simple);
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (double value : simple) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        plot.setLimits(0, loss.bins().get(loss.bins().size() - 1).to(), low / 2, high * 2);
        plot.setColor("red");
        plot.addPoints(values(loss, Bin::middle), simple, Plot.CONNECTED_CIRCLES);
        plot.setColor("black");
        plot.addLabel(0, 0, summary(loss));
        plot.setColor("red");
        ImagePlus image = plot.getImagePlus();
        RunInfo.addLoss(image, model, loss, samples, seed);
        return image;
    }

    private static double[] values(TrainingLoss loss, ToDoubleFunction<Bin> quantity) {
        return loss.bins().stream().mapToDouble(quantity).toArray();
    }

    /** Adds a row for each part of the timesteps to those that are there. */
    public static void addRows(ResultsTable table, ImagePlus input, TrainingLoss loss) {
        for (Bin bin : loss.bins()) {
            table.incrementCounter();
            table.addLabel(input.getTitle());
            table.addValue("from", bin.from());
            table.addValue("to", bin.to());
            table.addValue("draws", bin.draws());
            table.addValue("L_simple", bin.simple());
            table.addValue("bits", bin.bits());
        }
        table.setDecimalPlaces(table.getColumnIndex("L_simple"), DECIMALS);
        table.setDecimalPlaces(table.getColumnIndex("bits"), DECIMALS);
    }

    /** Both losses in a line. */
    public static String summary(TrainingLoss loss) {
        return String.format(Locale.ROOT, "L_simple %.5f, L_vlb %.3f +- %.3f bits/dim", loss.simple(), loss.bitsPerDim(), loss.standardError());
    }

    /** What was measured, and how. */
    static String conditions(TrainingLoss loss) {
        return String.format(Locale.ROOT, "planes %d, of each %s; grey values: %s; +- is the standard error from timesteps and noise drawn, L_T %.5f",
                loss.images(), loss.patch(), loss.greyValues(), loss.prior());
    }

    /** The whole as text, the table first. @param csv the table alone, with commas */
    public static List<String> lines(TrainingLoss loss, boolean csv) {
        List<String> lines = new ArrayList<>();
        lines.add(csv ? "from,to,draws,L_simple,bits" : String.format("%6s %6s %7s %12s %12s", "from", "to", "draws", "L_simple", "bits"));
        for (Bin bin : loss.bins()) {
            lines.add(String.format(Locale.ROOT, csv ? "%d,%d,%d,%.6g,%.6g" : "%6d %6d %7d %12.6g %12.6g", bin.from(), bin.to(), bin.draws(),
                    bin.simple(), bin.bits()));
        }
        if (!csv) {
            lines.add(summary(loss));
            lines.add(conditions(loss));
        }
        return lines;
    }
}
