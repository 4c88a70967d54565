// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Plot;
import io.github.sumi.pipeline.NoiseModel;
import io.github.sumi.pipeline.VarianceCurve;
import java.awt.Color;
import java.util.List;

/** Variance against mean: a dot for each brightness of flat places, the larger the more pixels it is of, and the fitted line. */
public final class NoisePlot {

    /** Shares of the largest number of pixels at which ImageJ's next larger marker is taken; it has but three. */
    private static final double[] SIZES = {0, 0.05, 0.3, 1.1};
    private static final int LINE_POINTS = 100;
    private static final double MARGIN = 1.05;

    private NoisePlot() {
    }

    /** The plots of all channels, a slice for each; titled NAME-noise. @param channels one or more */
    public static ImagePlus of(ImagePlus input, List<ImageNoise> channels) {
        String title = Dressing.title(input, "-noise");
        if (channels.size() == 1) {
            return plot(title, channels.get(0)).getImagePlus();
        }
        ImageStack stack = null;
        for (ImageNoise channel : channels) {
            ImagePlus image = plot(title, channel).getImagePlus();
            stack = stack == null ? new ImageStack(image.getWidth(), image.getHeight()) : stack;
            stack.addSlice("channel " + channel.channel(), image.getProcessor());
        }
        return new ImagePlus(title, stack);
    }

    private static Plot plot(String title, ImageNoise channel) {
        NoiseModel model = channel.fit().model();
        List<VarianceCurve.Point> points = channel.fit().curve().points();
        double left = points.stream().mapToDouble(VarianceCurve.Point::mean).min().orElseThrow();
        double right = points.stream().mapToDouble(VarianceCurve.Point::mean).max().orElseThrow();
        double most = points.stream().mapToDouble(VarianceCurve.Point::count).max().orElseThrow();
        double top = Math.max(Math.pow(model.sigma(right), 2), points.stream().mapToDouble(VarianceCurve.Point::variance).max().orElseThrow());
        Plot plot = new Plot(title, "Mean (grey values)", "Variance (grey values squared)");
        plot.setColor(Color.BLUE, Color.BLUE);
        for (int size = 0; size < SIZES.length - 1; size++) {
            double from = SIZES[size] * most;
            double to = SIZES[size + 1] * most;
            double[][] dots = points.stream().filter(point -> point.count() >= from && point.count() < to)
                    .map(point -> new double[] {point.mean(), point.variance()}).toArray(double[][]::new);
            // of a dot 1 would be a single pixel
            plot.setLineWidth(size == 1 ? 1 : 2);
            plot.addPoints(column(dots, 0), column(dots, 1), size == 0 ? Plot.DOT : Plot.CIRCLE);
        }
        double[][] line = new double[LINE_POINTS][];
        for (int i = 0; i < LINE_POINTS; i++) {
            double mean = left + (right - left) * i / (LINE_POINTS - 1);
            line[i] = new double[] {mean, Math.pow(model.sigma(mean), 2)};
        }
        plot.setColor(Color.RED);
        plot.setLineWidth(2);
        plot.addPoints(column(line, 0), column(line, 1), Plot.LINE);
        plot.setColor(Color.BLACK);
        plot.setLineWidth(1);
        plot.addLabel(0, 0, channel.describe());
        double margin = right > left ? (right - left) / 20 : 1;
        plot.setLimits(left - margin, right + margin, 0, top > 0 ? MARGIN * top : 1);
        return plot;
    }

    private static double[] column(double[][] rows, int column) {
        double[] values = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            values[i] = rows[i][column];
        }
        return values;
    }
}
