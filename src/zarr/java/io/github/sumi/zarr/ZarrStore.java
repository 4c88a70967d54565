// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.IOException;
import java.util.Set;

/** Where the files of an image lie, by keys such as {@code 0/c/0/1}. All faults are sentences. */
public interface ZarrStore {

    /** The whole file; null if there is none. */
    byte[] read(String key) throws IOException;

    /**
     * A part of a file; null if there is no such file.
     *
     * @param offset from its beginning, or below 0 from its end
     * @throws IOException if the file is shorter
     */
    byte[] read(String key, long offset, int length) throws IOException;

    /** Writes a file whole or not at all, whenever the process ends. */
    void write(String key, byte[] bytes) throws IOException;

    boolean exists(String key) throws IOException;

    /** Names of what lies in a folder, such as 0 and 1 of noise/0 and noise/1; empty if there is none. */
    Set<String> names(String folder) throws IOException;

    /** Does nothing if there is no such file. */
    void delete(String key) throws IOException;
}
