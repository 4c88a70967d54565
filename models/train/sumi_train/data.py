# SPDX-License-Identifier: BSD-2-Clause
"""Reads microscopy images as training sees them and splits them by group or by file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sumi_train import reading

LOW_PERCENTILE, HIGH_PERCENTILE = 1.0, 99.8
MIN_MAXIMUM = 50  # 8-bit images dimmer than this band when they are stretched
CEILING = 1.2  # normalised training data is not cut at its percentile 1, but here


@dataclass(frozen=True)
class Picture:
    """One grey plane: float32 [H, W] scaled to percentiles LOW..HIGH = 0..1, and the SD of its own grain in that scale; or the planes of several
    channels, [C, H, W], each so scaled.

    source: the file; the planes of a stack have it and the group in common. label: its class, where there are classes.
    """

    name: str
    group: str
    pixels: np.ndarray
    grain: float
    source: str = ""
    label: int | None = None

    @property
    def channels(self) -> int:
        return self.pixels.size // (self.pixels.shape[-1] * self.pixels.shape[-2])


def stretch(plane: np.ndarray) -> np.ndarray:
    """Maps percentiles 1..99.8 to 0..1, unclipped, of each channel; float32. One grey value of integers is at most 1."""
    if plane.ndim > 2:
        return np.stack([stretch(channel) for channel in plane])
    values = plane.astype(np.float32)
    low, high = np.percentile(values, [LOW_PERCENTILE, HIGH_PERCENTILE])
    least = 1.0 if plane.dtype.kind in "ui" else 0.0
    return ((values - low) / (max(high - low, least) or float(np.ptp(values)))).astype(np.float32)


def grain_of(plane: np.ndarray) -> float:
    """SD of the plane's own noise: median absolute deviation of its discrete Laplacian; of several channels the largest."""
    if plane.ndim > 2:
        return max(map(grain_of, plane))
    laplacian = (4 * plane[1:-1, 1:-1] - plane[:-2, 1:-1] - plane[2:, 1:-1] - plane[1:-1, :-2] - plane[1:-1, 2:])
    return float(np.median(np.abs(laplacian)) / 0.6745 / np.sqrt(20))


def group_of(planes: np.ndarray) -> str:
    """Images of one size and one camera offset come from one plate, as far as files without metadata can tell; [planes, H, W], or with channels."""
    offset = "offset" if np.median([np.percentile(plane, 5) for plane in planes]) >= 6 else "dark"
    return f"{planes.shape[-2]}x{planes.shape[-1]}-{offset}"


def load(folder: Path, keep_dim: bool = False, channel: int | str | None = None, exclude: list[str] = (), tell=lambda sentence: None) -> list[Picture]:
    """Every readable plane below a folder, in the order of the names; the dimmest are dropped unless keep_dim.

    Planes of a single value are dropped always. channel: as in reading.read_planes. exclude: names of files left unread.
    tell gets a sentence if planes are dropped.
    """
    files = reading.files_in(folder)
    if not files:
        raise ValueError(f"{folder}: no PNG, TIFF or OME-Zarr in it")
    pictures, dim, flat = [], 0, 0
    for path in files:
        if path.stem in exclude:
            continue
        planes = reading.read_planes(path, channel)
        group = group_of(planes) if len(planes) else ""
        for plane in planes:
            if (plane.min(axis=(-2, -1)) == plane.max(axis=(-2, -1))).any():
                flat += 1
            elif not keep_dim and plane.dtype.kind in "ui" and plane.max() < MIN_MAXIMUM:
                dim += 1
            else:
                stretched = stretch(plane)
                pictures.append(Picture(path.stem, group, stretched, grain_of(stretched), str(path)))
    if not pictures:
        raise ValueError(f"{folder}: no image with a maximum of {MIN_MAXIMUM} grey values or more and more than one value")
    if dim or flat:
        tell(f"left out: {dim} images with a maximum below {MIN_MAXIMUM}, {flat} of a single value")
    return pictures


def split(pictures: list[Picture], held_out: list[str]) -> tuple[list[Picture], list[Picture]]:
    """(training, held out) by group, never by file."""
    unknown = set(held_out) - {p.group for p in pictures}
    if unknown:
        raise ValueError(f"no image is in group {sorted(unknown)}; groups are {sorted({p.group for p in pictures})}")
    return ([p for p in pictures if p.group not in held_out], [p for p in pictures if p.group in held_out])


def add_split_arguments(parser) -> None:
    """--hold-out and --exclude, for load_split."""
    parser.add_argument("--hold-out", nargs="*", default=[], help="groups (HEIGHTxWIDTH-dark|offset) never trained on")
    parser.add_argument("--exclude", nargs="*", default=[], help="names of images left out altogether")


def load_split(folder: Path, hold_out: list[str], exclude: list[str], channel: int | None = None,
               tell=lambda sentence: None, reader=load) -> tuple[list[Picture], list[Picture]]:
    """(training, held out) pictures of a folder, without the excluded ones; channel and tell as in load, which reader takes the place of."""
    unknown = set(exclude) - {path.stem for path in reading.files_in(folder)}  # the name of one that is dropped is no mistake
    if unknown:
        raise ValueError(f"{folder}: no image is called {', '.join(sorted(unknown))}")
    training, held_out = split(reader(folder, channel=channel, exclude=exclude, tell=tell), hold_out)
    if not training:
        raise ValueError(f"{folder}: every image is held out or excluded")
    return training, held_out


def split_share(pictures: list[Picture], share: float, seed: int) -> tuple[list[Picture], list[Picture]]:
    """(training, validation): a share of the files, at least one, drawn by the seed; a stack goes whole to one side.

    Of one file alone, nothing is for validation.
    """
    sources = sorted({picture.source for picture in pictures})
    count = min(max(1, round(share * len(sources))), len(sources) - 1) if share > 0 else 0
    chosen = set(np.random.default_rng(seed).permutation(sources)[:count])
    return [p for p in pictures if p.source not in chosen], [p for p in pictures if p.source in chosen]
