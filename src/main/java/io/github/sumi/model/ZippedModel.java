// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The files of a .zip. Only those of a model are read, under the names that a model has: no entry's name ever becomes a path.
 *
 * @param prefix the folder in the .zip that they lie in, with its '/', or empty
 */
record ZippedModel(Path file, String prefix) implements ModelFiles {

    private static final String MARKER = "unet/config.json";

    /** Weights hardly shrink; what grows more than this, and beyond a text's size, is made to fill the memory. */
    private static final long MAX_GROWTH = 20;

    /** @throws ModelException if it is no readable .zip */
    static ZippedModel open(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            String prefix = zip.stream().map(ZipEntry::getName)
                    .filter(name -> name.equals(MARKER) || name.endsWith("/" + MARKER))
                    .map(name -> name.substring(0, name.length() - MARKER.length()))
                    .filter(name -> name.indexOf('/') == name.length() - 1)
                    .findFirst().orElse("");
            return new ZippedModel(file, prefix);
        } catch (IOException e) {
            throw new ModelException(file + " is neither a model folder nor a readable .zip of one ("
                    + e.getMessage() + "); get the model again.", e);
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
            long packed = Math.min(entry.getCompressedSize(), Files.size(file));
            try (InputStream in = zip.getInputStream(entry)) {
                return bounded(in, name, Math.max(MAX_TEXT, MAX_GROWTH * packed));
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
