// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.IOException;

/** Opens stores that aren't folders; found by {@link java.util.ServiceLoader}. */
public interface ObjectStores {

    /** Whether the address is of such a store. @param address such as s3://bucket/image.zarr */
    boolean accepts(String address);

    /** @throws IOException in a sentence, if it can't be opened */
    ObjectStore open(String address) throws IOException;
}
