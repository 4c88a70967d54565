# SPDX-License-Identifier: BSD-2-Clause
"""Reads microscopy images, splits them by group and draws augmented training patches."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
import torch
from PIL import Image
from torch.nn import functional as F

SUFFIXES = {".png", ".tif", ".tiff"}
LOW_PERCENTILE, HIGH_PERCENTILE = 1.0, 99.8
MIN_MAXIMUM = 50  # 8-bit images dimmer than this band when they are stretched
CEILING = 1.2  # normalised training data is not cut at its percentile 1, but here


@dataclass(frozen=True)
class Picture:
    """One grey plane: float32 [H, W] scaled to percentiles LOW..HIGH = 0..1, and the SD of its own grain in that scale."""

    name: str
    group: str
    pixels: np.ndarray
    grain: float


def read_planes(path: Path) -> list[np.ndarray]:
    """All 8- or 16-bit grey planes of a PNG or TIFF as float32 [H, W], without alpha.

    A PNG's palette is applied, a TIFF's is not: there it is a look-up table for display.
    Raises ValueError where the file has colour or another bit depth.
    """
    array = read_png(path) if path.suffix.lower() == ".png" else read_tiff(path)
    if array.dtype not in (np.uint8, np.uint16) or array.ndim not in (2, 3):
        raise ValueError(f"{path}: {array.dtype} {array.shape}; needed are grey images of 8 or 16 bit")
    return [plane.astype(np.float32) for plane in (array[None] if array.ndim == 2 else array)]


def read_png(path: Path) -> np.ndarray:
    """[H, W], of the file's own bit depth."""
    with Image.open(path) as image:
        if image.mode in ("P", "PA"):
            colours = np.asarray(image.convert("RGBA"))[..., :3]
            if (colours != colours[..., :1]).any():
                raise ValueError(f"{path}: its palette has colours; needed are grey images of 8 or 16 bit")
            return colours[..., 0]
        if image.tile and image.tile[0].args == "LA;16B":  # Pillow would keep 8 bit of each: take the bytes as they are
            image.tile = [tile._replace(args="RGBA") for tile in image.tile]
            return np.asarray(image)[..., :2].copy().view(">u2")[..., 0].astype(np.uint16)
        array = np.asarray(image)
    if image.mode == "LA":
        return array[..., 0]
    if array.ndim != 2:
        raise ValueError(f"{path}: an image in colour ({image.mode}); needed are grey images of 8 or 16 bit")
    return array


def read_tiff(path: Path) -> np.ndarray:
    """[H, W] or [planes, H, W], of the file's own bit depth."""
    with tifffile.TiffFile(path) as file:
        series = file.series[0]
        array = series.asarray()
    if "S" not in series.axes:
        return array
    samples = series.axes.index("S")
    if array.shape[samples] > 2:
        raise ValueError(f"{path}: an image in colour; needed are grey images of 8 or 16 bit")
    return array.take(0, axis=samples)


def stretch(plane: np.ndarray) -> np.ndarray:
    """Maps percentiles 1..99.8 to 0..1, unclipped."""
    low, high = np.percentile(plane, [LOW_PERCENTILE, HIGH_PERCENTILE])
    return ((plane - low) / max(high - low, 1.0)).astype(np.float32)


def grain_of(plane: np.ndarray) -> float:
    """SD of the plane's own noise: median absolute deviation of its discrete Laplacian."""
    laplacian = (4 * plane[1:-1, 1:-1] - plane[:-2, 1:-1] - plane[2:, 1:-1] - plane[1:-1, :-2] - plane[1:-1, 2:])
    return float(np.median(np.abs(laplacian)) / 0.6745 / np.sqrt(20))


def group_of(plane: np.ndarray) -> str:
    """Images of one size and one camera offset come from one plate, as far as files without metadata can tell."""
    offset = "offset" if np.percentile(plane, 5) >= 6 else "dark"
    return f"{plane.shape[0]}x{plane.shape[1]}-{offset}"


def load(folder: Path, keep_dim: bool = False) -> list[Picture]:
    """Every readable plane below a folder, in the order of the names; the dimmest are dropped unless keep_dim."""
    files = sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() in SUFFIXES)
    if not files:
        raise ValueError(f"{folder}: no PNG or TIFF file in it")
    pictures = []
    for path in files:
        for plane in read_planes(path):
            if keep_dim or plane.max() >= MIN_MAXIMUM:
                stretched = stretch(plane)
                pictures.append(Picture(path.stem, group_of(plane), stretched, grain_of(stretched)))
    if not pictures:
        raise ValueError(f"{folder}: no image with a maximum of {MIN_MAXIMUM} grey values or more")
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


def load_split(folder: Path, hold_out: list[str], exclude: list[str]) -> tuple[list[Picture], list[Picture]]:
    """(training, held out) pictures of a folder, without the excluded ones."""
    unknown = set(exclude) - {p.stem for p in Path(folder).rglob("*")}  # the name of one that is dropped is no mistake
    if unknown:
        raise ValueError(f"{folder}: no image is called {', '.join(sorted(unknown))}")
    training, held_out = split([p for p in load(folder) if p.name not in exclude], hold_out)
    if not training:
        raise ValueError(f"{folder}: every image is held out or excluded")
    return training, held_out


class PatchSampler:
    """Draws augmented square patches in [-1, 1]: zoom, crop, flips, rotations, gamma, gain and offset.

    Grainy pictures are drawn only reduced to half size or less, so that the model does not learn their grain.
    """

    def __init__(self, pictures: list[Picture], rng: np.random.Generator, max_grain: float = 0.012):
        self.pictures = pictures
        self.rng = rng
        self.max_grain = max_grain

    def batch(self, n: int, size: int) -> torch.Tensor:
        """float32 [n, 1, size, size]."""
        return torch.stack([self.patch(size) for _ in range(n)])[:, None]

    def patch(self, size: int) -> torch.Tensor:
        """float32 [size, size]."""
        rng = self.rng
        picture = self.pictures[rng.integers(len(self.pictures))]
        zoom = self._zoom(picture, size)
        source = min(round(size / zoom), *picture.pixels.shape)
        y, x = (rng.integers(extent - source + 1) for extent in picture.pixels.shape)
        patch = torch.from_numpy(picture.pixels[y:y + source, x:x + source].copy())
        if source != size:
            patch = F.interpolate(patch[None, None], size=(size, size), mode="bicubic", antialias=True)[0, 0]
        if rng.random() < 0.5:
            patch = patch.T
        flips = [axis for axis in (0, 1) if rng.random() < 0.5]
        patch = patch.flip(flips).clamp(-0.1, CEILING)
        patch = patch.sign() * patch.abs() ** rng.uniform(0.5, 1.3)
        patch = patch * rng.uniform(0.7, 1.0) + rng.uniform(0.0, 0.08)
        return 2 * patch - 1

    def _zoom(self, picture: Picture, size: int) -> float:
        smallest = size / min(picture.pixels.shape)
        if picture.grain > self.max_grain:
            return max(smallest, self.rng.uniform(0.4, 0.5))
        if self.rng.random() < 0.6:
            return 1.0
        return max(smallest, float(np.exp(self.rng.uniform(np.log(0.5), np.log(1.6)))))


class MixedSampler:
    """Draws a share of the patches from simulated pictures, every kind equally often, and the others from real ones."""

    def __init__(self, real: list[Picture], simulated: dict[str, list[Picture]], share: float, rng: np.random.Generator):
        self.real = PatchSampler(real, rng)
        self.kinds = [PatchSampler(pictures, rng) for pictures in simulated.values()]
        self.share = share
        self.rng = rng

    def batch(self, n: int, size: int) -> torch.Tensor:
        """float32 [n, 1, size, size]."""
        return torch.stack([self._source().patch(size) for _ in range(n)])[:, None]

    def _source(self) -> PatchSampler:
        return self.kinds[self.rng.integers(len(self.kinds))] if self.rng.random() < self.share else self.real
