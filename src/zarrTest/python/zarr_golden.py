# SPDX-License-Identifier: BSD-2-Clause
"""Writes ../resources/golden/arrays.zip: small arrays as zarr-python stores them, on which the Java tests try what is read.

Run in this folder: `python zarr_golden.py` (made with zarr 3.1.6, numcodecs 0.16.6). Each array has the axes c, z, y, x and the values
``index * 7 % 251``, index counted row by row, but ``fill`` in the last chunk of each plane, which then isn't stored.
"""

import shutil
import tempfile
import warnings
import zipfile
from pathlib import Path

import numcodecs
import numpy as np
import zarr
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec, ZstdCodec

SHAPE, CHUNKS, SHARDS = (2, 3, 20, 30), (1, 2, 16, 20), (1, 2, 32, 40)
OUT = Path(__file__).parents[1] / "resources" / "golden" / "arrays.zip"


def values(dtype, fill):
    """What the arrays hold."""
    made = (np.arange(np.prod(SHAPE)).reshape(SHAPE) * 7 % 251).astype(dtype)
    made[:, :, CHUNKS[2]:, CHUNKS[3]:] = fill
    return made


def write(root, name, dtype="uint16", fill=0, **options):
    """Stores one array."""
    shape = options.pop("chunks", CHUNKS)
    array = zarr.create_array(str(root / name), shape=SHAPE, chunks=shape, dtype=dtype, fill_value=fill, **options)
    array[:] = values(dtype, fill)


def write_v2(root):
    compressors = {"none": None, "zlib": numcodecs.Zlib(1), "gzip": numcodecs.GZip(1), "zstd": numcodecs.Zstd(1),
                   "lz4": numcodecs.Blosc("lz4", 5, numcodecs.Blosc.SHUFFLE), "auto": numcodecs.Blosc("zstd", 3, numcodecs.Blosc.AUTOSHUFFLE),
                   "blosclz": numcodecs.Blosc("blosclz", 9, numcodecs.Blosc.NOSHUFFLE), "zlib-in-blosc": numcodecs.Blosc("zlib", 1, numcodecs.Blosc.BITSHUFFLE)}
    keys = {"name": "v2", "separator": "/"}
    for name, compressor in compressors.items():
        for kind in ("|u1", "<u2", ">u2", "<f4") if name in ("lz4", "auto") else ("<u2", ">u2"):
            file = f"v2-{name}-{kind.replace('|', '').replace('<', 'little-').replace('>', 'big-')}"
            write(root, file, kind, zarr_format=2, compressors=compressor, chunk_key_encoding=keys)
    for kind in ("|i1", "<i2", "<i4", ">i4", "<u4", "<f8", ">f8"):
        file = f"v2-type-{kind.replace('|', '').replace('<', 'little-').replace('>', 'big-')}"
        write(root, file, kind, zarr_format=2, compressors=numcodecs.Zstd(1), chunk_key_encoding=keys)
    write(root, "v2-order-f", "<u2", zarr_format=2, order="F", compressors=numcodecs.Zlib(1), chunk_key_encoding=keys)
    write(root, "v2-dots", "<u2", zarr_format=2, compressors=None, chunk_key_encoding={"name": "v2", "separator": "."})
    write(root, "v2-fill", "<u2", 77, zarr_format=2, compressors=None, chunk_key_encoding=keys)


def write_v3(root):
    codecs = {"none": [], "gzip": [GzipCodec(level=1)], "zstd": [ZstdCodec(level=1)], "zstd-checksum": [ZstdCodec(level=1, checksum=True)],
              "bitshuffle": [BloscCodec(cname="lz4", shuffle="bitshuffle")], "blosc": [BloscCodec(cname="zstd", shuffle="shuffle")],
              "crc32c": [Crc32cCodec()], "zstd-crc32c": [ZstdCodec(level=1), Crc32cCodec()]}
    for name, compressors in codecs.items():
        for shards in (None, SHARDS):
            file = f"v3-{name}{'-shards' if shards else ''}"
            write(root, file, zarr_format=3, shards=shards, compressors=compressors)
    for kind in ("uint8", "int8", "int16", "uint32", "int32", "float32", "float64"):
        write(root, f"v3-type-{kind}", kind, zarr_format=3, compressors=[ZstdCodec(level=1)])
    for shards in (None, SHARDS):
        end = "-shards" if shards else ""
        write(root, f"v3-big{end}", zarr_format=3, shards=shards, serializer=BytesCodec(endian="big"), compressors=[])
        write(root, f"v3-transposed{end}", zarr_format=3, shards=shards, filters=[TransposeCodec(order=(3, 1, 0, 2))], compressors=[])
    write(root, "v3-index-at-start", zarr_format=3, chunks=SHARDS, compressors=[],
          serializer=ShardingCodec(chunk_shape=CHUNKS, codecs=[BytesCodec(), ZstdCodec(level=1)], index_location="start"))
    write(root, "v3-keys-v2", zarr_format=3, compressors=[], chunk_key_encoding={"name": "v2", "separator": "."})
    write(root, "v3-nan", "float32", float("nan"), zarr_format=3, compressors=[])


def main() -> None:
    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp())
    write_v2(folder)
    write_v3(folder)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(OUT, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                out.write(file, file.relative_to(folder))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
