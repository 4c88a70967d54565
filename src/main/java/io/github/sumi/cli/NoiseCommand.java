// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import ij.ImagePlus;
import io.github.sumi.imagej.ImageNoise;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.TiffFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi noise IN}. */
@Command(name = "noise", mixinStandardHelpOptions = true, description = "Estimate the camera noise of TIFF images: a line for each file and channel.")
final class NoiseCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "IN", description = "a TIFF file, a glob such as 'raw/*.tif', or a folder")
    String in;
    @Mixin
    InputOptions inputs;
    @Option(names = "--scope", defaultValue = "stack", description = "stack or plane (the first)")
    String scope;
    @Option(names = "--channels", defaultValue = "all", description = "all, or numbers such as 1,3")
    String channels;
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ImageOptions options = ImageOptions.of(scope, channels, "stack", "input");
        List<Path> files = Jobs.inputs(in, inputs);
        JsonArray summary = new JsonArray();
        int worst = 0;
        for (Path file : files) {
            JsonObject entry = new JsonObject();
            entry.addProperty("in", file.toString());
            summary.add(entry);
            try {
                entry.add("channels", measure(file, options));
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                Throwable fault = Sumi.ofCancel(e);
                if (fault instanceof CancellationException cancelled) {
                    throw cancelled;
                }
                entry.addProperty("error", Sumi.sentence(fault));
                spec.commandLine().getErr().println((files.size() == 1 ? "" : file + ": ") + Sumi.sentence(fault));
                worst = Math.max(worst, files.size() == 1 && fault instanceof IllegalArgumentException ? Sumi.USAGE : Sumi.FAILED);
            }
        }
        if (inputs.json) {
            JsonObject all = new JsonObject();
            all.add("files", summary);
            spec.commandLine().getOut().println(new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all));
        }
        return worst;
    }

    private JsonArray measure(Path file, ImageOptions options) throws IOException {
        ImagePlus image = TiffFiles.open(file);
        JsonArray found = new JsonArray();
        try (ConsoleProgress progress = new ConsoleProgress(image.getTitle(), spec.commandLine().getErr())) {
            for (ImageNoise noise : ImageNoise.of(image, options, progress)) {
                if (!inputs.json) {
                    spec.commandLine().getOut().println(file + ", " + noise.describe() + "; " + noise.options().replaceAll("(\\w+)=", "--$1 "));
                }
                noise.fit().warnings().forEach(warning -> spec.commandLine().getErr().println(file + ", channel " + noise.channel() + ": " + warning));
                found.add(json(noise));
            }
        }
        return found;
    }

    private static JsonObject json(ImageNoise noise) {
        JsonObject channel = new JsonObject();
        channel.addProperty("channel", noise.channel());
        channel.addProperty("planes", noise.planes());
        channel.addProperty("noise", noise.fit().model().isGaussian() ? "gaussian" : "camera");
        channel.addProperty("gain", noise.fit().model().gain());
        channel.addProperty("offset", noise.fit().model().offset());
        channel.addProperty("readnoise", noise.fit().model().readNoise());
        channel.addProperty("confident", noise.fit().confident());
        channel.addProperty("correlation", noise.fit().curve().pattern().correlation());
        channel.addProperty("rows", noise.fit().curve().pattern().rows());
        channel.addProperty("columns", noise.fit().curve().pattern().columns());
        JsonArray warnings = new JsonArray();
        noise.fit().warnings().forEach(warnings::add);
        channel.add("warnings", warnings);
        return channel;
    }
}
