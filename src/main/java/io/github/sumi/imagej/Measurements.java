// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import ij.process.ImageProcessor;
import io.github.sumi.pipeline.NoiseFit;
import io.github.sumi.pipeline.PlaneRestorer;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.Scaling;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Noise and grey values of the planes that are restored, by their index; the same for all planes of a channel, unless the
 * options have them measured plane by plane.
 *
 * @param noises of each plane that isn't constant
 * @param scalings of the same planes
 * @param constant planes that were asked for, but have pixels of one value alone
 */
record Measurements(Map<Integer, NoiseFit> noises, Map<Integer, Scaling> scalings, int constant) {

    static Measurements of(ImagePlus source, PlaneRestorer restorer, ImageOptions options, Progress progress) {
        PlaneCurves curves = PlaneCurves.of(source, restorer.estimatesNoise(), options, progress);
        Map<Integer, NoiseFit> fits = new TreeMap<>();
        curves.curves().forEach((group, list) -> fits.put(group, restorer.noise(list)));
        Map<Integer, NoiseFit> noises = new TreeMap<>();
        curves.groups().forEach((index, group) -> noises.put(index, fits.get(group)));
        return new Measurements(noises, scalings(source, restorer, noises, curves.groups(), progress), curves.constant());
    }

    /** What the user should know of the noise and grey values; of several channels each with its number. */
    List<String> warnings(ImagePlus source) {
        Set<String> warnings = new LinkedHashSet<>();
        noises.forEach((index, noise) -> {
            String where = source.getNChannels() == 1 ? "" : "Channel " + source.convertIndexToPosition(index)[0] + ": ";
            noise.warnings().forEach(warning -> warnings.add(where + warning));
            scalings.get(index).warnings().forEach(warning -> warnings.add(where + warning));
        });
        return List.copyOf(warnings);
    }

    private static Map<Integer, Scaling> scalings(ImagePlus source, PlaneRestorer restorer, Map<Integer, NoiseFit> noises,
            Map<Integer, Integer> groups, Progress progress) {
        Map<Integer, Scaling> each = new TreeMap<>();
        Map<Integer, List<Scaling>> pools = new TreeMap<>();
        noises.forEach((index, noise) -> {
            progress.check();
            ImageProcessor plane = source.getStack().getProcessor(index);
            Scaling scaling = PlaneCurves.ofPlane(source, index, () -> restorer.measure(PlaneImages.image(plane), noise.model()));
            each.put(index, scaling);
            pools.computeIfAbsent(groups.get(index), which -> new ArrayList<>()).add(scaling);
        });
        each.replaceAll((index, scaling) -> Scaling.pool(pools.get(groups.get(index))));
        return each;
    }
}
