// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which planes of an image are denoised, and what the result is.
 *
 * @param stack all planes; or else the current one alone, which then is the whole result
 * @param channels channels counted from 1; empty for all
 * @param rangePerPlane grey values and noise are measured for each plane, not once for each channel
 * @param toFloat the result has 32 bits, not the input's
 * @param keep planes that are finished when the user cancels are the result; or else there is none
 */
public record ImageOptions(boolean stack, Set<Integer> channels, boolean rangePerPlane, boolean toFloat, boolean keep) {

    public ImageOptions {
        channels = java.util.Collections.unmodifiableSet(new TreeSet<>(channels));
    }

    /** Of a run that leaves nothing when it is cancelled. */
    public ImageOptions(boolean stack, Set<Integer> channels, boolean rangePerPlane, boolean toFloat) {
        this(stack, channels, rangePerPlane, toFloat, false);
    }

    /** All planes of all channels, measured together, the result as the input. */
    public static ImageOptions defaults() {
        return new ImageOptions(true, Set.of(), false, false);
    }

    /**
     * From the values of the keys scope, channels, range and type.
     *
     * @throws IllegalArgumentException naming key, value and what is allowed
     */
    public static ImageOptions of(String scope, String channels, String range, String type) {
        return new ImageOptions(choice("scope", scope, "stack", "plane"), numbers(channels),
                choice("range", range, "plane", "stack"), choice("type", type, "float", "input"));
    }

    public ImageOptions withKeep(boolean newKeep) {
        return new ImageOptions(stack, channels, rangePerPlane, toFloat, newKeep);
    }

    /** For all planes. */
    ImageOptions ofStack() {
        return new ImageOptions(true, channels, rangePerPlane, toFloat, keep);
    }

    /** The value of the key channels. */
    String channelsText() {
        return channels.isEmpty() ? "all" : channels.stream().map(String::valueOf).collect(java.util.stream.Collectors.joining(","));
    }

    private static boolean choice(String key, String value, String yes, String no) {
        if (!value.equals(yes) && !value.equals(no)) {
            throw new IllegalArgumentException(key + " is \"" + value + "\"; it must be " + yes + " or " + no + ".");
        }
        return value.equals(yes);
    }

    private static Set<Integer> numbers(String channels) {
        Set<Integer> numbers = new TreeSet<>();
        if (!channels.equals("all")) {
            for (String part : channels.split(",", -1)) {
                if (!part.matches("[1-9][0-9]{0,5}")) {
                    throw new IllegalArgumentException("channels is \"" + channels + "\"; it must be all, or numbers such as 1,3.");
                }
                numbers.add(Integer.valueOf(part));
            }
        }
        return numbers;
    }

    /** Whether the plane is denoised. Of an image that is one plane, all is. */
    boolean includes(ImagePlus image, int index) {
        return !stack || channels.isEmpty() || channels.contains(image.convertIndexToPosition(index)[0]);
    }

    /** @throws IllegalArgumentException if a channel isn't there, or the plane isn't of the channels */
    void check(ImagePlus image) {
        int current = image.convertIndexToPosition(image.getCurrentSlice())[0];
        if (!stack && !channels.isEmpty() && !channels.contains(current)) {
            throw new IllegalArgumentException("scope is plane, and the current plane is of channel " + current + ", which is not in channels, "
                    + channels + ". Move to such a plane, or choose channels=all.");
        }
        for (int channel : channels) {
            if (channel > image.getNChannels()) {
                throw new IllegalArgumentException("channels names channel " + channel + "; the image has " + image.getNChannels() + ".");
            }
        }
    }
}
