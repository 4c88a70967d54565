// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.imagej.RunInfo;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.ForwardFilm;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Generator;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.PlaneRestorer;
import io.github.sumi.pipeline.StackRestorer;
import io.github.sumi.pipeline.TranslateOptions;
import io.github.sumi.pipeline.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import org.scijava.app.StatusService;
import org.scijava.log.LogService;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.Service;

/** {@link SumiService} over the pipeline. Holds nothing: a network lives as long as the call. */
@Plugin(type = Service.class)
public final class DefaultSumiService extends AbstractService implements SumiService {

    @Parameter(required = false)
    private StatusService status;
    @Parameter(required = false)
    private LogService log;

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
        return run(image, () -> new Denoiser(model(model), options)).image();
    }

    @Override
    public StackRestorer.Result uncertainty(RandomAccessibleInterval<? extends RealType<?>> image, DenoiseOptions options, String model) {
        return run(image, () -> new Denoiser(model(model), options.withMode(Mode.UNCERTAINTY)));
    }

    @Override
    public RandomAccessibleInterval<FloatType> translate(RandomAccessibleInterval<? extends RealType<?>> image, TranslateOptions options,
            String model) {
        return run(image, () -> new Translator(model(model), options)).image();
    }

    @Override
    public StackRestorer.Result uncertainty(RandomAccessibleInterval<? extends RealType<?>> image, TranslateOptions options, String model) {
        return run(image, () -> new Translator(model(model), options.withMode(Mode.UNCERTAINTY)));
    }

    private StackRestorer.Result run(RandomAccessibleInterval<? extends RealType<?>> image, Supplier<PlaneRestorer> loader) {
        try (StatusProgress progress = progress(); PlaneRestorer restorer = loader.get()) {
            tell(restorer.device());
            return new StackRestorer(restorer).restore(image, progress);
        }
    }

    @Override
    public RandomAccessibleInterval<FloatType> generate(GenerateOptions options, String model) {
        try (StatusProgress progress = progress(); Generator generator = new Generator(model(model), options)) {
            tell(generator.device());
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

    private void tell(String device) {
        if (log != null && !RunInfo.fallback(device).isEmpty()) {
            log.info(RunInfo.fallback(device));
        }
    }

    private StatusProgress progress() {
        Thread caller = Thread.currentThread();
        // no task: its events wait for the window's thread, which loses the interrupt that cancels here
        return new StatusProgress(status, null, caller::isInterrupted);
    }
}
