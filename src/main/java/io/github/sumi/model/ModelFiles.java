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

/** The files of one model, wherever they lie: in a folder, a .zip, or the jar. Nothing is unpacked. */
interface ModelFiles {

    /** What an ONNX file can be at most, as a protobuf and as an array. */
    long MAX_ONNX = Integer.MAX_VALUE - 16L;

    /** What any other file of a model can be at most. */
    long MAX_TEXT = 16L << 20;

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
                    ? " but PyTorch's weights. Export them: 'sumi-train export " + location() + " OUT' makes the model folder OUT."
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

    /** The file's content, or null where there is none. @throws ModelException if it is unreadable or too large */
    default byte[] readOrNull(String name) {
        try {
            return readIfPresent(name);
        } catch (IOException e) {
            throw new ModelException(location() + "/" + name + " can't be read (" + e.getMessage()
                    + "); copy the model there again.", e);
        } catch (OutOfMemoryError e) {
            throw new ModelException(location() + "/" + name + " doesn't fit into memory; give Java more (-Xmx).", e);
        }
    }

    /**
     * All that comes, if it isn't more than the file can be.
     *
     * @param limit bytes, where less than that is allowed
     * @throws ModelException if it is more
     */
    default byte[] bounded(InputStream in, String name, long limit) throws IOException {
        long most = Math.min(limit, name.endsWith(".onnx") ? MAX_ONNX : MAX_TEXT);
        byte[] bytes = in.readNBytes((int) most);
        if (in.read() >= 0) {
            throw new ModelException(location() + "/" + name + " is larger than " + most
                    + " bytes, which no such file of a model should be; get the model from another source.");
        }
        return bytes;
    }

    /** A model folder, or a .zip of one (its files at the top, or in one folder of any name). */
    static ModelFiles of(Path path) {
        if (Files.isDirectory(path)) {
            return new Folder(path);
        }
        if (Files.isRegularFile(path)) {
            return ZippedModel.open(path);
        }
        throw new ModelException("There is no model at " + path + "; give a model folder or a .zip of one.");
    }

    /** The files of a folder; links are followed, as the caches of Hugging Face are made of them. */
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
            try (InputStream in = Files.newInputStream(file)) {
                return bounded(in, name, Long.MAX_VALUE);
            }
        }

        @Override
        public Stream<String> names() throws IOException {
            return Files.walk(folder, 2).map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/'));
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
