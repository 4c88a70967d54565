# SPDX-License-Identifier: BSD-2-Clause
"""Lays 64 generated images beside 64 real ones and compares their statistics.

    python -m sumi_train.generated --model models/nuclei --data FOLDER
"""

import argparse
from pathlib import Path

import matplotlib
import numpy as np
import onnxruntime
import torch
from PIL import Image

from sumi_train import data
from sumi_train.sheet import ddpm_samples, montage

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (the backend must be chosen first)

COUNT, SIZE, COLUMNS = 64, 64, 8


def power_spectrum(images: np.ndarray) -> np.ndarray:
    """Power averaged over images and over rings of equal frequency; float [SIZE / 2]."""
    centred = images - images.mean(axis=(1, 2), keepdims=True)
    power = (np.abs(np.fft.fft2(centred)) ** 2).mean(axis=0)
    frequency = np.hypot(*np.meshgrid(*2 * [np.fft.fftfreq(SIZE) * SIZE])).round().astype(int)
    return np.array([power[frequency == ring].mean() for ring in range(SIZE // 2)])


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="model folder; gets generated.png and statistics.png")
    parser.add_argument("--data", type=Path, required=True, help="folder of real images")
    parser.add_argument("--steps", type=int, default=200)
    options = parser.parse_args(arguments)
    session = onnxruntime.InferenceSession(str(options.model / "unet" / "model.onnx"), providers=["CPUExecutionProvider"])

    def network(x, t):
        return torch.from_numpy(session.run(None, {"sample": x.numpy(), "timestep": t.float().numpy()})[0])

    generated = np.concatenate([ddpm_samples(network, 16, SIZE, options.steps, seed) for seed in range(1, 5)])
    sampler = data.PatchSampler(data.load(options.data), np.random.default_rng(1))
    real = sampler.batch(COUNT, SIZE)[:, 0].numpy()
    gap = np.full((SIZE * COUNT // COLUMNS, 8), 255, np.uint8)
    sheet = np.hstack([montage(generated, COLUMNS), gap, montage(real, COLUMNS)])
    Image.fromarray(sheet).save(options.model / "generated.png")

    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.5), constrained_layout=True)
    for images, name in ((generated, "generated"), (real, "real")):
        axes[0].hist(images.mean(axis=(1, 2)), bins=np.linspace(-1, 0.6, 25), alpha=0.6, label=name)
        axes[1].hist(images.std(axis=(1, 2)), bins=np.linspace(0, 0.8, 25), alpha=0.6, label=name)
        axes[2].loglog(np.arange(1, SIZE // 2), power_spectrum(images)[1:], label=name)
        print(f"{name}: mean {images.mean():.3f}, SD within an image {images.std(axis=(1, 2)).mean():.3f}")
    for axis, title in zip(axes, ("mean of an image", "SD of an image", "power against frequency")):
        axis.set_title(title)
        axis.legend()
    figure.savefig(options.model / "statistics.png", dpi=80)


if __name__ == "__main__":
    main()
