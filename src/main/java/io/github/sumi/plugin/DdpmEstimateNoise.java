// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import io.github.sumi.imagej.ImageNoise;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.NoisePlot;
import java.util.List;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Estimate Noise... Rows in the Results table, lines in the Log, and a plot. */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Estimate Noise...")})
public final class DdpmEstimateNoise extends SumiCommand {

    private static final int DECIMALS = 4;

    @Parameter(persist = false)
    private ImagePlus input;
    @Parameter(label = "Scope", choices = {"stack", "plane"}, persist = false)
    private String scope = "stack";
    @Parameter(label = "Channels (all, or 1,3)", validater = "problem", persist = false)
    private String channels = "all";

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus plot;

    @Override
    void check() {
        needImage(input);
        options();
    }

    private ImageOptions options() {
        return ImageOptions.of(scope, channels, "stack", "input");
    }

    @Override
    void execute() {
        List<ImageNoise> noises = ImageNoise.of(input, options(), progress(input));
        ResultsTable table = ResultsTable.getResultsTable();
        table.setPrecision(DECIMALS);
        for (ImageNoise noise : noises) {
            add(table, noise);
            IJ.log(input.getTitle() + ", " + noise.describe() + "; " + noise.options());
            noise.fit().warnings().forEach(warning -> IJ.log(input.getTitle() + ", channel " + noise.channel() + ": " + warning));
        }
        table.show("Results");
        plot = show(NoisePlot.of(input, noises));
    }

    private void add(ResultsTable table, ImageNoise noise) {
        table.incrementCounter();
        table.addLabel(input.getTitle());
        table.addValue("Channel", noise.channel());
        table.addValue("Planes", noise.planes());
        table.addValue("Gain", noise.fit().model().gain());
        table.addValue("Offset", noise.fit().model().offset());
        table.addValue("ReadNoise", noise.fit().model().readNoise());
        table.addValue("Confident", noise.fit().confident() ? 1 : 0);
        table.addValue("Options", noise.options());
    }
}
