# SPDX-License-Identifier: BSD-2-Clause
"""Lays 64 generated images beside 64 real ones, drawn as in training, and compares their statistics.

    python -m sumi_train.generated --model models/nuclei --data FOLDER --hold-out GROUP ... --exclude NAME ...
"""

import argparse
import time
from pathlib import Path

import matplotlib
import numpy as np
import onnxruntime
import torch
from PIL import Image
from tqdm import tqdm

from sumi_train import data, patches
from sumi_train.sheet import ddpm_samples, montage

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (the backend must be chosen first)

COUNT, SIZE, COLUMNS = 64, 64, 8
BATCH = 8  # the fastest for onnxruntime on two cores: what it computes with stays in the cache


class Onnx:
    """The network of a model folder as a function of torch tensors."""

    def __init__(self, model: Path):
        self.session = onnxruntime.InferenceSession(str(model / "unet" / "model.onnx"), providers=["CPUExecutionProvider"])

    def __call__(self, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(self.session.run(None, {"sample": x.numpy(), "timestep": t.numpy()})[0])


def seconds_per_call(network, count: int) -> float:
    """Time of one call with count images, after one that warms up."""
    x, t = torch.zeros(count, 1, SIZE, SIZE), torch.full((count,), 500.0)
    network(x, t)
    begin = time.perf_counter()
    network(x, t)
    return time.perf_counter() - begin


def generate(network, count: int, steps: int, seed: int) -> np.ndarray:
    """float32 [count, SIZE, SIZE], batch after batch."""
    batches = [(first, min(BATCH, count - first)) for first in range(0, count, BATCH)]
    calls = len(batches) * steps
    minutes = calls * seconds_per_call(network, BATCH) / 60
    print(f"{count} images of {SIZE}x{SIZE}, {steps} steps: {calls} network calls of {BATCH}, about {minutes:.1f} minutes", flush=True)
    with tqdm(total=calls, unit="call", mininterval=2) as bar:
        images = np.concatenate([ddpm_samples(network, n, SIZE, steps, seed, first, bar.update) for first, n in batches])
    if not np.isfinite(images).all():
        raise SystemExit("the network gives NaN or infinite values")
    return images


def power_spectrum(images: np.ndarray) -> np.ndarray:
    """Power averaged over images and over rings of equal frequency; float [size / 2], in cycles per image."""
    size = images.shape[-1]
    centred = images - images.mean(axis=(1, 2), keepdims=True)
    power = (np.abs(np.fft.fft2(centred)) ** 2).mean(axis=0) / size**2
    frequency = np.hypot(*np.meshgrid(*2 * [np.fft.fftfreq(size) * size])).round().astype(int)
    return np.array([power[frequency == ring].mean() for ring in range(size // 2)])


def plot(sets: dict[str, np.ndarray], path: Path) -> None:
    """Histograms of mean and SD of each image, and the power spectra."""
    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.5), constrained_layout=True)
    for name, images in sets.items():
        axes[0].hist(images.mean(axis=(1, 2)), bins=np.linspace(-1, 0.6, 25), alpha=0.6, label=name)
        axes[1].hist(images.std(axis=(1, 2)), bins=np.linspace(0, 0.8, 25), alpha=0.6, label=name)
        axes[2].loglog(np.arange(1, images.shape[-1] // 2), power_spectrum(images)[1:], label=name)
    titles = ("mean of an image", "SD of an image", "power spectrum")
    for axis, title, label in zip(axes, titles, ("grey value", "grey value", "cycles per image")):
        axis.set(title=title, xlabel=label)
        axis.legend()
    figure.savefig(path, dpi=80)
    pyplot.close(figure)


def table(sets: dict[str, np.ndarray]) -> str:
    """Mean and SD of an image and mean power in three bands of frequency, as Markdown; -1 to 1 is the grey scale."""
    rows = ["| images | mean | SD | power, 1-3 cycles | 4-11 | 12-31 |", "|---" * 6 + "|"]
    for name, images in sets.items():
        mean, sd, power = images.mean(axis=(1, 2)), images.std(axis=(1, 2)), power_spectrum(images)
        bands = " | ".join(f"{power[a:b].mean():.3g}" for a, b in ((1, 4), (4, 12), (12, 32)))
        rows.append(f"| {name} | {mean.mean():.3f} ± {mean.std():.3f} | {sd.mean():.3f} ± {sd.std():.3f} | {bands} |")
    return "\n".join(rows)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="model folder; gets generated.png and statistics.png")
    parser.add_argument("--data", type=Path, required=True, help="folder of the images that the model was trained on")
    data.add_split_arguments(parser)
    parser.add_argument("--out", type=Path, help="another folder for the two pictures")
    parser.add_argument("--count", type=int, default=COUNT, help=f"a multiple of {COLUMNS}")
    parser.add_argument("--steps", type=int, default=250, help="1 to 1000")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.count < 1 or options.count % COLUMNS:
        parser.error(f"--count {options.count}: a multiple of {COLUMNS} from {COLUMNS} on is needed")
    if not 1 <= options.steps <= 1000:
        parser.error(f"--steps {options.steps}: 1 to 1000 is allowed")
    try:
        training, held_out = data.load_split(options.data, options.hold_out, options.exclude)
    except ValueError as refusal:
        parser.error(str(refusal))
    print(f"real images are drawn from {len(training)} training images; {len(held_out)} are held out, "
          f"{len(options.exclude)} excluded")
    real = patches.PatchSampler(training, np.random.default_rng(options.seed)).batch(options.count, SIZE).patches[:, 0].numpy()
    sets = {"generated": generate(Onnx(options.model), options.count, options.steps, options.seed), "real": real}
    out = options.out or options.model
    out.mkdir(parents=True, exist_ok=True)
    gap = np.full((SIZE * options.count // COLUMNS, 8), 255, np.uint8)
    sheet = np.hstack([montage(sets["generated"], COLUMNS), gap, montage(real, COLUMNS)])
    Image.fromarray(sheet).save(out / "generated.png")
    plot(sets, out / "statistics.png")
    print(table(sets))


if __name__ == "__main__":
    main()
