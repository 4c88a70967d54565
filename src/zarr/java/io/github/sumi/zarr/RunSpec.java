// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageJob;
import io.github.sumi.pipeline.Mode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * All that a result depends on, and how the work is cut. Runs are the same where this is the same.
 *
 * @param in the image
 * @param header SHA-256 of the metadata of its finest resolution
 * @param model SHA-256 of its weights
 * @param device that runs the network: another adds in another order
 * @param channels counted from 1, empty for all
 * @param block shape of the parts that are denoised and written one by one: whole chunks
 */
record RunSpec(int version, String in, String header, String model, String device, DenoiseOptions options, List<Integer> channels,
        boolean rangePerPlane, boolean toFloat, List<Integer> block) {

    /** Counts up when another Sumi makes other pixels, or keeps other state. */
    private static final int VERSION = 1;
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    /** Pixels to a side that blocks aren't grown beyond. */
    private static final int LARGEST_SIDE = 4096;

    /**
     * @param device as {@link Denoiser#device} tells it
     * @param largestBlock bytes of a block that it isn't grown beyond
     */
    static RunSpec of(LargeImageJob job, OmeImage image, String device, long largestBlock) {
        ArrayHeader header = image.finest().header();
        int bytesPerPixel = job.toFloat() ? Float.BYTES : header.type().bytes();
        // tiles at the edges of a block are computed for its neighbours again, and a chain needs whole planes
        int[] block = job.options().mode() == Mode.MEAN ? Blocks.grow(header, bytesPerPixel, LARGEST_SIDE, largestBlock) : Blocks.planes(header);
        return new RunSpec(VERSION, Places.normal(job.in()), sha256(header.json().object().toString()), job.model().sha256(),
                deviceOnly(device), job.options(), job.channels().stream().sorted().toList(), job.rangePerPlane(), job.toFloat(), Arrays.stream(block).boxed().toList());
    }

    /** Whether another run makes the same pixels, in blocks of whatever shape. */
    boolean sameResult(RunSpec other) {
        return equals(other.withBlock(block));
    }

    /** The same in other blocks. */
    RunSpec withBlock(List<Integer> newBlock) {
        return new RunSpec(version, in, header, model, device, options, channels, rangePerPlane, toFloat, newBlock);
    }

    /** Without the reason why it isn't another. */
    static String deviceOnly(String device) {
        return device.replaceFirst(" \\(.*", "");
    }

    String json() {
        return GSON.toJson(this);
    }

    /**
     * Reads what {@link #json} writes.
     *
     * @param overwrite whether it doesn't matter
     * @return null if it can't be read and doesn't matter
     * @throws ZarrException if it can't be read
     */
    static RunSpec parse(String file, String json, boolean overwrite) throws ZarrException {
        RunSpec spec = null;
        RuntimeException fault = null;
        try {
            spec = GSON.fromJson(json, RunSpec.class);
        } catch (RuntimeException e) {
            fault = e;
        }
        if (spec != null && spec.version == VERSION) {
            return spec;
        }
        if (overwrite) {
            return null;
        }
        throw new ZarrException(file + (fault == null ? " is of another version of Sumi" : " is damaged") + "; give --overwrite to begin anew.", fault);
    }

    int[] blockShape() {
        return block.stream().mapToInt(Integer::intValue).toArray();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
