// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import io.github.sumi.pipeline.PlanePixels;
import io.github.sumi.pipeline.Region;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Reads the same part of several planes at once, since chunks may hold several: what was read last is kept. */
final class SlabReader {

    private final ZarrArray array;
    private final Box slab;
    private Block last;

    /** @param slab planes; its y and x don't matter */
    SlabReader(ZarrArray array, Box slab) {
        this.array = array;
        this.slab = slab;
    }

    /** A part of all planes. */
    Block read(Region region) throws IOException {
        int x = slab.shape().length - 1;
        Box box = slab.with(x - 1, region.y(), region.height()).with(x, region.x(), region.width());
        if (last == null || !last.box().same(box)) {
            last = array.read(box);
        }
        return last;
    }

    /** One plane of the slab. @param position of it */
    PlanePixels plane(long[] position) {
        long[] shape = array.header().shape();
        return new PlanePixels() {
            @Override
            public int width() {
                return (int) shape[shape.length - 1];
            }

            @Override
            public int height() {
                return (int) shape[shape.length - 2];
            }

            @Override
            public boolean isConstant() {
                try {
                    boolean missing = array.isMissing(slab.with(shape.length - 2, 0, height()).with(shape.length - 1, 0, width()));
                    return missing ? (long) width() * height() > 1 : PlanePixels.super.isConstant();
                } catch (IOException e) {
                    throw new UncheckedIOException(e.getMessage(), e);
                }
            }

            @Override
            public float[] read(Region region) {
                try {
                    Block block = SlabReader.this.read(region);
                    long[] at = position.clone();
                    at[shape.length - 2] = region.y();
                    at[shape.length - 1] = region.x();
                    ByteBuffer buffer = block.buffer();
                    int first = block.box().index(at);
                    float[] pixels = new float[region.size()];
                    for (int i = 0; i < pixels.length; i++) {
                        pixels[i] = (float) block.type().get(buffer, first + i);
                    }
                    return pixels;
                } catch (IOException e) {
                    throw new UncheckedIOException(e.getMessage(), e);
                }
            }
        };
    }
}
