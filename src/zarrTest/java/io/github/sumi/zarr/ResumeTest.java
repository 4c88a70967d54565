// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.Model;
import io.github.sumi.model.TinyModel;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.LargeImageJob;
import io.github.sumi.pipeline.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {

    private static final int KILLS = 20;

    @TempDir
    Path folder;
    private Model model;
    private Path in;

    @BeforeEach
    void makeImage() throws IOException {
        model = Model.load(TinyModel.folder(folder, "sees-tile"));
        in = OmeZarrs.v05("zyx", new long[] {40, 200, 200}, 2, 200, 200).sharded(1, 100, 100).write(folder.resolve("in.zarr"), 2, OmeZarrs::nuclei);
    }

    private LargeImageJob job(String out) {
        return new LargeImageJob(in.toString(), folder.resolve(out).toString(), model, DenoiseOptions.defaults(), Set.of(), false, false, false);
    }

    private String denoise(LargeImageJob job, Progress progress) throws IOException {
        try (Denoiser denoiser = new Denoiser(model, job.options())) {
            return new OmeZarrDenoiser().denoise(job, denoiser, progress, warning -> { });
        }
    }

    private Process start(String out) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp",
                System.getProperty("java.class.path"), "io.github.sumi.cli.Sumi", "denoise", in.toString(), folder.resolve(out).toString(), "--model",
                model.location()).redirectErrorStream(true).redirectOutput(folder.resolve("said.txt").toFile()).start();
    }

    /** Files of the state, which say what is done. */
    private static long done(Path part) throws IOException {
        if (!Files.exists(part.resolve("state"))) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(part.resolve("state"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static void assertSameFiles(Path expected, Path found) throws IOException {
        List<String> files = OmeZarrs.files(expected);
        assertEquals(files, OmeZarrs.files(found));
        for (String file : files) {
            assertArrayEquals(Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(found.resolve(file)), file);
        }
    }

    /** By the operating system, at twenty random moments. */
    @Test
    void aKilledRunGoesOnAndGivesTheSameBytes() throws Exception {
        long begin = System.nanoTime();
        assertEquals(0, start("whole.zarr").waitFor());
        int millis = (int) ((System.nanoTime() - begin) / 1_000_000);
        Path out = folder.resolve("out.zarr");
        Path part = folder.resolve("out.zarr.part");
        Random random = new Random(42);
        int midway = 0;
        long before = 0;
        int killed = 0;
        int finished = 0;
        while (killed < KILLS) {
            Process process = start("out.zarr");
            boolean through = process.waitFor(random.nextInt(2 * millis / 3), TimeUnit.MILLISECONDS);
            int code = process.destroyForcibly().waitFor();
            killed += through ? 0 : 1;
            if (through || Files.exists(out) && !Files.exists(part)) {
                // nothing is left to do; it begins anew until there were kills enough
                assertTrue(!through || code == 0, Files.readString(folder.resolve("said.txt")));
                assertSameFiles(folder.resolve("whole.zarr"), out);
                Files.move(out, folder.resolve("finished-" + finished++));
                before = 0;
                continue;
            }
            // or else it was killed while it moved the result, and cleaned up
            long done = Files.exists(out) ? before : done(part);
            assertTrue(done >= before, done + " units after " + before);
            midway += done > before ? 1 : 0;
            before = done;
            assertFalse(Files.exists(out) && Files.exists(part.resolve("image")), "only a whole result is at its place");
        }
        assertTrue(midway > KILLS / 3, "kills with work done since the last: " + midway);
        Process process = start("out.zarr");
        assertEquals(0, process.waitFor(), Files.readString(folder.resolve("said.txt")));
        assertSameFiles(folder.resolve("whole.zarr"), out);
        assertFalse(Files.exists(part));
    }

    @Test
    void whatIsDoneIsNotDoneAgain() throws IOException {
        Path part = folder.resolve("out.zarr.part");
        Progress stopping = new Progress() {
            @Override
            public void update(double fraction) {
                // nobody listens
            }

            @Override
            public boolean cancelled() {
                return done(part, 30);
            }
        };
        assertThrows(CancellationException.class, () -> denoise(job("out.zarr"), stopping));
        long done = done(part);
        Path first = part.resolve("state/noise/0");
        Files.setLastModifiedTime(first, java.nio.file.attribute.FileTime.fromMillis(1000));
        assertThrows(CancellationException.class, () -> denoise(job("out.zarr"), new Progress() {
            @Override
            public void update(double fraction) {
                assertTrue(fraction > 0.01, "it goes on where it was: " + fraction);
            }

            @Override
            public boolean cancelled() {
                return done(part, done);
            }
        }));
        assertEquals(1000, Files.getLastModifiedTime(first).toMillis());
    }

    /** As where there is more memory, and blocks would be larger. */
    @Test
    void aRunKeepsTheBlocksThatItBeganWith() throws IOException {
        denoise(job("whole.zarr"), Progress.NONE);
        LargeImageJob job = job("out.zarr");
        RunSpec spec = RunSpec.of(job, OmeImage.open(new FileStore(in, null), "in"), "cpu", 256 << 20);
        RunSpec deep = spec.withBlock(List.of(20, 200, 200));
        assertTrue(deep.sameResult(spec) && !deep.equals(spec));
        RunFolder.open(Map.of(Work.IMAGE, Path.of(job.out())), deep, false);
        assertThrows(CancellationException.class, () -> denoise(job, cancelling()));
        assertTrue(Files.readString(folder.resolve("out.zarr.part/run.json")).contains("20,"));
        denoise(job, Progress.NONE);
        assertSameFiles(folder.resolve("whole.zarr"), Path.of(job.out()));
    }

    private static boolean done(Path part, long more) {
        try {
            return done(part) > more + 3;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void oneResultIsMadeByOneRun() throws IOException {
        List<Integer> codes = new ArrayList<>();
        denoise(job("out.zarr"), new Progress() {
            @Override
            public void update(double fraction) {
                if (codes.isEmpty()) {
                    try {
                        codes.add(start("out.zarr").waitFor());
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        });
        assertEquals(List.of(1), codes);
        String said = Files.readString(folder.resolve("said.txt"));
        assertTrue(said.contains("out.zarr is being made by another run; wait for it"), said);
        denoise(job("whole.zarr"), Progress.NONE);
        assertSameFiles(folder.resolve("whole.zarr"), folder.resolve("out.zarr"));
        assertFalse(Files.exists(folder.resolve("out.zarr.lock")));
    }

    @Test
    void anUnfinishedRunOfOtherOptionsIsKept() throws IOException {
        LargeImageJob job = job("out.zarr");
        assertThrows(CancellationException.class, () -> denoise(job, cancelling()));
        LargeImageJob other = new LargeImageJob(in.toString(), job.out(), model, DenoiseOptions.defaults().withSigma(9), Set.of(), false, false, false);
        String said = assertThrows(IOException.class, () -> denoise(other, Progress.NONE)).getMessage();
        assertTrue(said.contains("out.zarr.part holds an unfinished run of another image, with other options or on another device"), said);
        RunSpec spec = RunSpec.of(job, OmeImage.open(new FileStore(in, null), "in"), "cuda:0 (because)", 256 << 20);
        assertThrows(IOException.class, () -> RunFolder.open(Map.of(Work.IMAGE, Path.of(job.out())), spec, false));
        assertThrows(CancellationException.class, () -> denoise(new LargeImageJob(in.toString(), job.out(), model, other.options(), Set.of(), false, false, true), cancelling()));
        assertTrue(Files.readString(folder.resolve("out.zarr.part/run.json")).contains("\"readNoise\": 9.0"));
    }

    private static Progress cancelling() {
        return new Progress() {
            @Override
            public void update(double fraction) {
                // nobody listens
            }

            @Override
            public boolean cancelled() {
                return true;
            }
        };
    }

    /** The moments between the last pixel and the end. */
    @Test
    void aRunThatWasKilledWhileItMovedItsResultIsFinished() throws IOException {
        denoise(job("whole.zarr"), Progress.NONE);
        LargeImageJob job = job("out.zarr");
        RunSpec spec = RunSpec.of(job, OmeImage.open(new FileStore(in, null), "in"), "cpu", 256 << 20);
        RunFolder moved = RunFolder.open(Map.of(Work.IMAGE, Path.of(job.out())), spec, false);
        Files.delete(moved.part().resolve(Work.IMAGE));
        Files.move(folder.resolve("whole.zarr"), Path.of(job.out()));
        assertEquals("was whole already", denoise(job, Progress.NONE));
        assertFalse(Files.exists(moved.part()));
        assertTrue(assertThrows(IOException.class, () -> denoise(job, Progress.NONE)).getMessage().endsWith("give --overwrite to replace it."));
    }
}
