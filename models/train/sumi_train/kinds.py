# SPDX-License-Identifier: BSD-2-Clause
"""Denoises images that no model was trained on, of every kind there is, with several models; prints a Markdown table of mean PSNR in dB.

    python -m sumi_train.kinds ../nuclei ../fluorescence --sheet ../fluorescence/kinds.png

The kinds are the twelve crops of models/nuclei/testset and twelve held-out images of each kind of sumi_train.simulate, 0 to 255, with
Gaussian noise added unclipped, the same for every model. 255 is the peak.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from sumi_train import simulate
from sumi_train.quality import SIGMAS, Sumi, load_testset, peak_signal_noise_ratio, with_noise
from sumi_train.timing import MODELS

CROPS = MODELS / "nuclei"
SHOWN, SHOWN_SIGMA, SHOWN_SIZE = ("filaments", "membranes", "mitochondria", "vesicles", "cells"), 20, 160


def images(kind: str | None, count: int) -> list[np.ndarray]:
    """The first count crops, or held-out images of a kind, float64 [256, 256] in 0..255, a little above where an image is brightest."""
    return load_testset(CROPS, count) if kind is None else [255.0 * image for image in simulate.held_out_images(kind, count)]


def mean_psnr(models: list[Sumi], clean: list[np.ndarray], sigma: int) -> list[float]:
    """Of each model."""
    scores = [[peak_signal_noise_ratio(image, model(noisy, sigma), data_range=255) for model in models] for image, noisy in with_noise(clean, sigma)]
    return list(np.mean(scores, axis=0))


def sheet(models: list[Sumi], path: Path) -> None:
    """Writes a picture: a row for each kind shown, of the truth, the noisy image and what each model makes of it."""
    rows = []
    for clean, noisy in with_noise([images(kind, 1)[0] for kind in SHOWN], SHOWN_SIGMA):
        rows.append(np.hstack([image[:SHOWN_SIZE, :SHOWN_SIZE] for image in (clean, noisy, *(model(noisy, SHOWN_SIGMA) for model in models))]))
    Image.fromarray(np.clip(np.vstack(rows), 0, 255).astype(np.uint8)).save(path)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+", help="model folders")
    parser.add_argument("--count", type=int, default=12, help="images of each kind, 1 to 12")
    parser.add_argument("--sheet", type=Path, help="picture to write: truth, noisy, each model")
    options = parser.parse_args(arguments)
    if not 1 <= options.count <= 12:
        parser.error(f"--count is {options.count}; it must be from 1 to 12")
    models = [Sumi(path) for path in options.models]
    if options.sheet:
        sheet(models, options.sheet)
    print(f"| {' / '.join(path.resolve().name for path in options.models)} | {' | '.join(f'σ = {sigma}' for sigma in SIGMAS)} |")
    print("|---" * (len(SIGMAS) + 1) + "|")
    for kind in (None, *simulate.KINDS):
        clean = images(kind, options.count)
        cells = [" / ".join(f"{value:.2f}" for value in mean_psnr(models, clean, sigma)) for sigma in SIGMAS]
        print(f"| {kind or 'crops of real nuclei'} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
