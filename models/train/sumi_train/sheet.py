# SPDX-License-Identifier: BSD-2-Clause
"""Draws samples with the plain DDPM reverse process and lays them out as one picture."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from sumi_train import diffusion
from sumi_train.data import Picture
from sumi_train.noise import START, noise_field


@torch.no_grad()
def ddpm_samples(network, count: int, size: int, steps: int, seed: int, first: int = 0, progress=lambda: None, device: str = "cpu",
                 limit: float = 1.0, channels: int = 1) -> np.ndarray:
    """Ancestral sampling (Ho et al. 2020, algorithm 2) over evenly spaced steps; float32 [channels * count, size, size] in -limit to limit, channel by channel.

    network: (x_t, timesteps) -> epsilon. Estimates of x_0 are cut at the limit. Image i has the noise of sample first + i, whatever the batch. After each step progress is called.
    """
    table = diffusion.linear_alphas_cumprod()
    timesteps = (np.arange(steps) * (len(table) // steps))[::-1]
    shape = (count, channels, size, size)
    x = torch.from_numpy(noise_field(seed, START, shape, first))
    for i, t in enumerate(timesteps):
        alpha = table[t]
        previous = table[timesteps[i + 1]] if i + 1 < steps else 1.0
        epsilon = network(x.to(device), torch.full((count,), float(t), device=device)).cpu()
        x0 = ((x - (1 - alpha) ** 0.5 * epsilon) / alpha ** 0.5).clamp(-limit, limit)
        beta = 1 - alpha / previous
        x = (previous ** 0.5 * beta * x0 + (1 - beta) ** 0.5 * (1 - previous) * x) / (1 - alpha)
        variance = (1 - previous) / (1 - alpha) * beta
        if variance > 0:
            x += variance ** 0.5 * torch.from_numpy(noise_field(seed, i, shape, first))
        progress()
    return x.transpose(0, 1).flatten(0, 1).numpy()


def montage(images: np.ndarray, columns: int) -> np.ndarray:
    """uint8 picture of [count, H, W] images in [-1, 1], columns a row, count a multiple of columns."""
    rows = [np.hstack(images[i:i + columns]) for i in range(0, len(images), columns)]
    return np.clip((np.vstack(rows) + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)


def save_sheet(network, path: Path, count: int, size: int = 64, steps: int = 100, seed: int = 1, device: str = "cpu", channels: int = 1) -> None:
    """Writes a sheet of count generated images, up to 8 in a row, channel by channel; count is below 8 or a multiple of it."""
    Image.fromarray(montage(ddpm_samples(network, count, size, steps, seed, device=device, channels=channels), min(count, 8))).save(path)


def save_pairs(predictor, network, pictures: list[Picture], path: Path, count: int, size: int = 64, steps: int = 100, device: str = "cpu") -> None:
    """Writes a sheet of count columns: the condition from the middle of a pair, a sample given it, and the better image, each pair in the range of the better one.

    predictor: makes the function (x_t, timesteps) -> epsilon of one from (x_t with its condition, timesteps) -> output.
    """
    chosen = [pictures[i].pixels for i in np.linspace(0, len(pictures) - 1, count).round().astype(int)]
    middles = [[(extent - size) // 2 for extent in pixels.shape[1:]] for pixels in chosen]
    better, condition = np.stack([pixels[:, y:y + size, x:x + size] for pixels, (y, x) in zip(chosen, middles)], axis=1) * 2 - 1
    given = torch.from_numpy(condition)[:, None].to(device)
    samples = ddpm_samples(predictor(lambda x, t: network(torch.cat([x, given], dim=1), t)), count, size, steps, seed=1, device=device, limit=np.inf)
    rows = np.concatenate([condition, samples, better])
    low, high = (reduce(better, axis=(1, 2))[np.arange(len(rows)) % count, None, None] for reduce in (np.min, np.max))
    Image.fromarray(montage(2 * (rows - low) / np.maximum(high - low, 1e-6) - 1, count)).save(path)
