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
        boolean glob = !Files.exists(path) && in.matches(".*[*?{\\[].*");
        if (!glob && !Files.isDirectory(path)) {
            return List.of(new Job(path, out));
        }
        Path parent = path.getParent() == null ? Path.of("") : path.getParent();
        Path folder = glob ? parent : path;
        PathMatcher fits = glob ? matcher(path.getFileName().toString()) : matcher(options.include);
        PathMatcher tiff = glob ? fits : matcher("*.{tif,tiff,TIF,TIFF}");
        List<Job> jobs = List.of();
        // of a folder that holds OUT the results are not taken for input
        Path results = out.toAbsolutePath().normalize();
        Path all = folder.toAbsolutePath().normalize();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder, options.recursive && !glob ? Integer.MAX_VALUE : 1)) {
                jobs = files.filter(file -> Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".")
                                && fits.matches(file.getFileName()) && tiff.matches(file.getFileName()))
                        .filter(file -> results.equals(all) || !file.toAbsolutePath().normalize().startsWith(results))
                        .sorted().map(file -> new Job(file, out.resolve(folder.relativize(file)))).toList();
            } catch (UncheckedIOException | IOException e) {
                throw new IOException("The folder " + folder + " can't be read (" + e.getMessage() + ").", e);
            }
        }
        if (jobs.isEmpty()) {
            throw new IOException("No TIFF file fits " + in + (options.include.equals("*") ? "." : " with --include " + options.include + "."));
        }
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IOException(out + " is a file; for several images OUT must be a folder.");
        }
        makeFolder(out);
        return jobs;
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
