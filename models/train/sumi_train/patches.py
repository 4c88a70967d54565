# SPDX-License-Identifier: BSD-2-Clause
"""Draws augmented training patches from pictures."""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional as F

from sumi_train.data import CEILING, Picture

DARKEST = -0.1  # normalised training data is not cut at its percentile 1, but here


@dataclass(frozen=True)
class Augmentation:
    """How patches vary; a pair is the range from which a number is drawn, uniformly (zoom: log-uniformly).

    zoom is drawn for a share of the patches only. power, then gain and offset act on grey values of 0..1. Pictures whose grain
    has an SD over max_grain are drawn only reduced to 0.4 to 0.5 of their size, so that a network does not learn their grain.
    """

    transpose: float = 0.5
    flip: float = 0.5
    zoom: tuple[float, float] = (0.5, 1.6)
    zoom_share: float = 0.4
    power: tuple[float, float] = (0.5, 1.3)
    gain: tuple[float, float] = (0.7, 1.0)
    offset: tuple[float, float] = (0.0, 0.08)
    max_grain: float = 0.012

    def __post_init__(self):
        for name in ("transpose", "flip", "zoom_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it is a probability from 0 to 1")
        for name, low, high in (("zoom", 0.05, 20), ("power", 0.05, 20), ("gain", 0.01, 1), ("offset", -1, 1)):
            first, last = getattr(self, name)
            if not low <= first <= last <= high:
                raise ValueError(f"{name} is {first:g} to {last:g}; it must rise within {low:g} to {high:g}")
        if not self.max_grain >= 0:
            raise ValueError(f"max_grain is {self.max_grain}; it must be 0 or more")


NONE = Augmentation(0, 0, (1, 1), 0, (1, 1), (1, 1), (0, 0), np.inf)


def add_arguments(parser) -> None:
    """One option for each field of Augmentation."""
    group = parser.add_argument_group("augmentation", Augmentation.__doc__)
    for field in fields(Augmentation):
        pair = isinstance(field.default, tuple)
        group.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default,
                           **({"nargs": 2, "metavar": ("FROM", "TO")} if pair else {}), help="default: %(default)s")
    group.add_argument("--no-augmentation", action="store_true", help="crops alone, as they are")


def augmentation_of(options) -> Augmentation:
    """What the options of add_arguments say. Raises ValueError."""
    if options.no_augmentation:
        return NONE
    values = {field.name: getattr(options, field.name) for field in fields(Augmentation)}
    return Augmentation(**{name: tuple(value) if isinstance(value, (list, tuple)) else value for name, value in values.items()})


class Batch(NamedTuple):
    """patches: float32 [N, C, H, W], the images and what a network is conditioned on; classes: int64 [N], or None without labels."""

    patches: torch.Tensor
    classes: torch.Tensor | None = None

    def part(self, which: slice) -> "Batch":
        return Batch(self.patches[which], None if self.classes is None else self.classes[which])

    def to(self, device: str) -> "Batch":
        return Batch(self.patches.to(device), None if self.classes is None else self.classes.to(device))


class PatchSampler:
    """Draws augmented square patches in [-1, 1]: zoom, crop, transposition, flips, power, gain and offset."""

    def __init__(self, pictures: list[Picture], rng: np.random.Generator, augmentation: Augmentation = Augmentation()):
        self.pictures = pictures
        self.rng = rng
        self.augmentation = augmentation

    def batch(self, n: int, size: int) -> Batch:
        """[n, channels, size, size]."""
        return Batch(torch.stack([self.patch(size) for _ in range(n)]))

    def patch(self, size: int) -> torch.Tensor:
        """float32 [channels, size, size]; all channels vary alike."""
        rng, how = self.rng, self.augmentation
        picture = self.pictures[rng.integers(len(self.pictures))]
        zoom = self._zoom(picture, size)
        extents = picture.pixels.shape[-2:]
        source = min(round(size / zoom), *extents)
        y, x = (rng.integers(extent - source + 1) for extent in extents)
        pixels = picture.pixels.reshape(-1, *extents)
        patch = torch.from_numpy(pixels[:, y:y + source, x:x + source].copy())
        if source != size:
            patch = F.interpolate(patch[None], size=(size, size), mode="bicubic", antialias=True)[0]
        patch = self.turned(patch).clamp(DARKEST, CEILING)
        patch = patch.sign() * patch.abs() ** rng.uniform(*how.power)
        patch = patch * rng.uniform(*how.gain) + rng.uniform(*how.offset)
        return 2 * patch - 1

    def turned(self, patch: torch.Tensor) -> torch.Tensor:
        """[channels, size, size], transposed and flipped by chance."""
        if self.rng.random() < self.augmentation.transpose:
            patch = patch.mT
        return patch.flip([axis for axis in (1, 2) if self.rng.random() < self.augmentation.flip])

    def _zoom(self, picture: Picture, size: int) -> float:
        smallest = size / min(picture.pixels.shape[-2:])
        if picture.grain > self.augmentation.max_grain:
            return max(smallest, self.rng.uniform(0.4, 0.5))
        if self.rng.random() < 1 - self.augmentation.zoom_share:
            return max(1.0, smallest)
        return max(smallest, float(np.exp(self.rng.uniform(*np.log(self.augmentation.zoom)))))


class MixedSampler:
    """Draws a share of the patches from simulated pictures, every kind equally often, and the others from real ones."""

    def __init__(self, real: list[Picture], simulated: dict[str, list[Picture]], share: float, rng: np.random.Generator,
                 augmentation: Augmentation = Augmentation()):
        self.real = PatchSampler(real, rng, augmentation)
        self.kinds = [PatchSampler(pictures, rng, augmentation) for pictures in simulated.values()]
        self.share = share
        self.rng = rng

    def batch(self, n: int, size: int) -> Batch:
        """[n, 1, size, size]."""
        return Batch(torch.stack([self._source().patch(size) for _ in range(n)]))

    def _source(self) -> PatchSampler:
        return self.kinds[self.rng.integers(len(self.kinds))] if self.rng.random() < self.share else self.real
