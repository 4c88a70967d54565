// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.model.Model;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.ForwardFilm;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Generator;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.StackDenoiser;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import org.scijava.app.StatusService;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.Service;
import org.scijava.task.TaskService;

/** {@link SumiService} over the pipeline. Holds nothing: a network lives as long as the call. */
@Plugin(type = Service.class)
public final class DefaultSumiService extends AbstractService implements SumiService {

    @Parameter(required = false)
    private StatusService status;
    @Parameter(required = false)
    private TaskService tasks;

    @Override
    public List<String> models() {
        return SumiCommand.library().ids();
    }

    @Override
    public Model model(String nameOrPath) {
        return SumiCommand.library().find(nameOrPath);
    }

    @Override
    public RandomAccessibleInterval<FloatType> denoise(RandomAccessibleInterval<? extends RealType<?>> image, DenoiseOptions options,
            String model) {
        return run(image, options, model).image();
    }

    @Override
    public StackDenoiser.Result uncertainty(RandomAccessibleInterval<? extends RealType<?>> image, DenoiseOptions options, String model) {
        return run(image, options.withMode(Mode.UNCERTAINTY), model);
    }

    private StackDenoiser.Result run(RandomAccessibleInterval<? extends RealType<?>> image, DenoiseOptions options, String model) {
        try (StatusProgress progress = progress(); Denoiser denoiser = new Denoiser(model(model), options)) {
            return new StackDenoiser(denoiser, options).denoise(image, progress);
        }
    }

    @Override
    public RandomAccessibleInterval<FloatType> generate(GenerateOptions options, String model) {
        try (StatusProgress progress = progress(); Generator generator = new Generator(model(model), options)) {
            List<Img<FloatType>> images = generator.generate(progress);
            if (options.film() == 0) {
                return Views.stack(images);
            }
            List<RandomAccessibleInterval<FloatType>> films = new ArrayList<>();
            for (int first = 0; first < images.size(); first += options.film()) {
                films.add(Views.stack(images.subList(first, first + options.film())));
            }
            return Views.stack(films);
        }
    }

    @Override
    public RandomAccessibleInterval<FloatType> diffuse(RandomAccessibleInterval<? extends RealType<?>> plane, String model, long seed,
            int... timesteps) {
        return Views.stack(new ForwardFilm(model(model), seed).frames(plane, timesteps));
    }

    private StatusProgress progress() {
        Thread caller = Thread.currentThread();
        return new StatusProgress(status, tasks, caller::isInterrupted);
    }
}
