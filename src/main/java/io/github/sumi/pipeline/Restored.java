// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/**
 * A denoised or translated plane.
 *
 * @param image [width, height] in the grey values of the input, not clipped
 * @param sd standard deviation per pixel over the samples times the model's factor, grey values; null unless {@link Mode#UNCERTAINTY}
 * @param timestep where the chain was entered
 * @param residual what was taken away; null unless {@link Mode#MEAN}, and where there is no noise, or one value alone
 */
public record Restored(Img<FloatType> image, Img<FloatType> sd, double timestep, Residual residual) {
}
