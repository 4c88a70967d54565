// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder.
 *
 * @param temporary folder on the same disk, where files are written before they are moved to their place; null of one that is only read
 */
record FileStore(Path folder, Path temporary) implements ZarrStore {

    @Override
    public byte[] read(String key) throws IOException {
        try {
            return Files.readAllBytes(folder.resolve(key));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unreadable(key, e);
        }
    }

    @Override
    public byte[] read(String key, long offset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(key), StandardOpenOption.READ)) {
            long from = offset < 0 ? channel.size() + offset : offset;
            if (from < 0 || length > channel.size() - from) {
                throw new ZarrException(folder.resolve(key) + " is shorter than its index says; copy the image again.");
            }
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // reads on until all is there
            }
            return bytes.array();
        } catch (NoSuchFileException e) {
            return null;
        } catch (ZarrException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(key, e);
        }
    }

    /** A file that is there but can't be read must not pass for a chunk of zeros. */
    private ZarrException unreadable(String key, IOException e) {
        return new ZarrException(folder.resolve(key) + " can't be read (" + e.getMessage() + "); check the disk and the rights on the file.", e);
    }

    @Override
    public void write(String key, byte[] bytes) throws IOException {
        Path target = folder.resolve(key);
        try {
            Files.createDirectories(temporary);
            Files.createDirectories(target.getParent());
            // not a temporary file of Java, which others could not read
            Path file = temporary.resolve("part-" + UUID.randomUUID());
            try {
                Files.write(file, bytes);
                Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new ZarrException(target + " can't be written (" + e.getMessage() + "); free some space or choose another folder, then run the same"
                    + " command again: it goes on where it stopped.", e);
        }
    }

    @Override
    public boolean exists(String key) {
        return Files.exists(folder.resolve(key));
    }

    @Override
    public Set<String> names(String key) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(key))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (IOException e) {
            throw unreadable(key, e);
        }
    }

    @Override
    public void delete(String key) throws IOException {
        try {
            Files.deleteIfExists(folder.resolve(key));
        } catch (IOException e) {
            throw new ZarrException(folder.resolve(key) + " can't be removed (" + e.getMessage() + ").", e);
        }
    }
}
