// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import io.github.sumi.pipeline.Progress;
import java.io.IOException;

/** A part of the work, in units that don't depend on each other: they can be done in any order, twice, and by any process. */
interface Stage {

    /** Names the folder of its results. */
    String name();

    int units();

    /** Share of the whole time that it takes, about. */
    double share();

    /** Does a unit. @return what is kept of it, once what it writes is written */
    byte[] run(int unit, Progress progress) throws IOException;

    /** Puts together what is kept of the units, when all are done; twice does no harm. */
    default void conclude() throws IOException {
        // most need nothing
    }
}
