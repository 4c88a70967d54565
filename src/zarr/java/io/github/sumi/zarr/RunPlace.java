// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.Serializable;

/**
 * Where a run is, for other processes; all must see the same folders.
 *
 * @param in the image
 * @param part the folder in which the result is made
 */
public record RunPlace(String in, String part) implements Serializable {
}
