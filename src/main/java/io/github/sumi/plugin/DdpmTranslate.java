// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import ij.Macro;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.ImageRestorer;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Sampling;
import io.github.sumi.pipeline.TranslateOptions;
import io.github.sumi.pipeline.Translator;
import java.awt.GraphicsEnvironment;
import java.util.List;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Translate... By a model that was trained on pairs of images, of which none is shipped. */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Translate...")})
public final class DdpmTranslate extends RestoreCommand {

    @Parameter(persist = false)
    private ImagePlus input;
    @Parameter(label = "Model", initializer = "offerTranslators", persist = false)
    private ModelName model = ModelName.NONE;
    @Parameter(label = "Mode", choices = {"mean", "sample", "uncertainty"}, persist = false)
    private String mode = "mean";
    @Parameter(label = "Samples (for uncertainty)", min = "2", max = "1000", persist = false)
    private int samples = 8;
    @Parameter(label = "Steps (for sample and uncertainty)", min = "1", max = "1000", persist = false)
    private int steps = 20;
    @Parameter(label = "Sampler (for sample and uncertainty)", choices = {"model", "ddpm", "ddim", "dpmpp", "dpmpp-sde", "unipc", "euler", "euler-ancestral",
        "heun", "pndm", "lcm", "edm-euler", "edm-dpmpp", "edm-dpmpp-sde"}, persist = false)
    private String sampler = Sampling.MODEL;
    @Parameter(label = "Eta (for ddim, 0 to 1)", min = "0", max = "1", persist = false)
    private double eta = 0;
    @Parameter(label = "Scope", choices = {"stack", "plane"}, persist = false)
    private String scope = "stack";
    @Parameter(label = "Channels (all, or 1,3)", persist = false)
    private String channels = "all";
    @Parameter(label = "Range measured over", choices = {"stack", "plane"}, persist = false)
    private String range = "stack";
    @Parameter(label = "Result type", choices = {"input", "float"}, persist = false)
    private String type = "input";
    @Parameter(label = "Seed", min = "0", max = "9007199254740991", persist = false)
    private long seed = 1;
    @Parameter(label = "Tile (pixels, 0 for the model's)", min = "0", persist = false)
    private int tile = 0;
    @Parameter(label = "Overlap (pixels, -1 for the model's)", min = "-1", persist = false)
    private int overlap = -1;
    @Parameter(label = "Device", choices = {"auto", "cpu", "cuda", "coreml"}, validater = "problem", persist = false)
    private String device = "auto";
    @Parameter(label = "Keep finished planes when cancelled", persist = false)
    private boolean keep = false;
    // null once the command ran, so that it isn't recorded
    @Parameter(label = "Preview (of what is in view, or of the selection)", persist = false, required = false)
    private Boolean preview = false;

    // shown in this order, so that the main result is the current image
    @Parameter(type = ItemIO.OUTPUT, required = false)
    private ImagePlus residual;
    @Parameter(type = ItemIO.OUTPUT, required = false)
    private ImagePlus sd;
    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus translated;

    @Override
    void check() {
        needImage(input);
        options();
        imageOptions();
    }

    private TranslateOptions options() {
        return new TranslateOptions(Mode.of(mode), samples, steps, seed, tile(tile), overlap(overlap), Sampling.of(sampler, eta), Device.parse(device));
    }

    private ImageOptions imageOptions() {
        return ImageOptions.of(scope, channels, range, type).withKeep(keep);
    }

    @Override
    void execute() {
        preview = null;
        TranslateOptions options = options();
        Model found = translator(model);
        try (Translator translator = new Translator(found, options)) {
            ImageRestorer.Result result = restore(translator, input, imageOptions());
            RunInfo.add(result, found, options, imageOptions(), translator);
            translated = result.image();
            sd = result.sd();
            residual = result.residualImage();
            show(result, input);
        }
    }

    @Override
    void showPreview() {
        TranslateOptions options = options();
        ModelName chosen = model;
        showPreview(preview, input, () -> new Translator(translator(chosen), options));
    }

    /** @throws ModelException if it is none, which is said after the dialog that is too narrow for it, or can't be used */
    private static Model translator(ModelName name) {
        if (name.equals(ModelName.NONE)) {
            throw new ModelException(ModelName.noTranslator(library()));
        }
        return find(name);
    }

    /** The initializer of the model: a dialog lists those that translate, and starts with the first. A macro has to name one. */
    final void offerTranslators() {
        List<ModelName> here = translators();
        if (model.equals(ModelName.NONE) && Macro.getOptions() == null && !GraphicsEnvironment.isHeadless()) {
            model = here.get(0);
        }
    }
}
