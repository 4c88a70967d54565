# SPDX-License-Identifier: BSD-2-Clause
"""The forward process of DDPM (Ho et al. 2020, arXiv 2006.11239) for training."""

import numpy as np
import torch

NUM_TRAIN_TIMESTEPS = 1000


def linear_alphas_cumprod(num_train_timesteps=NUM_TRAIN_TIMESTEPS, beta_start=1e-4, beta_end=0.02) -> np.ndarray:
    """alphas_cumprod of the linear schedule, float64 [num_train_timesteps]."""
    betas = np.linspace(beta_start, beta_end, num_train_timesteps, dtype=np.float64)
    return np.cumprod(1.0 - betas)


def sigmas(alphas_cumprod: np.ndarray) -> np.ndarray:
    """Noise over signal, sqrt((1 - alphas_cumprod) / alphas_cumprod), at each timestep."""
    return np.sqrt((1.0 - alphas_cumprod) / alphas_cumprod)


def timestep_of(sigma: float, alphas_cumprod: np.ndarray) -> float:
    """The fractional timestep whose noise over signal is sigma: linear in log sigma between two steps, clamped."""
    table = np.log(sigmas(alphas_cumprod))
    return float(np.interp(np.log(sigma), table, np.arange(len(table))))


def add_noise(x0: torch.Tensor, noise: torch.Tensor, alpha_cumprod: torch.Tensor) -> torch.Tensor:
    """x_t = sqrt(alpha_cumprod) x_0 + sqrt(1 - alpha_cumprod) noise (eq. 4); alpha_cumprod is [N]."""
    a = alpha_cumprod[:, None, None, None]
    return a.sqrt() * x0 + (1 - a).sqrt() * noise


def sample_timesteps(n: int, table: np.ndarray, low_noise_share: float, rng: np.random.Generator) -> np.ndarray:
    """Draws n timesteps: a share log-uniform in sigma over [0.01, 1.5], where denoising works, the rest uniform.

    Fractional, so that the network also knows the noise levels between two steps. float64 [n] in [0, T-1].
    """
    uniform = rng.uniform(0, len(table) - 1, n)
    log_sigma = rng.uniform(np.log(0.01), np.log(1.5), n)
    matched = np.interp(log_sigma, np.log(sigmas(table)), np.arange(len(table)))
    return np.where(rng.uniform(size=n) < low_noise_share, matched, uniform)


def alphas_cumprod_at(t: np.ndarray, table: np.ndarray) -> np.ndarray:
    """alphas_cumprod at fractional timesteps, linear in log sigma between two steps."""
    log_sigma = np.interp(t, np.arange(len(table)), np.log(sigmas(table)))
    return 1.0 / (1.0 + np.exp(2.0 * log_sigma))
