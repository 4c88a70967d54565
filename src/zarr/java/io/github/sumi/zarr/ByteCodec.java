// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

/** A codec from bytes to bytes: a compression or a checksum. */
interface ByteCodec {

    byte[] encode(byte[] bytes) throws ZarrException;

    /**
     * Takes the codec off.
     *
     * @param most how many bytes can be meant; files from strangers shall not fill the memory
     * @throws ZarrException what is wrong with the bytes, to follow the name of their file
     */
    byte[] decode(byte[] bytes, int most) throws ZarrException;
}
