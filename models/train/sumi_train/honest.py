# SPDX-License-Identifier: BSD-2-Clause
"""Measures whether grey values stay quantitative through mean mode, beside BM3D, and prints Markdown tables; or writes clean images.

    python -m sumi_train.honest ../fluorescence
    python -m sumi_train.honest --images OUT --seed 2

The first prints the shift of the mean over crops and held-out simulated images, the slope of integrated intensity over truth of nuclei and
spots, and what is left of the noise of blank fields. The second writes two held-out images of each simulated kind as 32-bit TIFF of
0 to 255, for CoverageBench: those of another seed are other images.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from sumi_train import baselines, simulate
from sumi_train.kinds import images
from sumi_train.quality import Sumi, with_noise

SIGMAS = (5, 20, 40)
STEPS = np.array([1, 2, 4, 8, 16])
SIZE, PITCH, BACKGROUND = 256, 48, 20.0
LEAST_SNR = 3


def mean_shift(model: Sumi, clean: list[np.ndarray], sigma: int) -> list[float]:
    """(mean of result - mean of input) over (99.8 percentile - 1 percentile of the clean image), percent, of each image that isn't blank."""
    shifts = []
    for image, noisy in with_noise(clean, sigma):
        low, high = np.percentile(image, [1, 99.8])
        if high - low > sigma:
            shifts.append(100 * (model(noisy, sigma).mean() - noisy.mean()) / (high - low))
    return shifts


def objects(radius: float, softness: float, faintest: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A clean image with 5 columns of discs, brightness 1:2:4:8:16; their labels 1..25 (0: none), with the light around them; brightness of each label."""
    y, x = np.mgrid[:SIZE, :SIZE]
    image, labels, brightness = np.full((SIZE, SIZE), BACKGROUND), np.zeros((SIZE, SIZE), int), np.zeros(len(STEPS) ** 2 + 1)
    for row in range(len(STEPS)):
        for column, step in enumerate(np.roll(STEPS, row)):
            label = row * len(STEPS) + column + 1
            cy, cx = (PITCH / 2 + PITCH * k + 8 + 0.3 * (label % 4) for k in (row, column))
            distance = np.hypot(y - cy, x - cx)
            shape = np.exp(-(distance / softness) ** 2 / 2) if radius == 0 else 1 / (1 + np.exp((distance - radius) / softness))
            image += faintest * step * shape
            labels[distance < radius + max(5 * softness, 6)] = label
            brightness[label] = faintest * step
    return image, labels, brightness


def light(image: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Integrated intensity of each label above the background."""
    return np.bincount(labels.ravel(), (image - BACKGROUND).ravel())[1:]


def ratio(found: np.ndarray, true: np.ndarray) -> float:
    """Of found over true through the origin, by the median of ratios: each brightness counts alike."""
    return float(np.median(found / true))


def regression(found: np.ndarray, true: np.ndarray) -> float:
    """Least-squares slope of found over true, with an intercept."""
    return float(np.polyfit(true, found, 1)[0])


def linearity(methods: dict, radius: float, softness: float, sigma: float, faintest: float, seeds: int = 4) -> list[str]:
    """A table row for each method: slope, and the median ratio for each brightness."""
    clean, labels, brightness = objects(radius, softness, faintest)
    true = light(clean, labels)
    counts = brightness[1:] >= LEAST_SNR * sigma
    rows = []
    for name, method in methods.items():
        found = np.concatenate([light(method(clean + sigma * np.random.default_rng(seed).standard_normal(clean.shape), sigma), labels)
                                for seed in range(seeds)])
        truths, which, levels = np.tile(true, seeds), np.tile(counts, seeds), np.tile(brightness[1:], seeds)
        ratios = " ".join(f"{ratio(found[levels == level], truths[levels == level]):.3f}" for level in faintest * STEPS)
        rows.append(f"{name} | {regression(found[which], truths[which]):.3f} | {ratios}")
    return rows


def blank(methods: dict, sigma: float, count: int = 8) -> dict[str, float]:
    """Median SD of the results over the SD of the noise, of blank fields."""
    fields = [100 + sigma * np.random.default_rng(seed).standard_normal((SIZE, SIZE)) for seed in range(count)]
    return {name: float(np.median([method(field, sigma).std() / sigma for field in fields])) for name, method in methods.items()}


def write_images(out: Path, seed: int, count: int = 2) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for kind in simulate.KINDS:
        for i, image in enumerate(simulate.held_out_images(kind, count, SIZE, seed)):
            Image.fromarray((255 * image).astype(np.float32)).save(out / f"{kind}-{i}.tif")


def report_mean(folder: Path, count: int) -> None:
    model = Sumi(folder)
    print(f"| images | {' | '.join(f'σ = {sigma}' for sigma in SIGMAS)} |\n" + "|---" * (len(SIGMAS) + 1) + "|")
    for kind in (None, *(kind for kind in simulate.KINDS if kind != "blank")):
        sizes = [np.abs(mean_shift(model, images(kind, count), sigma)) for sigma in SIGMAS]
        cells = [f"{np.median(size):.2f} ({size.max():.2f})" if len(size) else "range below σ" for size in sizes]
        print(f"| {kind or 'crops of real nuclei'} | {' | '.join(cells)} |", flush=True)


def methods(folder: Path) -> dict:
    return {folder.resolve().name: Sumi(folder), "BM3D": lambda noisy, sigma: next(baselines.bm3d(noisy, sigma)), "input": lambda noisy, sigma: noisy}


def report_light(folder: Path, count: int) -> None:
    print("| objects | σ | method | slope where SNR >= 3 | found over true at 1, 2, 4, 8, 16 |\n|---|---|---|---|---|")
    for what, radius, softness in (("spots of SD 1.5", 0, 1.5), ("nuclei of radius 10", 10, 1.5)):
        for sigma, faintest in ((4, 12.0), (12, 12.0)):
            for row in linearity(methods(folder), radius, softness, sigma, faintest, count):
                print(f"| {what} | {sigma} | {row} |", flush=True)


def report_blank(folder: Path, count: int) -> None:
    compared = methods(folder)
    print(f"| σ | {' | '.join(compared)} |\n" + "|---" * (len(compared) + 1) + "|")
    for sigma in SIGMAS:
        print(f"| {sigma} | " + " | ".join(f"{value:.3f}" for value in blank(compared, sigma, count).values()) + " |", flush=True)


REPORTS = {"mean": report_mean, "light": report_light, "blank": report_blank}


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", help="model folder")
    parser.add_argument("--parts", nargs="+", choices=REPORTS, default=list(REPORTS), help="what to measure")
    parser.add_argument("--count", type=int, default=4, help="images of each kind, or fields of noise, 1 to 12")
    parser.add_argument("--images", type=Path, metavar="OUT", help="write clean images to this folder instead")
    parser.add_argument("--seed", type=int, default=1, help="of the images")
    options = parser.parse_args(arguments)
    if (options.model is None) == (options.images is None):
        parser.error("give a model folder, or --images OUT")
    if not 1 <= options.count <= 12 or options.seed < 0:
        parser.error("--count must be from 1 to 12, --seed at least 0")
    if options.images:
        write_images(options.images, options.seed)
    else:
        for part in options.parts:
            print(f"\n{part}\n", flush=True)
            REPORTS[part](options.model, options.count)


if __name__ == "__main__":
    main()
