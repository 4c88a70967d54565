# SPDX-License-Identifier: BSD-2-Clause
"""How far one set of images is from another, by statistics that mean something for nuclei, with bootstrap intervals."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.stats import wasserstein_distance
from skimage.filters import gaussian, threshold_otsu
from skimage.measure import label
from torch.nn import functional as F

STATISTICS = {"power": "decades", "intensity": "grey", "area": "pixels", "count": "nuclei"}
GREY = np.linspace(-1.5, 2, 701)  # middles of the bins of intensity; what lies beyond counts in the outermost
SMALLEST_POWER = (2 / 255) ** 2 / 12  # of rounding to 8 bits: less can't be told from none in the real images
CONTRAST = 0.2  # between what Otsu's threshold parts; in a real field without nuclei it's grain, about 0.01
MIN_AREA = 20  # pixels
RESAMPLES = 1000


@dataclass(frozen=True)
class Distribution:
    """What was seen in each image: counts float [images, K] of K values, so that images can be drawn anew."""

    values: np.ndarray
    counts: np.ndarray

    def distance(self, other: "Distribution", drawn: np.ndarray | None = None, other_drawn: np.ndarray | None = None) -> float:
        """1-D Wasserstein distance, in the values' unit; drawn [images] says how often each image is in its set, once unless given."""
        weights = [d.counts.sum(axis=0) if n is None else n @ d.counts for d, n in ((self, drawn), (other, other_drawn))]
        if not all(w.sum() for w in weights):
            raise ValueError("no nucleus was found in a whole set of images, so their areas can't be compared")
        return float(wasserstein_distance(self.values, other.values, *weights))


def log_power(images: np.ndarray) -> np.ndarray:
    """log10 of each image's mean power in rings of 1 to size/2 - 1 cycles per image; float [images, size/2 - 1]; white noise has its variance."""
    size = images.shape[-1]
    power = np.abs(np.fft.fft2(images.astype(np.float64))) ** 2 / size ** 2
    frequency = np.hypot(*np.meshgrid(*2 * [np.fft.fftfreq(size) * size])).round().astype(int)
    rings = np.stack([power[:, frequency == ring].mean(axis=1) for ring in range(1, size // 2)], axis=1)
    return np.log10(rings + SMALLEST_POWER)


def nucleus_areas(image: np.ndarray) -> np.ndarray:
    """Pixels of each nucleus, those that touch being one: Otsu's threshold on the image blurred by 1 pixel, parts of MIN_AREA or more."""
    smooth = gaussian(image, 1)
    if np.ptp(smooth) == 0:
        return np.array([], int)
    bright = smooth > threshold_otsu(smooth)
    if smooth[bright].mean() - smooth[~bright].mean() < CONTRAST:
        return np.array([], int)
    areas = np.bincount(label(bright).ravel())[1:]
    return areas[areas >= MIN_AREA]


def distributions(images: np.ndarray) -> dict[str, list[Distribution]]:
    """By the names of STATISTICS; one for each ring of power, else a single one."""
    one_each = np.eye(len(images))
    areas = [nucleus_areas(image) for image in images]
    owners = np.repeat(np.arange(len(images)), [len(a) for a in areas])
    edges = np.concatenate([[-np.inf], (GREY[1:] + GREY[:-1]) / 2, [np.inf]])
    return {"power": [Distribution(ring, one_each) for ring in log_power(images).T],
            "intensity": [Distribution(GREY, np.stack([np.histogram(image, edges)[0] for image in images]) / images[0].size)],
            "area": [Distribution(np.concatenate(areas), one_each[:, owners])],
            "count": [Distribution(np.array([len(a) for a in areas]), one_each)]}


@dataclass(frozen=True)
class Distance:
    """A measured distance and its 95 % interval."""

    value: float
    low: float
    high: float


def distance(a: list[Distribution], b: list[Distribution], seed: int = 1) -> Distance:
    """Mean distance over the pairs of a list.

    Images of both sets are drawn with replacement RESAMPLES times. Drawing anew raises a Wasserstein distance of finite sets,
    so the 2.5 and 97.5 % quantiles are moved by what lies between the resamples' mean and the distance; low is 0 at least.
    """
    rng = np.random.default_rng(seed)
    sets = [distribution[0].counts.shape[0] for distribution in (a, b)]
    value = np.mean([p.distance(q) for p, q in zip(a, b)])
    drawn = [[rng.multinomial(n, np.full(n, 1 / n)) for n in sets] for _ in range(RESAMPLES)]
    again = [np.mean([p.distance(q, *d) for p, q in zip(a, b)]) for d in drawn]
    low, high = np.quantile(again, (0.025, 0.975)) - np.mean(again) + value
    return Distance(value, max(0.0, low), high)


@torch.no_grad()
def random_features(images: np.ndarray) -> np.ndarray:
    """Mean and SD of each channel of three convolutions with fixed random weights; float64 [images, 256]."""
    generator = torch.Generator().manual_seed(1)
    x = torch.from_numpy(images)[:, None]
    for channels in (32, 64, 128):
        weights = torch.randn(channels, x.shape[1], 3, 3, generator=generator) * (2 / (9 * x.shape[1])) ** 0.5
        x = F.relu(F.conv2d(x, weights, stride=2))
    return torch.cat([x.mean(dim=(2, 3)), x.std(dim=(2, 3))], dim=1).double().numpy()


def kid(a: np.ndarray, real: np.ndarray) -> float:
    """Kernel distance (Bińkowski et al. 2018, eq. 4, unbiased, cubic kernel) of random_features, in units of their root mean variance over real."""
    x, y = random_features(a), random_features(real)
    centre, scale = y.mean(axis=0), y.var(axis=0).mean() ** 0.5 + 1e-12
    x, y = (x - centre) / scale, (y - centre) / scale
    n, m = len(x), len(y)
    xx, yy, xy = ((p @ q.T / x.shape[1] + 1) ** 3 for p, q in ((x, x), (y, y), (x, y)))
    return float((xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * xy.mean())
