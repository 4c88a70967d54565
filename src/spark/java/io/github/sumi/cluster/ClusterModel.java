// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.JavaSparkContext;

/** Brings a model to the executors: a shipped one is in their jar, another is sent as a .zip. */
final class ClusterModel {

    private static final String SENT = "sumi-model-";

    private ClusterModel() {
    }

    /** @return what {@link #receive} needs */
    static String send(Model model, JavaSparkContext spark) throws IOException {
        Path place = Path.of(model.location());
        if (!Files.exists(place)) {
            return model.id();
        }
        Path folder = Files.createTempDirectory("sumi");
        Path zip = folder.resolve(SENT + model.id() + ".zip");
        folder.toFile().deleteOnExit();
        zip.toFile().deleteOnExit();
        if (Files.isDirectory(place)) {
            pack(place, zip);
        } else {
            Files.copy(place, zip);
        }
        spark.addFile(zip.toString());
        return zip.getFileName().toString();
    }

    private static void pack(Path folder, Path zip) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip)); Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** In an executor. */
    static Model receive(String sent) {
        return sent.startsWith(SENT) ? Model.load(Path.of(SparkFiles.get(sent))) : ModelLibrary.standard(null).find(sent);
    }
}
