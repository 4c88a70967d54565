// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which plane of an image is which: planes are counted as ImageJ counts those of a stack, channels fastest.
 *
 * @param shape of the finest resolution
 * @param channelAxis -1 if there is none
 * @param channels that are denoised, counted from 1; empty for all
 * @param perPlane whether each plane is measured by itself, not all of a channel together
 */
record PlaneIndex(long[] shape, int channelAxis, List<Integer> channels, boolean perPlane) {

    /** @throws IllegalArgumentException if a channel isn't there */
    PlaneIndex {
        long count = channelAxis < 0 ? 1 : shape[channelAxis];
        for (int channel : channels) {
            if (channel > count) {
                throw new IllegalArgumentException("channels names channel " + channel + "; the image has " + count + ".");
            }
        }
    }

    static PlaneIndex of(OmeImage image, RunSpec spec) {
        return new PlaneIndex(image.finest().header().shape(), image.channelAxis(), spec.channels(), spec.rangePerPlane());
    }

    /** Number of axes that aren't y and x. */
    private int leading() {
        return shape.length - 2;
    }

    /** Number of the plane at a position, from 0. */
    int at(long[] position) {
        long index = 0;
        for (int d = 0; d < leading(); d++) {
            index = d == channelAxis ? index : index * shape[d] + position[d];
        }
        return Math.toIntExact(channelAxis < 0 ? index : index * shape[channelAxis] + position[channelAxis]);
    }

    /** Number of planes that are denoised, unless they are constant. */
    long count() {
        long count = 1;
        for (int d = 0; d < leading(); d++) {
            count *= d == channelAxis && !channels.isEmpty() ? channels.size() : shape[d];
        }
        return count;
    }

    /** Channel of the plane at a position, from 0. */
    int channel(long[] position) {
        return channelAxis < 0 ? 0 : (int) position[channelAxis];
    }

    /** Whether the plane at a position is denoised. */
    boolean includes(long[] position) {
        return channels.isEmpty() || channels.contains(channel(position) + 1);
    }

    /** Planes of one group share noise and grey values. */
    int group(long[] position) {
        return perPlane ? at(position) : channel(position);
    }

    /** Positions of the planes of a box, y and x where the box begins. */
    List<long[]> positions(Box box) {
        long[] counts = new long[box.shape().length];
        int[] ones = new int[counts.length];
        Arrays.fill(ones, 1);
        for (int d = 0; d < counts.length; d++) {
            counts[d] = d < leading() ? box.shape()[d] : 1;
        }
        Grid planes = new Grid(counts, ones);
        return IntStream.range(0, planes.count()).mapToObj(i -> {
            long[] position = planes.coordinates(i);
            for (int d = 0; d < position.length; d++) {
                position[d] += box.offset()[d];
            }
            return position;
        }).toList();
    }
}
