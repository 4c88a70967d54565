# SPDX-License-Identifier: BSD-2-Clause
"""Camera noise, and what makes it Gaussian: the NoiseModel and Anscombe of Java in numpy."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import norm, poisson

TABLED, NODES = 200.0, 800  # photons up to which the inverse is tabled, and its nodes
DRAWS = (np.arange(400) + 0.5) / 400


@dataclass(frozen=True)
class Camera:
    """z = offset + gain Poisson(p) + read_noise n: grey values per photon, grey value without light, SD in grey values."""

    gain: float
    offset: float
    read_noise: float

    def expose(self, clean: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A noisy image, unclipped, of the noise-free grey values; those below the offset have no light."""
        photons = rng.poisson(np.maximum(clean - self.offset, 0) / self.gain)
        return self.offset + self.gain * photons + self.read_noise * rng.standard_normal(clean.shape)

    @property
    def _read(self) -> float:
        return self.read_noise / self.gain

    def stabilise(self, z: np.ndarray) -> np.ndarray:
        """Grey values -> values whose noise has an SD near 1: the generalised Anscombe transform (Makitalo and Foi 2013, eq. 3)."""
        return self._transform((z - self.offset) / self.gain)

    def _transform(self, photons: np.ndarray) -> np.ndarray:
        return 2 * np.sqrt(np.maximum(0, photons + 0.375 + self._read ** 2))

    def invert(self, d: np.ndarray) -> np.ndarray:
        """Denoised stabilised values -> grey values: the exact unbiased inverse, by the expansion of section III beyond TABLED photons.

        Below the mean of the darkest pixel it goes on as a line.
        """
        photons, expected = self._table
        y = np.interp(d, expected, photons)
        y = np.where(d < expected[0], photons[1] * (d - expected[0]) / (expected[1] - expected[0]), y)
        far = np.maximum(d, expected[-1])
        root = np.sqrt(1.5)
        beyond = far ** 2 / 4 - 0.125 - self._read ** 2 + root / (4 * far) - 11 / (8 * far ** 2) + 5 * root / (8 * far ** 3)
        return self.offset + self.gain * np.where(d > expected[-1], beyond, y)

    @cached_property
    def _table(self) -> tuple[np.ndarray, np.ndarray]:
        """Photons, and E[f] there over the Poisson and the Gaussian distribution."""
        photons = TABLED * (np.arange(NODES + 1) / NODES) ** 2
        counts = np.arange(int(TABLED + 12 * TABLED ** 0.5) + 30)
        of_count = self._transform(counts[:, None] + self._read * norm.ppf(DRAWS)).mean(axis=1)
        return photons, poisson.pmf(counts, photons[:, None]) @ of_count
