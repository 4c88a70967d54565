// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.PlanePixels;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.Region;
import io.github.sumi.pipeline.Restored;
import io.github.sumi.pipeline.Scaling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import net.imglib2.Cursor;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;

/** Denoises and writes the finest resolution, block by block. */
final class PixelStage implements Stage {

    static final String NAME = "pixels";

    /** Bytes of the planes that are read at once. */
    private static final long MOST_BYTES = 128L << 20;

    private final Work work;
    private final Grid blocks;
    private final PlaneIndex planes;
    private Measured.Whole measured;
    private Measured.Noise noise;

    PixelStage(Work work) {
        this.work = work;
        this.blocks = new Grid(work.image().finest().header().shape(), work.spec().blockShape());
        this.planes = work.planes();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int units() {
        return blocks.count();
    }

    @Override
    public double share() {
        return 0.95;
    }

    @Override
    public byte[] run(int unit, Progress progress) throws IOException {
        if (measured == null) {
            measured = Measured.parse(work.state().read(RangeStage.RESULT), Measured.Whole.class);
            noise = Measured.parse(work.state().read(NoiseStage.RESULT), Measured.Noise.class);
        }
        Box box = blocks.box(unit);
        ZarrArray result = work.result(Work.IMAGE, 0);
        ZarrArray deviation = work.spec().options().mode() == Mode.UNCERTAINTY ? work.result(Work.SD, 0) : null;
        List<long[]> positions = planes.positions(box);
        ZarrArray input = work.input();
        if (positions.stream().allMatch(position -> scaling(position) == null) && result.header().fill() == input.header().fill() && input.isMissing(box)) {
            return Measured.bytes(new Measured.Written(0, 0, 0, 0));
        }
        Block image = Block.allocate(result.header().type(), box);
        Block sd = deviation == null ? null : Block.allocate(deviation.header().type(), box);
        Tally tally = new Tally();
        Region window = window(box);
        int[] cells = Blocks.slab(input.header(), window.size(), MOST_BYTES);
        int y = box.shape().length - 2;
        Box slab = null;
        SlabReader reader = null;
        for (int i = 0; i < positions.size(); i++) {
            long[] position = positions.get(i);
            Box at = y == 0 ? box : slab(box, position, y - 1, cells[y - 1]);
            if (slab == null || !slab.same(at)) {
                slab = at;
                reader = new SlabReader(input, at);
            }
            Scaling scaling = scaling(position);
            Progress part = progress.part(i, positions.size());
            if (scaling == null) {
                copy(reader.read(region(box)), position, image);
            } else {
                Restored denoised = denoise(reader.plane(position), position, box, scaling, part);
                tally.add(denoised, put(denoised.image(), position, image));
                if (sd != null) {
                    put(denoised.sd(), position, sd);
                }
            }
            part.update(1);
        }
        result.write(image);
        if (sd != null) {
            deviation.write(sd);
        }
        return Measured.bytes(tally.written());
    }

    /** Null of a plane that stays as it is. */
    private Scaling scaling(long[] position) {
        return planes.includes(position) && !noise.constant().contains(planes.at(position)) ? measured.groups().get(planes.group(position)) : null;
    }

    /** Planes that are read with the one at a position. */
    private static Box slab(Box box, long[] position, int axis, int depth) {
        long from = position[axis] - (position[axis] - box.offset()[axis]) % depth;
        int extent = (int) Math.min(depth, box.offset()[axis] + box.shape()[axis] - from);
        int[] one = box.shape().clone();
        java.util.Arrays.fill(one, 0, axis, 1);
        return new Box(position, one).with(axis, from, extent);
    }

    private static Region region(Box box) {
        int x = box.shape().length - 1;
        return new Region((int) box.offset()[x], (int) box.offset()[x - 1], box.shape()[x], box.shape()[x - 1]);
    }

    /** What has to be read for a block. */
    private Region window(Box box) {
        long[] shape = blocks.shape();
        return work.spec().options().mode() == Mode.MEAN
                ? work.denoiser().window((int) shape[shape.length - 1], (int) shape[shape.length - 2], region(box)) : region(box);
    }

    private Restored denoise(PlanePixels plane, long[] position, Box box, Scaling scaling, Progress progress) {
        int number = planes.at(position);
        try {
            if (work.spec().options().mode() == Mode.MEAN) {
                return work.denoiser().denoise(plane, region(box), scaling, progress);
            }
            Img<FloatType> whole = ArrayImgs.floats(plane.read(region(box)), plane.width(), plane.height());
            Restored denoised = work.denoiser().denoise(whole, scaling, Math.multiplyExact(number, work.spec().options().samples()), progress);
            if (!work.denoiser().memoryNote().isEmpty()) {
                throw new ModelException("Memory ran out: " + work.denoiser().memoryNote() + ". Planes of one image must have tiles of one size;"
                        + " close other programs, or choose a smaller tile.");
            }
            return denoised;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Plane " + (number + 1) + ": " + e.getMessage(), e);
        }
    }

    /** @return how many pixels the type can't hold */
    private static int put(Img<FloatType> pixels, long[] position, Block block) {
        ByteBuffer buffer = block.buffer();
        int clipped = 0;
        int i = block.box().index(position);
        Cursor<FloatType> cursor = pixels.cursor();
        while (cursor.hasNext()) {
            float value = cursor.next().get();
            clipped += block.type().holds(value) ? 0 : 1;
            block.type().put(buffer, i++, value);
        }
        return clipped;
    }

    /** A plane as it is. @param from of the same y and x as {@code to} */
    private static void copy(Block from, long[] position, Block to) {
        int pixels = to.box().shape()[position.length - 1] * to.box().shape()[position.length - 2];
        int first = from.box().index(position);
        int at = to.box().index(position);
        if (from.type() == to.type()) {
            int size = from.type().bytes();
            System.arraycopy(from.bytes(), first * size, to.bytes(), at * size, pixels * size);
            return;
        }
        ByteBuffer source = from.buffer();
        ByteBuffer target = to.buffer();
        for (int i = 0; i < pixels; i++) {
            to.type().put(target, at + i, from.type().get(source, first + i));
        }
    }

    /** Sums over the planes of a block. */
    private static final class Tally {
        private double varianceRatio;
        private double correlation;
        private int residuals;
        private long clipped;

        void add(Restored denoised, int newlyClipped) {
            clipped += newlyClipped;
            if (denoised.residual() != null) {
                varianceRatio += denoised.residual().varianceRatio();
                correlation += denoised.residual().correlation();
                residuals++;
            }
        }

        Measured.Written written() {
            return new Measured.Written(varianceRatio, correlation, residuals, clipped);
        }
    }
}
