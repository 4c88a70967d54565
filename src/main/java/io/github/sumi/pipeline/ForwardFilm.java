// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.Model;
import io.github.sumi.schedule.ForwardProcess;
import io.github.sumi.schedule.NoiseSchedule;
import io.github.sumi.schedule.Tensor;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;

/** The forward process as a film: an image dissolving into noise, with one noise for all frames. */
public final class ForwardFilm {

    private final Model model;
    private final NoiseField noise;

    /**
     * @param seed 0 to 2^53 - 1
     * @throws io.github.sumi.model.ModelException if the model makes an image of another: its chain begins with noise alone
     */
    public ForwardFilm(Model model, long seed) {
        Checks.needsNoImage(model);
        this.model = model;
        this.noise = new NoiseField(seed);
    }

    /**
     * x_t of a plane at some timesteps.
     *
     * @param timesteps 0 to numTrainTimesteps - 1 each
     * @return a frame [width, height] each, in the grey values of the plane
     * @throws IllegalArgumentException if a timestep is out of range, or a pixel isn't finite
     */
    public List<Img<FloatType>> frames(RandomAccessibleInterval<? extends RealType<?>> plane, int[] timesteps) {
        NoiseSchedule schedule = NoiseSchedule.of(model.scheduler());
        Checks.range("the number of timesteps", timesteps.length, 1, schedule.numTrainTimesteps());
        float[] pixels = Planes.pixels(plane);
        int width = (int) plane.dimension(0);
        int height = (int) plane.dimension(1);
        Scaling scaling = Scaling.of(pixels, width, height, NoiseModel.gaussian(0), model.info().lowPercentile(), model.info().highPercentile());
        Tensor x0 = Tensor.allocate(1, 1, height, width);
        for (int i = 0; i < pixels.length; i++) {
            x0.buffer().put(i, scaling.normalize(pixels[i]));
        }
        Tensor epsilon = Tensor.allocate(1, 1, height, width);
        noise.fill(NoiseField.START, 0, epsilon);
        Tensor x = Tensor.allocate(1, 1, height, width);
        List<Img<FloatType>> frames = new ArrayList<>();
        for (int timestep : timesteps) {
            Checks.range("a timestep", timestep, 0, schedule.numTrainTimesteps() - 1);
            ForwardProcess.closedForm(x0, epsilon, schedule.alphaCumprod(timestep), x);
            float[] frame = new float[pixels.length];
            for (int i = 0; i < frame.length; i++) {
                frame[i] = (float) scaling.denormalize(x.buffer().get(i));
            }
            frames.add(Planes.image(frame, width, height));
        }
        return frames;
    }
}
