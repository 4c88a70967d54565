# SPDX-License-Identifier: BSD-2-Clause
"""The images and the noise of the benchmark."""

import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import skimage.data

from sumi_train import simulate
from sumi_train.camera import Camera
from sumi_train.quality import load_testset
from sumi_train.timing import MODELS

NUCLEI, NATURAL, WHOLE_NUCLEI = "real nuclei", "photographs", "real nuclei, 256 x 256"
PHOTOGRAPHS = ("camera", "moon", "coins", "page", "text", "brick", "grass", "gravel")  # come with scikit-image, without a download
COUNT, SIZE, WHOLE = 12, 128, 256  # the middle of an image is enough, and all that BM3D has time for
READ_NOISE = 1.0  # photons


@dataclass(frozen=True)
class Noise:
    """Gaussian noise of sigma grey values or, with a peak, that of a camera that counts so many photons where the image is 255.

    Methods that must be told the noise are told stated times it.
    """

    sigma: float = 0.0
    peak: float | None = None
    stated: float = 1.0

    @property
    def name(self) -> str:
        told = "" if self.stated == 1 else f", told {self.stated * self.sigma:g}"
        return f"peak {self.peak:g}" if self.peak else f"σ = {self.sigma:g}{told}"

    def camera(self, clean: np.ndarray) -> Camera | None:
        """Whose offset is the darkest pixel's value where that is below 0; None for Gaussian noise."""
        gain = 255 / self.peak if self.peak else 0
        return Camera(gain, min(0.0, float(clean.min())), READ_NOISE * gain) if self.peak else None

    def add(self, clean: np.ndarray, seed: int) -> np.ndarray:
        """Unclipped; the same noise whenever it is asked, and whatever is stated."""
        rng = np.random.default_rng([seed, round(100 * self.sigma), round(100 * (self.peak or 0))])
        camera = self.camera(clean)
        return camera.expose(clean, rng) if camera else clean + self.sigma * rng.standard_normal(clean.shape)


GAUSSIAN = tuple(Noise(sigma=sigma) for sigma in (5, 10, 20, 50))
CAMERAS = tuple(Noise(peak=peak) for peak in (255, 60, 20, 5))
LEVELS = GAUSSIAN + CAMERAS
CENTRAL = (GAUSSIAN[2], CAMERAS[2])  # where every method runs on every image
MISSTATED = tuple(Noise(sigma=20, stated=stated) for stated in (0.8, 1.2))
SETS = (NUCLEI, *simulate.KINDS, NATURAL)


def count(of: str) -> int:
    """Images of a set."""
    return len(PHOTOGRAPHS) if of == NATURAL else COUNT


def centre(image: np.ndarray, size: int) -> np.ndarray:
    """The middle of an image, size pixels or what it has of them, in multiples of 8."""
    extents = [min(size, extent // 8 * 8) for extent in image.shape]
    y, x = ((whole - extent) // 2 for whole, extent in zip(image.shape, extents))
    return image[y:y + extents[0], x:x + extents[1]]


def photograph(name: str) -> np.ndarray:
    """float64 in 0..255; those of 512 pixels and more are reduced to half size, which takes their own noise away."""
    image = getattr(skimage.data, name)().astype(np.float64)
    if min(image.shape) >= 512:
        image = image.reshape(image.shape[0] // 2, 2, image.shape[1] // 2, 2).mean(axis=(1, 3))
    return centre(image, SIZE)


@lru_cache(maxsize=32)
def clean_image(of: str, index: int) -> np.ndarray:
    """float64 [H, W], about 0..255: image number index of a set."""
    if of == NATURAL:
        return photograph(PHOTOGRAPHS[index])
    if of in (NUCLEI, WHOLE_NUCLEI):
        return centre(load_testset(MODELS / "nuclei")[index], SIZE if of == NUCLEI else WHOLE)
    rng = simulate.generator(of, 1, index, simulate.TEST)  # as simulate.held_out_images draws them
    return centre(255.0 * simulate.scene(of, WHOLE, rng), SIZE)


def seed_of(of: str, index: int) -> int:
    return zlib.crc32(f"{of} {index}".encode())
