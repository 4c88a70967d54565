# SPDX-License-Identifier: BSD-2-Clause
"""Pairs of images of one place: the one that a network is conditioned on, and the better one that it shall make of it.

SR3 (Saharia et al. 2021, arXiv 2104.07636) and Palette (Saharia et al. 2022, arXiv 2111.05826): the condition is joined to x_t as further
channels. Both images are in the grey values of the condition's range, since that is all there is when the network is used.
"""

from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import convolve1d

from sumi_train import data, reading
from sumi_train.data import Picture
from sumi_train.patches import PatchSampler

BINOMIAL = np.array([1, 4, 6, 4, 1]) / 16


def smooth(plane: np.ndarray) -> np.ndarray:
    """float64 [H, W]."""
    return convolve1d(convolve1d(plane.astype(np.float64), BINOMIAL, axis=0, mode="mirror"), BINOMIAL, axis=1, mode="mirror")


def grey_range(plane: np.ndarray) -> tuple[float, float]:
    """The grey values of a condition that become -1 and 1: Java's Scaling of a plane without known noise.

    Percentiles of the smoothed plane; structures brighter than the upper one widen the range up to data.CEILING.
    """
    once = smooth(plane)
    low, high = np.percentile(smooth(once), [data.LOW_PERCENTILE, data.HIGH_PERCENTILE])
    high = max(high, low + (once.max() - low) / data.CEILING)
    return float(low), float(max(high, low + 1e-6 * max(1e-30, abs(low))))


def pair(better: np.ndarray, condition: np.ndarray) -> np.ndarray:
    """float32 [2, H, W] of two planes: the better one and its condition, in the range of the condition as 0..1, unclipped."""
    low, high = grey_range(condition)
    return ((np.stack([better, condition]).astype(np.float64) - low) / (high - low)).astype(np.float32)


def by_name(folder: Path) -> dict[Path, list[Path]]:
    """The files below a folder by their paths in it without suffix."""
    found = {}
    for path in reading.files_in(folder):
        found.setdefault(path.relative_to(folder).with_suffix(""), []).append(path)
    return found


def load(folder: Path, low: Path, channel: int | None = None, exclude: list[str] = (), tell=lambda sentence: None) -> list[Picture]:
    """Every pair of planes below two folders, in the order of the names, each as from pair; without those whose condition has a single value.

    channel, exclude and tell as in data.load. Raises ValueError where an image has no partner, or one of another size.
    """
    files, partners = reading.files_in(folder), by_name(low)
    for place, found in ((folder, files), (low, partners)):
        if not found or not place.is_dir():
            raise ValueError(f"{place}: no PNG, TIFF or OME-Zarr in it")
    pictures, flat = [], 0
    for path in files:
        if path.stem in exclude:
            continue
        others = partners.get(path.relative_to(folder).with_suffix(""), [])
        if len(others) != 1:
            raise ValueError(f"{path} needs one image of the same name in {low}, and there {f'are {len(others)}' if others else 'is none'}; "
                             f"add it, or leave the pair out with --exclude {path.stem}")
        other = others[0]
        better, conditions = reading.read_planes(path, channel), reading.read_planes(other, channel)
        if better.shape != conditions.shape:
            raise ValueError(f"{path} has {' x '.join(map(str, better.shape))} planes, rows and columns, but {other} has {' x '.join(map(str, conditions.shape))}; "
                             "both must show the same place pixel by pixel")
        group = data.group_of(better) if len(better) else ""
        for target, condition in zip(better, conditions):
            if condition.min() == condition.max():
                flat += 1
            else:
                pictures.append(Picture(path.stem, group, pair(target, condition), 0.0, str(path)))
    if not pictures:
        raise ValueError(f"{low}: no image with more than one value")
    if flat:
        tell(f"left out: {flat} pairs whose low-quality image has a single value")
    return pictures


class PairSampler(PatchSampler):
    """Draws patches of pairs in -1..1, [2, size, size]: crop, transposition, flips, and one gain and offset for both of a pair.

    Zoom would change the optics and power the noise that the pairs show, so both stay as they are, and nothing is cut off: the better image may
    be far brighter than the range of its condition.
    """

    def patch(self, size: int) -> torch.Tensor:
        rng, how = self.rng, self.augmentation
        pixels = self.pictures[rng.integers(len(self.pictures))].pixels
        y, x = (rng.integers(extent - size + 1) for extent in pixels.shape[1:])
        patch = torch.from_numpy(pixels[:, y:y + size, x:x + size].copy())
        patch = self.turned(patch)
        return 2 * (patch * rng.uniform(*how.gain) + rng.uniform(*how.offset)) - 1
