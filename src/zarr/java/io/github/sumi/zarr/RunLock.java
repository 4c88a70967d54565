// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps two processes from making one result: the file OUT.lock, which the system frees when its process ends, however it does. */
final class RunLock implements Closeable {

    private final Path file;
    private final FileChannel channel;

    private RunLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws ZarrException if another process makes this result, or the file can't be written */
    static RunLock take(Path out) throws IOException {
        Path file = out.resolveSibling(out.getFileName() + ".lock");
        try {
            Files.createDirectories(out.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isTaken(channel)) {
                channel.close();
                throw new ZarrException(out + " is being made by another run; wait for it, or choose another place for the result.");
            }
            return new RunLock(file, channel);
        } catch (ZarrException e) {
            throw e;
        } catch (IOException e) {
            throw new ZarrException(file + " can't be written (" + e.getMessage() + "); choose another place for the result.", e);
        }
    }

    private static boolean isTaken(FileChannel channel) {
        try {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            // some network disks have no locks; what is written is sound all the same, only done twice
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
