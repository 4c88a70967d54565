// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import io.github.sumi.pipeline.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Makes a coarser resolution: each pixel is the mean of those of the finer one that it covers. */
final class LevelStage implements Stage {

    private static final int LARGEST_SIDE = 2048;
    private static final long LARGEST_BLOCK = 32L << 20;

    private final Work work;
    private final String result;
    private final int level;
    private final int[] factors;
    private final ArrayHeader header;
    private final Grid blocks;

    LevelStage(Work work, String result, int level) throws ZarrException {
        this.work = work;
        this.result = result;
        this.level = level;
        Pyramid pyramid = work.pyramid(result);
        this.factors = pyramid.factors().get(level);
        this.header = pyramid.levels().get(level).header();
        this.blocks = new Grid(header.shape(), Blocks.grow(header, header.type().bytes(), LARGEST_SIDE, LARGEST_BLOCK));
    }

    @Override
    public String name() {
        return result + "-level-" + level;
    }

    @Override
    public int units() {
        return blocks.count();
    }

    @Override
    public double share() {
        return level == 1 ? 0.015 : 0.005;
    }

    @Override
    public byte[] run(int unit, Progress progress) throws IOException {
        progress.check();
        Box box = blocks.box(unit);
        ZarrArray fine = work.result(result, level - 1);
        long[] offset = box.offset().clone();
        int[] shape = box.shape().clone();
        for (int d = 0; d < shape.length; d++) {
            offset[d] *= factors[d];
            // a pixel that doesn't make a whole one is left out where the coarse shape was rounded down
            shape[d] = (int) Math.min((long) shape[d] * factors[d], fine.header().shape()[d] - offset[d]);
        }
        Box below = new Box(offset, shape);
        if (!fine.isMissing(below)) {
            work.result(result, level).write(means(fine.read(below), box));
        }
        return new byte[0];
    }

    private Block means(Block fine, Box box) throws ZarrException {
        double[] sums = new double[box.size()];
        int[] extents = fine.box().shape();
        int x = extents.length - 1;
        Grid rows = rows(extents);
        ByteBuffer pixels = fine.buffer();
        int at = 0;
        for (int r = 0; r < rows.count(); r++) {
            long[] position = rows.coordinates(r);
            for (int d = 0; d < x; d++) {
                position[d] = position[d] / factors[d] + box.offset()[d];
            }
            position[x] = box.offset()[x];
            int target = box.index(position);
            for (int i = 0; i < extents[x]; i++) {
                sums[target + i / factors[x]] += fine.type().get(pixels, at++);
            }
        }
        Block means = Block.allocate(fine.type(), box);
        ByteBuffer buffer = means.buffer();
        rows = rows(box.shape());
        for (int i = 0, r = 0; r < rows.count(); r++) {
            int ofRow = count(rows.coordinates(r), extents);
            for (int k = 0; k < box.shape()[x]; k++, i++) {
                fine.type().put(buffer, i, sums[i] / (ofRow * Math.min(factors[x], extents[x] - k * factors[x])));
            }
        }
        return means;
    }

    /** Each row of a box by itself. */
    private static Grid rows(int[] shape) {
        int[] row = shape.clone();
        Arrays.fill(row, 0, row.length - 1, 1);
        return new Grid(Arrays.stream(shape).asLongStream().toArray(), row);
    }

    /** How many rows of fine pixels make the row of coarse ones at coordinates within the block. */
    private int count(long[] coordinates, int[] extents) {
        int count = 1;
        for (int d = 0; d < extents.length - 1; d++) {
            count *= (int) Math.min(factors[d], extents[d] - coordinates[d] * factors[d]);
        }
        return count;
    }
}
