// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import io.github.sumi.imagej.LossReport;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.Checks;
import io.github.sumi.pipeline.LossEvaluator;
import io.github.sumi.pipeline.TrainingLoss;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Training Loss... Of all planes of the image. */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Training Loss...")})
public final class DdpmTrainingLoss extends SumiCommand {

    @Parameter(persist = false)
    private ImagePlus input;
    @Parameter(label = "Model", initializer = "offerModels", persist = false)
    private ModelName model = ModelName.GENERATOR;
    @Parameter(label = "Samples (timesteps for each plane, even)", min = "2", persist = false)
    private int samples = 40;
    @Parameter(label = "Seed", min = "0", max = "9007199254740991", validater = "problem", persist = false)
    private long seed = 1;

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus plot;

    @Override
    void check() {
        needImage(input);
        Checks.seed(seed);
    }

    @Override
    void execute() {
        Model found = find(model);
        try (LossEvaluator evaluator = new LossEvaluator(found, samples, seed)) {
            LossReport.measure(evaluator, input, progress(input));
            TrainingLoss loss = evaluator.loss();
            ResultsTable table = ResultsTable.getResultsTable();
            LossReport.addRows(table, input, loss);
            table.show("Results");
            plot = show(LossReport.plot(loss, input, found, samples, seed));
            IJ.log(plot.getTitle() + ": " + LossReport.summary(loss));
        }
    }
}
