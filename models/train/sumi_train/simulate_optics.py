# SPDX-License-Identifier: BSD-2-Clause
"""The microscope of simulated scenes: point spread function, light out of focus, illumination and background."""

from dataclasses import dataclass

import numpy as np
from scipy import fft

from sumi_train.data import CEILING, HIGH_PERCENTILE
from sumi_train.simulate_draw import log_uniform, texture

AIRY_FWHM = 0.5145  # of the in-focus Airy pattern, in wavelength / numerical aperture


@dataclass(frozen=True)
class Optics:
    """width: full width at half maximum of the PSF in focus, px, at least 1.1. defocus: of each depth, in waves at the
    edge of the pupil. weights: light that each depth passes on. airy: a wide-field PSF, otherwise a Gaussian (confocal)."""

    width: float
    defocus: tuple[float, ...]
    weights: tuple[float, ...]
    airy: bool


def random_optics(rng: np.random.Generator, depths: int) -> Optics:
    """Wide-field with light from all depths, or confocal, where the depths out of focus are dim; FWHM 1.4 to 6 px."""
    airy = rng.random() < 0.6
    defocus = np.concatenate([[rng.uniform(0, 0.3)], np.sort(log_uniform(rng, 0.5, 5, depths - 1))])
    fall = rng.uniform(0, 0.3) if airy else rng.uniform(0.8, 3)
    return Optics(float(log_uniform(rng, 1.4, 6)), tuple(defocus), tuple(np.exp(-fall * defocus)), airy)


def transfer(size: int, width: float, defocus: float, airy: bool) -> np.ndarray:
    """Optical transfer function for rfft2 of [size, size] px, 1 at frequency 0; width and defocus as in Optics.

    Airy: the autocorrelation of a circular pupil with the phase 2 pi defocus rho^2 (Goodman, Introduction to Fourier
    Optics, section 6.4). Gaussian: the width grows with defocus as a beam's does.
    """
    if not airy:
        variance = (width / 2.3548) ** 2 * (1 + (2 * defocus) ** 2)
        return np.exp(-2 * np.pi ** 2 * variance * (fft.fftfreq(size)[:, None] ** 2 + fft.rfftfreq(size)[None] ** 2))
    double = 2 * size  # half pixels: the pattern of intensity reaches to twice the frequency of the pupil
    frequency = fft.fftfreq(double, 0.5)
    rho2 = (frequency[:, None] ** 2 + frequency[None] ** 2) / (AIRY_FWHM / width) ** 2
    pupil = np.where(rho2 <= 1, np.exp(2j * np.pi * defocus * rho2), 0).astype(np.complex64)
    psf = np.abs(fft.ifft2(pupil)) ** 2
    otf = fft.rfft2(psf / psf.sum()).real  # real, because the pupil is symmetric
    rows = np.r_[:(size + 1) // 2, double - size // 2:double]
    return otf[rows, :size // 2 + 1]


def through(planes: np.ndarray, optics: Optics) -> np.ndarray:
    """The image [size, size] of light at several depths [depth, size, size], no darker than 0."""
    size = planes.shape[1]
    spectrum = sum(weight * fft.rfft2(plane) * transfer(size, optics.width, defocus, optics.airy)
                   for plane, defocus, weight in zip(planes, optics.defocus, optics.weights) if plane.any())
    if np.ndim(spectrum) == 0:
        return np.zeros((size, size))
    return np.maximum(fft.irfft2(spectrum, (size, size)), 0)


def span(image: np.ndarray) -> float:
    """What becomes 0..1: from the darkest pixel to percentile 99.8, or more where the brightest would exceed CEILING."""
    return max(np.percentile(image, HIGH_PERCENTILE) - image.min(), (image.max() - image.min()) / CEILING)


def surroundings(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Haze (a wide blur of the image itself), a background as uneven as culture medium, and uneven illumination."""
    size = len(image)
    top = span(image) or 1.0
    if rng.random() < 0.5:
        haze = fft.irfft2(fft.rfft2(image) * transfer(size, log_uniform(rng, 20, 100), 0.0, False), image.shape)
        image = image + rng.uniform(0, 1.5) * haze
    if rng.random() < 0.6:
        uneven = texture(rng, size, rng.uniform(1.5, 3), 30.0)
        image = image + top * log_uniform(rng, 0.003, 0.2) * (uneven - uneven.min()) / 4
    if rng.random() < 0.4:
        y, x = np.mgrid[:size, :size] / size - rng.uniform(0.2, 0.8, (2, 1, 1))
        image = image * (1 - rng.uniform(0.1, 0.7) * (y * y + x * x) / (y * y + x * x).max())
    return image


def to_training_range(image: np.ndarray) -> np.ndarray:
    """float32 [H, W] in 0..CEILING: the span of the image becomes 0..1.

    As the denoiser measures its range, but from the darkest pixel and not from percentile 1: a power below 1 is steep at 0,
    and would draw a contour through a dark smooth background.
    """
    return ((image - image.min()) / (span(image) or 1.0)).astype(np.float32)
