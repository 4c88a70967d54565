// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Plot;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.Sampling;
import io.github.sumi.pipeline.ScheduleTable;
import io.github.sumi.pipeline.ScheduleTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A model's noise schedule as plots over t, and as a table. */
public final class SchedulePlot {

    private static final int WIDTH = 560;
    private static final int HEIGHT = 300;

    private SchedulePlot() {
    }

    /**
     * beta, alphaCumprod and SNR over t, the timesteps that the sampler visits marked on each curve.
     *
     * @return a stack of three plots, labelled, called MODEL-schedule
     * @throws IllegalArgumentException if the network knows no timesteps, or the sampler can't do this with it
     */
    public static ImagePlus of(Model model, Sampling sampling, int steps) {
        ScheduleTable table = ScheduleTable.of(model.scheduler(), sampling, steps);
        Plot beta = plot(table, "beta", Row::beta, false);
        ImageStack stack = new ImageStack(beta.getProcessor().getWidth(), beta.getProcessor().getHeight());
        add(stack, "beta", beta);
        add(stack, "alphaCumprod", plot(table, "alphaCumprod", Row::alphaCumprod, false));
        add(stack, "SNR", plot(table, "SNR (log)", Row::snr, true));
        ImagePlus image = new ImagePlus(model.id() + "-schedule", stack);
        RunInfo.addSchedule(image, model, table, sampling, steps);
        return image;
    }

    private static void add(ImageStack stack, String label, Plot plot) {
        stack.addSlice(label, plot.getProcessor().convertToRGB());
    }

    private static Plot plot(ScheduleTable table, String label, ToDoubleFunction<Row> quantity, boolean log) {
        double[] values = values(table.all(), quantity, log);
        double low = log ? Double.POSITIVE_INFINITY : 0;
        double high = 0;
        for (double value : values) {
            // not finite: the SNR without any signal or noise left, which has no place on a logarithmic axis
            low = Double.isFinite(value) ? Math.min(low, value) : low;
            high = Double.isFinite(value) ? Math.max(high, value) : high;
        }
        Plot plot = new Plot(label, "t", label);
        plot.setFrameSize(WIDTH, HEIGHT);
        if (log) {
            plot.setAxisYLog(true);
        }
        plot.setLimits(0, Math.max(1, table.all().size() - 1), low, high);
        plot.setColor("black");
        plot.addPoints(values(table.all(), Row::t, false), values, Plot.LINE);
        plot.setColor("red");
        plot.setLineWidth(2);
        plot.addPoints(values(table.visited(), Row::t, false), values(table.visited(), quantity, log), Plot.CIRCLE);
        plot.setColor("black");
        plot.addLabel(0, 0, table.sampler() + ": " + table.visited().size() + " evaluations");
        plot.draw();
        return plot;
    }

    private static double[] values(List<Row> rows, ToDoubleFunction<Row> quantity, boolean positive) {
        return rows.stream().mapToDouble(quantity).map(value -> positive && !(value > 0) ? Double.NaN : value).toArray();
    }

    /**
     * The visited timesteps line by line, the headings first: one line an evaluation.
     *
     * @param csv with commas, for spreadsheets; or else in columns
     */
    public static List<String> lines(ScheduleTable table, boolean csv) {
        List<String> lines = new ArrayList<>();
        lines.add(csv ? "t,beta,alphaCumprod,snr" : String.format("%10s %14s %14s %14s", "t", "beta", "alphaCumprod", "snr"));
        for (Row row : table.visited()) {
            String t = String.format(Locale.ROOT, "%.4f", row.t()).replaceFirst("\\.?0+$", "");
            lines.add(String.format(Locale.ROOT, csv ? "%s,%.8g,%.8g,%.8g" : "%10s %14.6g %14.6g %14.6g",
                    t.isEmpty() ? "0" : t, row.beta(), row.alphaCumprod(), row.snr()));
        }
        return lines;
    }
}
