// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageDenoiser;
import io.github.sumi.pipeline.LargeImageJob;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.Residual;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Denoises OME-Zarr images of version 0.4 and 0.5, block by block. */
public final class OmeZarrDenoiser implements LargeImageDenoiser {

    /** Has units of work done elsewhere. */
    @FunctionalInterface
    public interface Distributor {
        /**
         * Has all of them done, by {@link UnitRunner}s, in any order; some may have been done already.
         *
         * @throws IOException in a sentence, if one can't be done
         */
        void run(RunPlace place, String stage, List<Integer> units, Progress progress) throws IOException;
    }

    /** Bytes that a chain needs for each pixel of a plane, about: its state, moments, and what the network reads and writes. */
    private static final int CHAIN_BYTES = 64;
    /** Bytes of a block that it may have in any case, and at most. */
    private static final long LEAST_BLOCK = 256L << 20;
    private static final long LARGEST_BLOCK = 1L << 30;

    private final Distributor distributor;

    /** Does all work itself. */
    public OmeZarrDenoiser() {
        this(null);
    }

    /** @param distributor null to do all work here */
    public OmeZarrDenoiser(Distributor distributor) {
        this.distributor = distributor;
    }

    @Override
    public boolean accepts(String place) {
        if (Places.isAddress(place)) {
            return Places.accepts(place);
        }
        Path in = Path.of(place);
        return Files.exists(in.resolve(OmeImage.GROUP_V3)) || Files.exists(in.resolve(OmeImage.GROUP_V2)) || Files.exists(in.resolve(OmeImage.ATTRIBUTES_V2))
                || Files.exists(in.resolve(ArrayHeader.V2));
    }

    @Override
    public String denoise(LargeImageJob job, Denoiser denoiser, Progress progress, Consumer<String> warnings) throws IOException {
        OmeImage image = OmeImage.open(Places.input(job.in()), job.in());
        long memory = Runtime.getRuntime().maxMemory();
        RunSpec asked = RunSpec.of(job, image, denoiser.device(),
                distributor == null ? Math.max(LEAST_BLOCK, Math.min(LARGEST_BLOCK, memory / 4)) : LEAST_BLOCK);
        // refuses channels that the image doesn't have
        PlaneIndex.of(image, asked);
        checkMemory(image.finest().header(), asked, memory);
        Map<String, String> targets = new LinkedHashMap<>();
        for (String name : Work.names(asked)) {
            targets.put(name, Work.target(job.out(), name));
            Places.checkApart(job.in(), targets.get(name));
        }
        try (Closeable lock = Places.lock(job.out())) {
            return denoise(job, image, Places.begin(targets, asked, job.overwrite()), denoiser, progress, warnings);
        }
    }

    private String denoise(LargeImageJob job, OmeImage image, RunStorage storage, Denoiser denoiser, Progress progress,
            Consumer<String> warnings) throws IOException {
        if (storage.finished()) {
            storage.finish();
            return "was whole already";
        }
        long begin = System.nanoTime();
        Work work = new Work(image, storage.spec(), storage.results(), storage.state(), denoiser);
        Run run = new Run(work, job.model());
        RunPlace place = new RunPlace(Places.normal(job.in()), storage.place());
        run.run(distributor == null ? run::here : (stage, missing, part) -> distributor.run(place, stage.name(), missing, part), progress, warnings);
        Measured.Noise noise = run.noise();
        Measured.Written written = run.written();
        Residual residual = Run.residual(written);
        if (residual != null) {
            residual.warnings().forEach(warnings);
        }
        storage.finish();
        return String.format(Locale.ROOT, "%s, %d planes on %s, %.1f s, %d clipped pixels%s", noise.models().values().iterator().next().describe(),
                PlaneIndex.of(image, storage.spec()).count() - noise.constant().size(), denoiser.device(), (System.nanoTime() - begin) / 1e9, written.clipped(),
                noise.constant().isEmpty() ? "" : ", " + noise.constant().size() + " constant planes left as they are");
    }

    private static void checkMemory(ArrayHeader header, RunSpec spec, long memory) {
        Mode mode = spec.options().mode();
        long[] shape = header.shape();
        long width = shape[shape.length - 1];
        long height = shape[shape.length - 2];
        double needed = (double) CHAIN_BYTES * width * height;
        if (mode != Mode.MEAN && needed > memory) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "mode is %s, which needs a whole plane in memory: planes of %d x %d pixels take"
                    + " about %.1f GiB, and Java may take %.1f GiB. Choose mode mean, or let Java take more, with -Xmx in JAVA_TOOL_OPTIONS.",
                    mode.key(), width, height, needed / (1 << 30), memory / (double) (1 << 30)));
        }
    }
}
