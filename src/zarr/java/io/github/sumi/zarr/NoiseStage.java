// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.NoiseFit;
import io.github.sumi.pipeline.NoiseModel;
import io.github.sumi.pipeline.PlanePixels;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.VarianceCurve;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds constant planes, and the noise of the others where it isn't given. */
final class NoiseStage implements Stage {

    static final String NAME = "noise";
    /** Key of what is known when the stage is through. */
    static final String RESULT = "noise.json";

    /** Bytes of the planes that are read at once. */
    private static final long MOST_BYTES = 64L << 20;
    private static final long CELL_PIXELS = (long) PlanePixels.CELL * PlanePixels.CELL;
    /** Curves of a group that are fitted; of more planes as many, evenly spread. */
    private static final int MOST_CURVES = 1000;

    private final Work work;
    private final Grid slabs;

    NoiseStage(Work work) {
        this.work = work;
        this.slabs = slabs(work.image());
    }

    /** The units of measuring. */
    static Grid slabs(OmeImage image) {
        ArrayHeader header = image.finest().header();
        long[] shape = header.shape();
        long plane = shape[shape.length - 1] * shape[shape.length - 2];
        return new Grid(shape, Blocks.slab(header, Math.min(plane, CELL_PIXELS), MOST_BYTES));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int units() {
        return slabs.count();
    }

    @Override
    public double share() {
        return 0.01;
    }

    @Override
    public byte[] run(int unit, Progress progress) throws IOException {
        Box slab = slabs.box(unit);
        SlabReader reader = new SlabReader(work.input(), slab);
        Measured.Curves found = new Measured.Curves(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        PlaneIndex planes = work.planes();
        for (long[] position : planes.positions(slab)) {
            progress.check();
            if (planes.includes(position)) {
                PlanePixels plane = reader.plane(position);
                boolean constant = plane.isConstant();
                found.planes().add(planes.at(position));
                found.groups().add(planes.group(position));
                found.constant().add(constant);
                found.curves().add(constant || work.spec().options().noise() != null ? null : curve(plane, planes.at(position)));
            }
        }
        return Measured.bytes(found);
    }

    private VarianceCurve curve(PlanePixels plane, int number) {
        try {
            return Denoiser.curve(plane);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Plane " + (number + 1) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void conclude() throws IOException {
        Set<Integer> constant = new TreeSet<>();
        Map<Integer, Integer> textured = new TreeMap<>();
        List<Measured.Curves> units = Measured.all(work.state(), this, Measured.Curves.class);
        for (Measured.Curves found : units) {
            for (int i = 0; i < found.planes().size(); i++) {
                if (found.constant().get(i)) {
                    constant.add(found.planes().get(i));
                } else {
                    textured.merge(found.groups().get(i), 1, Integer::sum);
                }
            }
        }
        if (textured.isEmpty()) {
            throw new IllegalArgumentException("The image " + work.image().name() + " is constant: all pixels of each plane are equal, so there is nothing to denoise.");
        }
        Map<Integer, NoiseModel> models = new TreeMap<>();
        Set<String> notes = new LinkedHashSet<>();
        curves(textured, units).forEach((group, curves) -> {
            NoiseFit fit = work.denoiser().noise(curves);
            models.put(group, fit.model());
            boolean named = work.image().channels() > 1 && !work.spec().rangePerPlane();
            fit.warnings().forEach(warning -> notes.add((named ? "Channel " + (group + 1) + ": " : "") + warning));
        });
        work.state().write(RESULT, Measured.bytes(new Measured.Noise(models, List.copyOf(notes), constant)));
    }

    /** Of each group. @param textured how many planes of each group have curves */
    private Map<Integer, List<VarianceCurve>> curves(Map<Integer, Integer> textured, List<Measured.Curves> units) {
        Map<Integer, List<VarianceCurve>> curves = new TreeMap<>();
        textured.keySet().forEach(group -> curves.put(group, new ArrayList<>()));
        Map<Integer, Integer> seen = new TreeMap<>();
        for (Measured.Curves found : work.spec().options().noise() == null ? units : List.<Measured.Curves>of()) {
            for (int i = 0; i < found.planes().size(); i++) {
                int group = found.groups().get(i);
                int every = found.constant().get(i) ? 0 : (textured.get(group) + MOST_CURVES - 1) / MOST_CURVES;
                if (every > 0 && (seen.merge(group, 1, Integer::sum) - 1) % every == 0) {
                    curves.get(group).add(found.curves().get(i));
                }
            }
        }
        return curves;
    }
}
