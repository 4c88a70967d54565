// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.IOException;
import java.util.Map;

/** Where a result is made, and what is known of the run. */
interface RunStorage {

    /** The run, with the blocks that it began with. */
    RunSpec spec();

    /** What is known so far. */
    ZarrStore state();

    /** Where the results are made, by name. */
    Map<String, ZarrStore> results();

    /** Whether the results are in their places already, and only the rest was left. */
    boolean finished();

    /** Brings whole results to their places, and removes the rest. */
    void finish() throws IOException;

    /** What {@link Places#at} finds it by. */
    String place();
}
