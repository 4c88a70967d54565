// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is done with an image, in stages that follow each other.
 *
 * @param results stores of the results by {@link #IMAGE} and {@link #SD}
 * @param state what is known so far
 */
record Work(OmeImage image, RunSpec spec, Map<String, ZarrStore> results, ZarrStore state, Denoiser denoiser) {

    /** The denoised image. */
    static final String IMAGE = "image";
    /** Its standard deviations. */
    static final String SD = "sd";

    /** Names of the results. */
    static List<String> names(RunSpec spec) {
        return spec.options().mode() == Mode.UNCERTAINTY ? List.of(IMAGE, SD) : List.of(IMAGE);
    }

    /** Where a result goes. @param out place of the image; another is beside it, such as out-sd.ome.zarr for out.ome.zarr */
    static String target(String out, String result) {
        return result.equals(IMAGE) ? out : out.replaceFirst("((?i)(\\.ome)?\\.zarr)?[/\\\\]*$", "-sd$1");
    }

    PlaneIndex planes() {
        return PlaneIndex.of(image, spec);
    }

    /** The image that is read. */
    ZarrArray input() {
        return new ZarrArray(image.store(), image.finest().path(), image.name(), image.finest().header());
    }

    Pyramid pyramid(String result) throws ZarrException {
        boolean toFloat = spec.toFloat() || result.equals(SD);
        return Pyramid.of(image, toFloat ? PixelType.FLOAT32 : image.finest().header().type());
    }

    /** A resolution of a result, to be written. @param level 0 for the finest */
    ZarrArray result(String result, int level) throws ZarrException {
        OmeImage.Level of = pyramid(result).levels().get(level);
        return new ZarrArray(results.get(result), of.path(), "the result", of.header());
    }

    /** In the order in which they are done. */
    List<Stage> stages() throws ZarrException {
        List<Stage> stages = new ArrayList<>(List.of(new NoiseStage(this), new RangeStage(this), new PixelStage(this)));
        for (String result : names(spec)) {
            for (int level = 1; level < pyramid(result).levels().size(); level++) {
                stages.add(new LevelStage(this, result, level));
            }
        }
        return stages;
    }

    /** Writes the metadata of all arrays; again does no harm. */
    void writeHeaders() throws IOException {
        for (String result : names(spec)) {
            for (OmeImage.Level level : pyramid(result).levels()) {
                results.get(result).write(level.path() + "/" + (image.format() == 2 ? ArrayHeader.V2 : ArrayHeader.V3), Json.bytes(level.header().json().object()));
            }
        }
    }
}
