// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
     * @throws IOException in a sentence, if nothing fits or the folder can't be made
     */
    static List<Job> of(String in, Path out) throws IOException {
        Path path = Path.of(in);
        boolean glob = !Files.exists(path) && in.matches(".*[*?{\\[].*");
        if (!glob && !Files.isDirectory(path)) {
            return List.of(new Job(path, out));
        }
        Path folder = glob ? path.toAbsolutePath().getParent() : path;
        String pattern = glob ? path.getFileName().toString() : "*.{tif,tiff,TIF,TIFF}";
        List<Job> jobs = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
                files.forEach(file -> jobs.add(new Job(file, out.resolve(file.getFileName()))));
            }
        }
        if (jobs.isEmpty()) {
            throw new IOException("No TIFF file fits " + in + ".");
        }
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IOException(out + " is a file; for several images OUT must be a folder.");
        }
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new IOException("The folder " + out + " can't be made; choose another.", e);
        }
        jobs.sort((a, b) -> a.in().compareTo(b.in()));
        return jobs;
    }
}
