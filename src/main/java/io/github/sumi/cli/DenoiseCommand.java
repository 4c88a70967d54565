// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageDenoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.NoiseModel;
import io.github.sumi.pipeline.Sampling;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi denoise IN OUT}. */
@Command(name = "denoise", mixinStandardHelpOptions = true, description = "Denoise TIFF images, plane by plane, or an OME-Zarr image, block by block.")
final class DenoiseCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "IN", description = "a TIFF file, a glob such as 'raw/*.tif', a folder, or an OME-Zarr image")
    String in;
    @Parameters(index = "1", paramLabel = "OUT", description = "the TIFF file or OME-Zarr image to write; for a glob or folder, a folder")
    Path out;
    @Mixin
    CommonOptions common;
    @Mixin
    FolderOptions folders;
    @Mixin
    TileOptions tiles;
    @Mixin
    PlaneOptions planes;
    @Option(names = "--model", defaultValue = ModelLibrary.DENOISER, description = "name, folder or .zip of a model (default: ${DEFAULT-VALUE})")
    String modelName;
    @Option(names = "--noise", defaultValue = "auto", description = "auto (estimated), gaussian with --sigma, or camera with --gain, --offset and --readnoise")
    String noise;
    @Option(names = "--sigma", description = "SD of Gaussian noise in grey values")
    Double sigma;
    @Option(names = "--gain", description = "grey values per photon, for camera noise")
    Double gain;
    @Option(names = "--offset", description = "grey value without light, for camera noise")
    Double offset;
    @Option(names = "--readnoise", description = "SD of reading in grey values, for camera noise")
    Double readnoise;
    @Option(names = "--mode", defaultValue = "mean", description = "mean, sample or uncertainty (also writes OUT-sd.tif)")
    String mode;
    @Option(names = "--flips", description = "mean over 8 flips and quarter turns, for --mode mean: a little better, 8 times as long")
    boolean flips;
    @Option(names = "--samples", defaultValue = "8", description = "chains of uncertainty (default: ${DEFAULT-VALUE})")
    int samples;
    @Option(names = "--steps", defaultValue = "20", description = "steps of a chain (default: ${DEFAULT-VALUE})")
    int steps;
    @Option(names = "--sampler", defaultValue = Sampling.MODEL, description = "of sample and uncertainty: ddpm, ddim or dpmpp-sde (default: the model's own)")
    String sampler;
    @Option(names = "--eta", defaultValue = "1", description = "noise of ddim: 1, since less draws no fair sample (default: ${DEFAULT-VALUE})")
    double eta;
    @Option(names = "--cluster", description = "share a folder's files among the executors of Spark (docs/scaling.md)")
    boolean cluster;
    @Spec
    CommandSpec spec;
    /** The files to denoise, where they aren't all that IN means: those that a process of a cluster is given. */
    List<Jobs.Job> share;

    @Override
    public Integer call() throws IOException {
        DenoiseOptions options = new DenoiseOptions(NoiseModel.of(noise, sigma, gain, offset, readnoise), Mode.of(mode), samples, steps, common.seed,
                tiles.tile, tiles.overlap, Sampling.of(sampler, eta), tiles.device(), flips);
        ImageOptions imageOptions = planes.imageOptions();
        folders.check(common);
        LargeImageDenoiser large = share != null ? null : LargeFormats.of(in);
        List<Jobs.Job> jobs = share != null ? share : large == null ? Jobs.of(in, out, folders) : List.of(new Jobs.Job(Path.of(in), out));
        PlaneFiles files = new PlaneFiles(options.mode(), common.overwrite, err());
        if (cluster && share == null && large == null) {
            return new Batch(jobs, folders, spec.commandLine()).share(files::last, files::targets, this::words);
        }
        Model model = ModelLibrary.standard(null).find(modelName);
        try (Denoiser denoiser = new Denoiser(model, options)) {
            files.announce(denoiser);
            if (large != null) {
                return new Batch(jobs, folders, spec.commandLine()).run(Jobs.Job::out,
                        job -> LargeFormats.denoise(large, in, place(), model, options, imageOptions, common.overwrite, denoiser, err()));
            }
            return new Batch(jobs, folders, spec.commandLine()).run(files::last, job -> files.restore(job, denoiser, imageOptions, result -> {
                RunInfo.add(result, model, options, imageOptions, denoiser);
                return result.noise().model().describe() + ", ";
            }));
        }
    }

    /** OUT as it was given: an address is no path. */
    private String place() {
        return spec.positionalParameters().get(1).originalStringValues().get(0);
    }

    /** For a process of a cluster, whose files were looked at already: what it wrote before it went down is written again. */
    private List<String> words() {
        List<String> words = new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
        Path folder = Path.of(modelName);
        if (Files.exists(folder)) {
            words.replaceAll(word -> word.equals(modelName) || word.equals("--model=" + modelName)
                    ? word.replace(modelName, folder.toAbsolutePath().toString()) : word);
        }
        words.removeAll(List.of("--skip-existing", "--overwrite", "--json"));
        words.addAll(List.of("--overwrite", "--json"));
        return words;
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
