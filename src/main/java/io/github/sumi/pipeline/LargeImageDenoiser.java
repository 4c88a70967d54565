// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.ModelException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Denoises images of a format that is read and written part by part, so that their size doesn't matter. Found by
 * {@link java.util.ServiceLoader}, in a jar of its own.
 */
public interface LargeImageDenoiser {

    /** Whether the image is of this format. @param in its path, or an address such as s3://bucket/image.zarr */
    boolean accepts(String in);

    /**
     * Denoises an image. A run that was stopped goes on where it was.
     *
     * @param denoiser made with the job's model and options; the caller closes it
     * @param warnings what the user should look at, in sentences
     * @return what was done, for the user
     * @throws IllegalArgumentException if an option doesn't fit the image
     * @throws IOException in a sentence, if the image can't be read or the result not be written
     * @throws ModelException if the network fails
     * @throws CancellationException if the user cancels
     */
    String denoise(LargeImageJob job, Denoiser denoiser, Progress progress, Consumer<String> warnings) throws IOException;
}
