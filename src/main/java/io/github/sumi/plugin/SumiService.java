// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.StackRestorer;
import io.github.sumi.pipeline.TranslateOptions;
import java.util.List;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import org.scijava.service.Service;

/**
 * Sumi for scripts and programs, on ImgLib2 images.
 *
 * <pre>{@code
 * SumiService sumi = context.service(SumiService.class);
 * RandomAccessibleInterval<FloatType> clean = sumi.denoise(image);
 * RandomAccessibleInterval<FloatType> texture = sumi.denoise(image, DenoiseOptions.defaults().withMode(Mode.SAMPLE), "nuclei");
 * }</pre>
 *
 * <p>All methods throw {@link IllegalArgumentException} for values that can't be, {@link io.github.sumi.model.ModelException}
 * for models that can't be used, and {@link java.util.concurrent.CancellationException} when the calling thread is interrupted;
 * each with a sentence that a user can read. Progress goes to the status bar.
 */
public interface SumiService extends Service {

    /** The names of all models. */
    List<String> models();

    /** @param nameOrPath name of a model, folder or .zip */
    Model model(String nameOrPath);

    /** The mean at the estimated noise, by the shipped model. */
    default RandomAccessibleInterval<FloatType> denoise(RandomAccessibleInterval<? extends RealType<?>> image) {
        return denoise(image, DenoiseOptions.defaults());
    }

    /** Denoises by the shipped model. */
    default RandomAccessibleInterval<FloatType> denoise(RandomAccessibleInterval<? extends RealType<?>> image, DenoiseOptions options) {
        return denoise(image, options, ModelLibrary.DENOISER);
    }

    /**
     * Denoises.
     *
     * @param image of two dimensions or more; the first two are the planes, grey values and noise are measured over all of them
     * @param model name, folder or .zip
     * @return of the interval and in the grey values of the image, not rounded, not clipped
     */
    RandomAccessibleInterval<FloatType> denoise(RandomAccessibleInterval<? extends RealType<?>> image, DenoiseOptions options, String model);

    /** The mean and the standard deviation per pixel of several chains, by the shipped model. */
    default StackRestorer.Result uncertainty(RandomAccessibleInterval<? extends RealType<?>> image, DenoiseOptions options) {
        return uncertainty(image, options, ModelLibrary.DENOISER);
    }

    /**
     * The mean and the standard deviation per pixel of several chains.
     *
     * @param options with the number of samples and steps; the mode is not looked at
     * @param model name, folder or .zip
     */
    StackRestorer.Result uncertainty(RandomAccessibleInterval<? extends RealType<?>> image, DenoiseOptions options, String model);

    /**
     * Translates by a model that makes an image of another, of which none is shipped.
     *
     * @param image of two dimensions or more; the first two are the planes, grey values are measured over all of them
     * @param model name, folder or .zip
     * @return of the interval and in the grey values of the image, not rounded, not clipped
     */
    RandomAccessibleInterval<FloatType> translate(RandomAccessibleInterval<? extends RealType<?>> image, TranslateOptions options, String model);

    /**
     * The mean and the standard deviation per pixel of several chains that translate.
     *
     * @param options with the number of samples and steps; the mode is not looked at
     * @param model name, folder or .zip
     */
    StackRestorer.Result uncertainty(RandomAccessibleInterval<? extends RealType<?>> image, TranslateOptions options, String model);

    /** Generates by the shipped model. */
    default RandomAccessibleInterval<FloatType> generate(GenerateOptions options) {
        return generate(options, ModelLibrary.GENERATOR);
    }

    /**
     * Generates images.
     *
     * @param model name, folder or .zip
     * @return [width, height, count], or with a film [width, height, frames, count]; a model of several channels has them third.
     *     The model's -1..1 is 0..255, not clipped.
     */
    RandomAccessibleInterval<FloatType> generate(GenerateOptions options, String model);

    /**
     * The forward process: a plane dissolving into noise.
     *
     * @param plane [width, height]
     * @param model name, folder or .zip
     * @param seed 0 to 2^53 - 1
     * @param timesteps of the model's range, for nuclei 0 to 999
     * @return [width, height, timesteps], in the grey values of the plane
     */
    RandomAccessibleInterval<FloatType> diffuse(RandomAccessibleInterval<? extends RealType<?>> plane, String model, long seed, int... timesteps);
}
