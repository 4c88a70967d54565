// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import io.github.sumi.pipeline.PlanePixels;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.Scaling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures the grey values of the planes, with their noise allowed for. */
final class RangeStage implements Stage {

    static final String NAME = "range";
    /** Key of what is known when the stage is through. */
    static final String RESULT = "range.json";

    private final Work work;
    private final Grid slabs;
    private Measured.Noise noise;

    RangeStage(Work work) {
        this.work = work;
        this.slabs = NoiseStage.slabs(work.image());
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
        return 0.02;
    }

    @Override
    public byte[] run(int unit, Progress progress) throws IOException {
        if (noise == null) {
            noise = Measured.parse(work.state().read(NoiseStage.RESULT), Measured.Noise.class);
        }
        Box slab = slabs.box(unit);
        SlabReader reader = new SlabReader(work.input(), slab);
        PlaneIndex planes = work.planes();
        // the planes of a group are measured together, since chunks may hold several
        Map<Integer, List<PlanePixels>> groups = new TreeMap<>();
        for (long[] position : planes.positions(slab)) {
            if (planes.includes(position) && !noise.constant().contains(planes.at(position))) {
                groups.computeIfAbsent(planes.group(position), group -> new ArrayList<>()).add(reader.plane(position));
            }
        }
        Measured.Ranges ranges = new Measured.Ranges(new ArrayList<>(), new ArrayList<>());
        groups.forEach((group, of) -> {
            progress.check();
            ranges.groups().add(group);
            ranges.scalings().add(Scaling.pool(work.denoiser().measure(of, noise.models().get(group))));
        });
        return Measured.bytes(ranges);
    }

    @Override
    public void conclude() throws IOException {
        Map<Integer, Scaling> scalings = new TreeMap<>();
        for (Measured.Ranges ranges : Measured.all(work.state(), this, Measured.Ranges.class)) {
            for (int i = 0; i < ranges.groups().size(); i++) {
                scalings.merge(ranges.groups().get(i), ranges.scalings().get(i), (a, b) -> Scaling.pool(List.of(a, b)));
            }
        }
        work.state().write(RESULT, Measured.bytes(new Measured.Whole(scalings)));
    }
}
