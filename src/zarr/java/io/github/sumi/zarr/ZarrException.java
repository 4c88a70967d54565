// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.IOException;

/** What is wrong with an OME-Zarr image, as a sentence for the user. */
final class ZarrException extends IOException {

    private static final long serialVersionUID = 1L;

    ZarrException(String message) {
        super(message);
    }

    ZarrException(String message, Throwable cause) {
        super(message, cause);
    }
}
