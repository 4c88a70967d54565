// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import io.github.sumi.imagej.ImageDiffuser;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.Checks;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM Forward Diffusion... Of the current plane; with no image open, of an image that the model generates. */
@Plugin(type = Command.class, headless = true,
        menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM Forward Diffusion...")})
public final class DdpmForwardDiffusion extends SumiCommand {

    @Parameter(persist = false, required = false)
    private ImagePlus input;
    @Parameter(label = "Model", initializer = "offerModels", persist = false)
    private ModelName model = ModelName.GENERATOR;
    @Parameter(label = "Timesteps", persist = false)
    private String timesteps = ImageDiffuser.TIMESTEPS;
    @Parameter(label = "Seed", min = "0", max = "9007199254740991", validater = "problem", persist = false)
    private long seed = 1;

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus film;

    @Override
    void check() {
        Checks.seed(seed);
        ImageDiffuser.timesteps(timesteps);
    }

    @Override
    void execute() {
        int[] steps = ImageDiffuser.timesteps(timesteps);
        Model found = find(model);
        boolean none = input == null || input.getProcessor() == null;
        film = show(none ? ImageDiffuser.filmOfSample(found, steps, seed, progress(null)) : ImageDiffuser.film(found, input, steps, seed));
    }
}
