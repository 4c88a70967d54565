// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.IOException;

/** Objects below an address, which can't be moved and have no folders. All faults are sentences. */
public interface ObjectStore extends ZarrStore {

    /** Whether there is nothing below the address. */
    boolean isEmpty() throws IOException;

    /** Deletes all that is below the address. */
    void clear() throws IOException;
}
