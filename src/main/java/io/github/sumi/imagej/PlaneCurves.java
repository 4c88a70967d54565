// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.process.ImageProcessor;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.VarianceCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * How the noise of an image rises with its brightness, for each group of planes that share it: a channel, or a single plane
 * where the options have noise measured plane by plane.
 *
 * @param curves of each group; empty lists where they weren't asked for
 * @param groups of each plane that isn't constant, by index
 * @param constant planes that were asked for, but have pixels of one value alone
 */
record PlaneCurves(Map<Integer, List<VarianceCurve>> curves, Map<Integer, Integer> groups, int constant) {

    /** @param measured false where the noise is known, and only the groups are needed */
    static PlaneCurves of(ImagePlus source, boolean measured, ImageOptions options, Progress progress) {
        Map<Integer, List<VarianceCurve>> curves = new TreeMap<>();
        Map<Integer, Integer> groups = new TreeMap<>();
        int constant = 0;
        for (int index = 1; index <= source.getStackSize(); index++) {
            progress.check();
            if (!options.includes(source, index)) {
                continue;
            }
            ImageProcessor plane = source.getStack().getProcessor(index);
            if (PlaneImages.isConstant(plane)) {
                constant++;
                continue;
            }
            int group = options.rangePerPlane() ? index : source.convertIndexToPosition(index)[0];
            groups.put(index, group);
            List<VarianceCurve> ofGroup = curves.computeIfAbsent(group, which -> new ArrayList<>());
            if (measured) {
                ofGroup.add(ofPlane(source, index, () -> Denoiser.curve(PlaneImages.image(plane))));
            }
        }
        return new PlaneCurves(curves, groups, constant);
    }

    /** Says which plane it is that can't be measured. */
    static <T> T ofPlane(ImagePlus source, int index, Supplier<T> measurement) {
        try {
            return measurement.get();
        } catch (IllegalArgumentException e) {
            throw source.getStackSize() == 1 ? e : new IllegalArgumentException("Plane " + index + ": " + e.getMessage(), e);
        }
    }
}
