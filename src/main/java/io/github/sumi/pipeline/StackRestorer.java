// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.planar.PlanarImgFactory;
import net.imglib2.loops.LoopBuilder;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

/** Denoises or translates an image of two or more dimensions, plane by plane, with its grey values and noise measured over all planes. */
public final class StackRestorer {

    /**
     * What came out, over the interval of the input.
     *
     * @param image in the grey values of the input, not clipped; planes whose pixels are all equal are copies
     * @param sd standard deviation per pixel; null unless {@link Mode#UNCERTAINTY}
     */
    public record Result(RandomAccessibleInterval<FloatType> image, RandomAccessibleInterval<FloatType> sd) {
    }

    private final PlaneRestorer restorer;

    /** @param restorer the caller closes it */
    public StackRestorer(PlaneRestorer restorer) {
        this.restorer = restorer;
    }

    /**
     * Does it; the input stays as it is.
     *
     * @throws IllegalArgumentException if it has less than 2 dimensions or no pixel, is constant, or a pixel isn't finite
     * @throws ModelException if the network fails
     * @throws CancellationException if the user cancels
     */
    public <T extends RealType<?>> Result restore(RandomAccessibleInterval<T> input, Progress progress) {
        List<RandomAccessibleInterval<T>> planes = planes(input);
        List<Integer> textured = new ArrayList<>();
        List<VarianceCurve> curves = new ArrayList<>();
        for (int i = 0; i < planes.size(); i++) {
            progress.check();
            if (!isConstant(planes.get(i))) {
                textured.add(i);
                if (restorer.estimatesNoise()) {
                    curves.add(Denoiser.curve(planes.get(i)));
                }
            }
        }
        if (textured.isEmpty()) {
            throw new IllegalArgumentException("The image is constant: all pixels are equal, so there is nothing to " + restorer.verb() + ".");
        }
        NoiseModel noise = restorer.noise(curves).model();
        Scaling scaling = Scaling.pool(textured.stream().map(i -> restorer.measure(planes.get(i), noise)).toList());
        RandomAccessibleInterval<FloatType> image = like(input);
        RandomAccessibleInterval<FloatType> sd = restorer.mode() == Mode.UNCERTAINTY ? like(input) : null;
        LoopBuilder.setImages(input, image).forEachPixel((from, to) -> to.set(from.getRealFloat()));
        List<RandomAccessibleInterval<FloatType>> images = planes(image);
        for (int k = 0; k < textured.size(); k++) {
            int i = textured.get(k);
            Restored plane = restorer.restore(planes.get(i), scaling, i * restorer.samples(), progress.part(k, textured.size()));
            copy(plane.image(), images.get(i));
            if (sd != null) {
                copy(plane.sd(), planes(sd).get(i));
            }
        }
        return new Result(image, sd);
    }

    /** The planes [x, y] in the order of the last axes. */
    private static <T> List<RandomAccessibleInterval<T>> planes(RandomAccessibleInterval<T> image) {
        if (image.numDimensions() < 2 || LongStream.of(image.dimensionsAsLongArray()).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException("The image has " + image.numDimensions() + " dimensions of "
                    + java.util.Arrays.toString(image.dimensionsAsLongArray()) + " pixels; needed are 2 dimensions or more, none of them empty.");
        }
        List<RandomAccessibleInterval<T>> planes = List.of(image);
        while (planes.get(0).numDimensions() > 2) {
            int last = planes.get(0).numDimensions() - 1;
            List<RandomAccessibleInterval<T>> slices = new ArrayList<>();
            for (RandomAccessibleInterval<T> plane : planes) {
                LongStream.rangeClosed(plane.min(last), plane.max(last)).forEach(at -> slices.add(Views.hyperSlice(plane, last, at)));
            }
            planes = slices;
        }
        return planes;
    }

    private static RandomAccessibleInterval<FloatType> like(RandomAccessibleInterval<?> input) {
        return Views.translate(new PlanarImgFactory<>(new FloatType()).create(input.dimensionsAsLongArray()), input.minAsLongArray());
    }

    private static void copy(RandomAccessibleInterval<FloatType> from, RandomAccessibleInterval<FloatType> to) {
        LoopBuilder.setImages(from, to).forEachPixel((in, out) -> out.set(in));
    }

    /** Whether all pixels have one value, and more than one pixel says so. */
    private static boolean isConstant(RandomAccessibleInterval<? extends RealType<?>> plane) {
        Cursor<? extends RealType<?>> cursor = Views.flatIterable(plane).cursor();
        double first = cursor.next().getRealDouble();
        while (cursor.hasNext()) {
            if (cursor.next().getRealDouble() != first) {
                return false;
            }
        }
        return plane.dimension(0) * plane.dimension(1) > 1;
    }
}
