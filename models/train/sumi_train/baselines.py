# SPDX-License-Identifier: BSD-2-Clause
"""The denoisers that Sumi is held against. Each gives one result or, where a strength must be chosen, one for each strength.

All take a float64 [H, W] image and the SD of its noise in the same unit, and give images of that unit.
"""

from collections.abc import Iterator

import numpy as np
from scipy.ndimage import gaussian_filter, median_filter
from skimage.restoration import denoise_nl_means, denoise_tv_chambolle, denoise_wavelet

WIDTHS = np.arange(0.3, 4, 0.1)  # SD in pixels
MEDIANS = (3, 5, 7, 9)  # pixels
STRENGTHS = (0.4, 0.6, 0.8, 1.0)  # h of non-local means over sigma
TV_WEIGHTS = (0.5, 0.75, 1.0, 1.5, 2.0)  # over sigma


def same(noisy: np.ndarray, sigma: float) -> Iterator[np.ndarray]:
    yield noisy


def gaussian(noisy: np.ndarray, sigma: float) -> Iterator[np.ndarray]:
    return (gaussian_filter(noisy, width) for width in WIDTHS)


def median(noisy: np.ndarray, sigma: float) -> Iterator[np.ndarray]:
    return (median_filter(noisy, size) for size in MEDIANS)


def non_local_means(noisy: np.ndarray, sigma: float) -> Iterator[np.ndarray]:
    """Buades et al. 2005, in patches of 5 over 13 x 13 pixels."""
    return (denoise_nl_means(noisy, patch_size=5, patch_distance=6, h=strength * sigma, sigma=sigma, fast_mode=True)
            for strength in STRENGTHS)


def total_variation(noisy: np.ndarray, sigma: float) -> Iterator[np.ndarray]:
    """Rudin et al. 1992, by the algorithm of Chambolle 2004."""
    return (denoise_tv_chambolle(noisy, weight=weight * sigma) for weight in TV_WEIGHTS)


def wavelet(noisy: np.ndarray, sigma: float) -> Iterator[np.ndarray]:
    """BayesShrink (Chang et al. 2000)."""
    yield denoise_wavelet(noisy, sigma=sigma, method="BayesShrink", mode="soft", rescale_sigma=True)


def bm3d(noisy: np.ndarray, sigma: float) -> Iterator[np.ndarray]:
    """Dabov et al. 2007, Makinen et al. 2020; raises ImportError where the package isn't installed."""
    from bm3d import bm3d as denoise  # its licence allows non-commercial use only, so nothing else may need it
    yield denoise(noisy, sigma)
