# SPDX-License-Identifier: BSD-2-Clause
"""Fine-tunes a model on a structure that it has not seen, striated muscle, and measures what that gains.

    python -m sumi_train.finetune OUT --minutes 20

Makes 60 images of a kind that is not in sumi_train.simulate, runs sumi-train train --init-from on them, and prints mean PSNR in dB
of twelve more, from a stream of random numbers of their own, and of the twelve crops of real nuclei, which show what is forgotten.
What OUT holds already is kept: an interrupted run goes on.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy import fft

from sumi_train import kinds, simulate, train
from sumi_train.quality import SIGMAS, Sumi
from sumi_train.simulate_draw import log_uniform, texture
from sumi_train.simulate_optics import Optics, surroundings, through, to_training_range
from sumi_train.timing import MODELS

KIND = "sarcomeres"
COUNT, SIZE, TESTED = 60, 256, 12


def muscle(size: int, rng: np.random.Generator) -> np.ndarray:
    """Light of myofibrils side by side, [size, size]: Z-discs at the sarcomere's period, in step with their neighbours but for a drift."""
    angle, period, width = rng.uniform(0, np.pi), log_uniform(rng, 8, 24), log_uniform(rng, 5, 18)
    y, x = np.mgrid[:size, :size]
    along, across = (turned + rng.uniform(0.5, 6) * texture(rng, size, 2.5, 40.0)
                     for turned in (x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)))
    fibril = np.floor(across / width).astype(int)
    fibril -= fibril.min()
    number = fibril.max() + 1
    shift = np.cumsum(rng.uniform(0.02, 0.25) * period * rng.standard_normal(number)) + period * (rng.random(number) < 0.05) / 2
    phase = ((along + shift[fibril]) / period) % 1 - 0.5  # 0 at a Z-disc
    discs = np.exp(-(phase * period / log_uniform(rng, 0.8, 2.0)) ** 2 / 2)
    bands = rng.uniform(0, 0.5) * np.exp(-((np.abs(phase) - 0.3) / 0.1) ** 2 / 2)
    gap = np.abs((across / width) % 1 - 0.5)
    profile = 1 / (1 + np.exp((gap - 0.42) * width / 0.5))
    light = np.exp(rng.uniform(0, 0.5) * rng.standard_normal(number)) * (rng.random(number) > 0.08)
    return light[fibril] * profile * (discs + bands + rng.uniform(0.02, 0.15))


def image(index: int, stream: int) -> np.ndarray:
    """Noise-free image of a stream (simulate.TRAINING or TEST), float32 [SIZE, SIZE] in 0..CEILING."""
    rng = simulate.generator(KIND, 1, index, stream)
    full = fft.next_fast_len(SIZE + 2 * simulate.MARGIN)
    full += full % 2
    optics = Optics(float(log_uniform(rng, 1.5, 3.5)), (rng.uniform(0, 0.3),), (1.0,), bool(rng.random() < 0.6))
    light = surroundings(through(muscle(full, rng)[None], optics), rng)
    return to_training_range(light[simulate.MARGIN:simulate.MARGIN + SIZE, simulate.MARGIN:simulate.MARGIN + SIZE])


def make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(COUNT):
        path = folder / f"{KIND}-{i:02d}.png"
        if not path.exists():
            simulate.write(path, image(i, simulate.TRAINING))


def table(models: list[Path], count: int) -> str:
    """Markdown."""
    denoisers = [Sumi(model) for model in models]
    rows = [f"| {' / '.join(model.resolve().name for model in models)} | {' | '.join(f'σ = {sigma}' for sigma in SIGMAS)} |", "|---" * (len(SIGMAS) + 1) + "|"]
    for name, clean in ((KIND, [255.0 * image(i, simulate.TEST) for i in range(count)]), ("crops of real nuclei", kinds.images(None, count))):
        cells = [" / ".join(f"{value:.2f}" for value in kinds.mean_psnr(denoisers, clean, sigma)) for sigma in SIGMAS]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for the images, the run and its model")
    parser.add_argument("--init-from", type=Path, default=MODELS / "fluorescence", metavar="MODEL")
    parser.add_argument("--minutes", type=float, default=20, help="of training; default %(default)s")
    parser.add_argument("--count", type=int, default=TESTED, help="images of each kind to denoise, 1 to 12")
    options = parser.parse_args(arguments)
    if not 1 <= options.count <= TESTED:
        parser.error(f"--count is {options.count}; it must be from 1 to {TESTED}")
    make(options.out / "images")
    run = options.out / "run"
    if not (run / "model").exists():
        more = ["--resume"] if (run / "options.json").exists() else []
        train.main([str(options.out / "images"), str(run), *more, "--init-from", str(options.init_from), "--minutes", str(options.minutes),
                    "--low-noise-share", "0.7", "--warm-up", "50", "--epoch-steps", "25", "--samples", "0"])
    print(table([options.init_from, run / "model"], options.count))


if __name__ == "__main__":
    main()
