// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The files of one model, wherever they lie: in a folder, a .zip, or the jar. Nothing is unpacked. */
interface ModelFiles {

    /** No file of a model may be larger; a protobuf, and so an ONNX file, can't be. */
    long MAX_BYTES = Integer.MAX_VALUE - 16L;

    /** Where the files are, as the user would name it. */
    String location();

    /** The file's content, or null where there is none; names have '/' between their parts. */
    byte[] readIfPresent(String name) throws IOException;

    /** The names of the files, at least those at the top and one folder below. */
    Stream<String> names() throws IOException;

    /** The file's content. @throws ModelException if it is missing or unreadable */
    default byte[] read(String name) {
        byte[] bytes = readOrNull(name);
        if (bytes == null) {
            throw new ModelException(location() + " has no " + name + (needsExport()
                    ? " but PyTorch's weights. Export them: 'python -m sumi_train.export " + location() + " OUT' makes the model folder OUT."
                    : "; a model folder needs unet/model.onnx, unet/config.json and scheduler/scheduler_config.json."));
        }
        return bytes;
    }

    /** Whether this is what diffusers saved: PyTorch's weights, and no ONNX file. */
    private boolean needsExport() {
        try (Stream<String> names = names()) {
            List<String> all = names.toList();
            return !all.contains(Model.ONNX) && all.stream().anyMatch(name -> name.endsWith(".safetensors") || name.endsWith(".bin"));
        } catch (IOException | UncheckedIOException e) {
            // what is missing is told all the same
            return false;
        }
    }

    /** The file's content, or null where there is none. @throws ModelException if it is unreadable */
    default byte[] readOrNull(String name) {
        try {
            return readIfPresent(name);
        } catch (IOException e) {
            throw new ModelException(location() + "/" + name + " can't be read (" + e.getMessage()
                    + "); copy the model there again.", e);
        }
    }

    /** A model folder, or a .zip of one (its files at the top, or in one folder of any name). */
    static ModelFiles of(Path path) {
        if (Files.isDirectory(path)) {
            return new Folder(path);
        }
        if (Files.isRegularFile(path)) {
            return Zip.open(path);
        }
        throw new ModelException("There is no model at " + path + "; give a model folder or a .zip of one.");
    }

    /** The files of a folder. */
    record Folder(Path folder) implements ModelFiles {

        @Override
        public String location() {
            return folder.toString();
        }

        @Override
        public byte[] readIfPresent(String name) throws IOException {
            Path file = folder.resolve(name);
            if (!Files.isRegularFile(file)) {
                return null;
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("it is larger than 2 GiB");
            }
            return Files.readAllBytes(file);
        }

        @Override
        public Stream<String> names() throws IOException {
            return Files.walk(folder, 2).map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/'));
        }
    }

    /** The files of a .zip, below {@code prefix}. */
    record Zip(Path file, String prefix) implements ModelFiles {

        private static final String MARKER = "unet/config.json";

        static Zip open(Path file) {
            try (ZipFile zip = new ZipFile(file.toFile())) {
                String prefix = zip.stream().map(ZipEntry::getName)
                        .filter(name -> name.equals(MARKER) || name.endsWith("/" + MARKER))
                        .map(name -> name.substring(0, name.length() - MARKER.length()))
                        .filter(name -> name.indexOf('/') == name.length() - 1)
                        .findFirst().orElse("");
                return new Zip(file, prefix);
            } catch (IOException e) {
                throw new ModelException(file + " is neither a model folder nor a readable .zip of one ("
                        + e.getMessage() + ").", e);
            }
        }

        @Override
        public String location() {
            return file.toString();
        }

        @Override
        public byte[] readIfPresent(String name) throws IOException {
            try (ZipFile zip = new ZipFile(file.toFile())) {
                ZipEntry entry = zip.getEntry(prefix + name);
                if (entry == null || entry.isDirectory()) {
                    return null;
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    byte[] bytes = in.readNBytes((int) MAX_BYTES);
                    if (in.read() >= 0) {
                        throw new IOException("it is larger than 2 GiB");
                    }
                    return bytes;
                }
            }
        }

        @Override
        public Stream<String> names() throws IOException {
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return zip.stream().map(ZipEntry::getName).toList().stream();
            }
        }
    }

    /** The files of a model inside the jar; it needs no list of them. */
    record Embedded(String id) implements ModelFiles {

        @Override
        public String location() {
            return "embedded model " + id;
        }

        @Override
        public byte[] readIfPresent(String name) throws IOException {
            try (InputStream in = ModelFiles.class.getResourceAsStream("/sumi-models/" + id + "/" + name)) {
                return in == null ? null : in.readAllBytes();
            }
        }

        @Override
        public Stream<String> names() {
            return Stream.empty();
        }
    }
}
