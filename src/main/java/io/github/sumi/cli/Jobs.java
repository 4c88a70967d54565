// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** The files that IN and OUT mean. */
final class Jobs {

    /** One file in, one file out. */
    record Job(Path in, Path out) {
    }

    private Jobs() {
    }

    /**
     * @param in a file, a folder (its TIFF files) or a glob in the last part of a path
     * @param out a file, or for many a folder, made where it is missing
     * @throws IOException in a sentence, if nothing fits or a folder can't be read or made
     * @throws IllegalArgumentException if a glob isn't one
     */
    static List<Job> of(String in, Path out, FolderOptions options) throws IOException {
        Path path = Path.of(in);
        boolean glob = isGlob(in);
        if (!glob && !Files.isDirectory(path)) {
            return List.of(new Job(path, out));
        }
        // of a folder that holds OUT the results are not taken for input
        Path results = out.toAbsolutePath().normalize();
        Path folder = glob ? parent(path) : path;
        boolean mixed = results.equals(folder.toAbsolutePath().normalize());
        List<Job> jobs = inputs(in, options).stream().filter(file -> mixed || !file.toAbsolutePath().normalize().startsWith(results))
                .map(file -> new Job(file, out.resolve(folder.relativize(file)))).toList();
        if (jobs.isEmpty()) {
            throw nothingFits(in, options);
        }
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IOException(out + " is a file; for several images OUT must be a folder.");
        }
        makeFolder(out);
        return jobs;
    }

    /**
     * The files that IN means, sorted.
     *
     * @param in a file, a folder (its TIFF files) or a glob in the last part of a path
     * @throws IOException in a sentence, if nothing fits or a folder can't be read
     * @throws IllegalArgumentException if a glob isn't one
     */
    static List<Path> inputs(String in, InputOptions options) throws IOException {
        Path path = Path.of(in);
        boolean glob = isGlob(in);
        if (!glob && !Files.isDirectory(path)) {
            return List.of(path);
        }
        Path folder = glob ? parent(path) : path;
        PathMatcher fits = glob ? matcher(path.getFileName().toString()) : matcher(options.include);
        PathMatcher tiff = glob ? fits : matcher("*.{tif,tiff,TIF,TIFF}");
        List<Path> inputs = List.of();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder, options.recursive && !glob ? Integer.MAX_VALUE : 1)) {
                inputs = files.filter(file -> Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".")
                        && fits.matches(file.getFileName()) && tiff.matches(file.getFileName())).sorted().toList();
            } catch (UncheckedIOException | IOException e) {
                throw new IOException("The folder " + folder + " can't be read (" + e.getMessage() + ").", e);
            }
        }
        if (inputs.isEmpty()) {
            throw nothingFits(in, options);
        }
        return inputs;
    }

    private static boolean isGlob(String in) {
        return !Files.exists(Path.of(in)) && in.matches(".*[*?{\\[].*");
    }

    private static Path parent(Path path) {
        return path.getParent() == null ? Path.of("") : path.getParent();
    }

    private static IOException nothingFits(String in, InputOptions options) {
        return new IOException("No TIFF file fits " + in + (options.include.equals("*") ? "." : " with --include " + options.include + "."));
    }

    private static PathMatcher matcher(String glob) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("\"" + glob + "\" is no pattern of file names (" + e.getDescription() + "); give one such as '*.tif'.", e);
        }
    }

    /** @throws IOException in a sentence */
    static void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException("The folder " + folder + " can't be made; choose another.", e);
        }
    }
}
