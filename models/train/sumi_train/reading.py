# SPDX-License-Identifier: BSD-2-Clause
"""Reads grey planes from PNG, TIFF (stacks, ImageJ, OME) and OME-Zarr."""

from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

SUFFIXES = {".png", ".tif", ".tiff"}
ZARR = ".zarr"
ALL = "all"  # in the place of a channel's number: all of them together
MOST = 4  # channels that are taken together
NEEDED = "needed are grey images of 8, 16 or 32 bit"


def files_in(folder: Path) -> list[Path]:
    """Every file or OME-Zarr that can be read below a folder, in the order of the names, or the one that is given itself."""
    folder = Path(folder)
    if folder.is_file() or folder.suffix.lower() == ZARR and folder.is_dir():
        return [folder]
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.suffix.lower() in SUFFIXES and path.is_file():
            found.append(path)
        elif path.is_dir():
            found += files_in(path)
    return sorted(found)


def read_planes(path: Path, channel: int | str | None = None) -> np.ndarray:
    """All grey planes of a PNG, TIFF or OME-Zarr, [planes, H, W] of the file's own type, without alpha; [planes, channels, H, W] of ALL. No
    planes where the file holds a part of an image that is read with another one.

    channel: which one of several, counted from 1, or ALL of 2 to MOST. A PNG's palette is applied, a TIFF's is not: there it is a look-up table for
    display. Raises ValueError where the file can't be read, has colour, another bit depth, values that are not finite, or several
    channels of which none is chosen.
    """
    suffix = path.suffix.lower()
    try:
        array, axes = read_zarr(path) if suffix == ZARR else (read_png(path), "YX") if suffix == ".png" else read_tiff(path)
    except (OSError, KeyError, IndexError, tifffile.TiffFileError) as fault:
        raise ValueError(f"{path} can't be read ({fault})") from fault
    if array.dtype.kind not in "uif" or array.dtype.itemsize > 4 or "Y" not in axes or "X" not in axes:
        raise ValueError(f"{path}: {array.dtype} {array.shape}; {NEEDED}")
    if not array.size:
        return array
    channels = array.shape[axes.index("C")] if "C" in axes else 1
    if channel is None and channels > 1:
        raise ValueError(f"{path} has {channels} channels; choose one with --channel 1 to {channels}, or all together with --channel {ALL}")
    if channel == ALL and not 2 <= channels <= MOST:
        raise ValueError(f"{path} has {channels} channel{'s' * (channels > 1)}; 2 to {MOST} are taken together, one of them with --channel 1")
    if channel not in (None, ALL) and not 1 <= channel <= channels:
        raise ValueError(f"{path} has {channels} channel{'s' * (channels > 1)}, so no channel {channel}")
    if "C" in axes and channel != ALL:
        array, axes = array.take((channel or 1) - 1, axis=axes.index("C")), axes.replace("C", "")
    kept = "CYX" if channel == ALL else "YX"
    planes = np.moveaxis(array, [axes.index(axis) for axis in kept], range(-len(kept), 0))
    planes = planes.reshape(-1, *planes.shape[-len(kept):])
    for i, plane in enumerate(planes):
        if not np.isfinite(plane).all():
            raise ValueError(f"{path} has NaN or infinite values in plane {i + 1}; replace them or leave the file out with --exclude {path.stem}")
    return planes


def read_png(path: Path) -> np.ndarray:
    """[H, W], of the file's own bit depth."""
    with Image.open(path) as image:
        if image.mode in ("P", "PA"):
            colours = np.asarray(image.convert("RGBA"))[..., :3]
            if (colours != colours[..., :1]).any():
                raise ValueError(f"{path}: its palette has colours; {NEEDED}")
            return colours[..., 0]
        if image.tile and image.tile[0].args == "LA;16B":  # Pillow would keep 8 bit of each: take the bytes as they are
            image.tile = [tile._replace(args="RGBA") for tile in image.tile]
            return np.asarray(image)[..., :2].copy().view(">u2")[..., 0].astype(np.uint16)
        array = np.asarray(image)
    if image.mode == "LA":
        return array[..., 0]
    if array.ndim != 2:
        raise ValueError(f"{path}: an image in colour ({image.mode}); {NEEDED}")
    return array


def read_tiff(path: Path) -> tuple[np.ndarray, str]:
    """The first image of the file and the letters of its axes; samples are alpha and dropped.

    An image that OME-XML joins of several files is read with the first of these by name; the others then hold no plane.
    """
    with tifffile.TiffFile(path) as file:
        series = file.series[0]
        if None in series.pages:  # tifffile would give zeros
            raise ValueError(f"{path} belongs to an image of several files, and some are missing: {len(series.pages) - sum(page is None for page in series.pages)} of "
                             f"{len(series.pages)} planes are there; add the files, or save the image as one")
        if series.is_multifile and path.name != min(page.parent.filehandle.name for page in series.pages):
            return np.zeros((0, *series.shape[-2:]), series.dtype), "ZYX"
        array, axes = series.asarray(), series.axes
    if "S" not in axes:
        return array, axes
    samples = axes.index("S")
    if array.shape[samples] > 2:
        raise ValueError(f"{path}: an image in colour; {NEEDED}")
    return array.take(0, axis=samples), axes.replace("S", "")


def read_zarr(path: Path) -> tuple[np.ndarray, str]:
    """The full resolution of an OME-Zarr 0.4 or 0.5 and the letters of its axes."""
    try:
        import zarr
    except ImportError:
        raise ValueError(f"{path}: OME-Zarr is read with the package zarr; python -m pip install 'sumi-train[zarr]'") from None
    group = zarr.open(path, mode="r")
    attributes = dict(group.attrs)
    scales = attributes.get("ome", attributes).get("multiscales")
    if not scales:
        raise ValueError(f"{path} holds no OME-Zarr image at its top; of a plate or a collection, give the images' own folders")
    axes = "".join(axis["name"] for axis in scales[0]["axes"]).upper()
    return np.asarray(group[scales[0]["datasets"][0]["path"]]), axes
