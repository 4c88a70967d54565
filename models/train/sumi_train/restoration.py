# SPDX-License-Identifier: BSD-2-Clause
"""Simulates pairs of images of one microscope, dim and blurred beside sharp and free of noise, and trains a restoration on them.

    python -m sumi_train.restoration OUT --count 150 --minutes 60

OUT/high and OUT/low become 16-bit TIFFs of the same names, OUT/test the same of a stream of random numbers of its own, OUT/run the run and its
model. What is there already is kept: an interrupted run goes on. sumi_train.restored measures what came out.
"""

import argparse
from pathlib import Path

import numpy as np
import tifffile
from scipy import fft
from tqdm import tqdm

from sumi_train import simulate, train
from sumi_train.camera import Camera
from sumi_train.simulate import MARGIN, STRUCTURES
from sumi_train.simulate_draw import Canvas, log_uniform
from sumi_train.simulate_optics import span, transfer
from sumi_train.whole import whole_file

SIZE = 256
TESTED = 4  # of each structure
SHARP, BLURRED = 2.0, 5.0  # px, full width at half maximum of the in-focus Airy pattern
CAMERA = Camera(gain=2.0, offset=100.0, read_noise=4.0)
PHOTONS = 15, 150  # at the brightest of a blurred image, about
BACKGROUND = 0.02, 0.2  # of that
TRAINING_OPTIONS = ("--widths", "32", "64", "96", "128", "--epoch-steps", "200", "--samples", "8")


def blur(light: np.ndarray, width: float) -> np.ndarray:
    """Light [size, size] through an objective in focus, no darker than 0; its sum stays."""
    return np.maximum(fft.irfft2(fft.rfft2(light) * transfer(len(light), width, 0.0, True), light.shape), 0)


def pair(kind: str, index: int, stream: int, width: float = BLURRED) -> tuple[np.ndarray, np.ndarray]:
    """(sharp and free of noise, blurred by a PSF of this width and noisy), each uint16 [SIZE, SIZE] in the camera's grey values."""
    rng = simulate.generator(f"pair of {kind}", 1, index, stream)
    full = fft.next_fast_len(SIZE + 2 * MARGIN + 4)
    full += full % 2
    inner = slice(MARGIN, MARGIN + SIZE), slice(MARGIN, MARGIN + SIZE)
    top = 0.0
    while not top:
        canvas = Canvas(full, simulate.DEPTHS, 1.0)
        STRUCTURES[kind](canvas, rng)
        light = canvas.planes.sum(axis=0)  # a thin specimen: all of it is in focus
        blurred = blur(light, width)
        top = span(blurred[inner]) if span(blurred[inner]) >= simulate.VISIBLE * span(blurred) else 0.0
    photons, background = log_uniform(rng, *PHOTONS), log_uniform(rng, *BACKGROUND)
    sharp, blurred = (CAMERA.offset + CAMERA.gain * photons * (image[inner] / top + background) for image in (blur(light, SHARP), blurred))
    return tuple(np.clip(np.round(image), 0, 65535).astype(np.uint16) for image in (sharp, CAMERA.expose(blurred, rng)))


def names(kind: str, count: int = TESTED) -> list[str]:
    """Of the files of a kind."""
    return [f"{kind}-{i:03d}.tif" for i in range(count)]


def make(high: Path, low: Path, count: int, stream: int, width: float = BLURRED) -> None:
    """Writes the pairs of every structure that are missing."""
    for folder in (high, low):
        folder.mkdir(parents=True, exist_ok=True)
    files = [(kind, i, name) for kind in STRUCTURES for i, name in enumerate(names(kind, count))]
    for kind, i, name in tqdm([each for each in files if not (low / each[2]).exists()], mininterval=5):
        for folder, image in zip((high, low), pair(kind, i, stream, width)):  # the one that is looked for is written last
            with whole_file(folder / name) as partial:
                tifffile.imwrite(partial, image)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for the images, the run and its model")
    parser.add_argument("--count", type=int, default=150, help="pairs of each of seven structures to train on, 2 or more")
    parser.add_argument("--minutes", type=float, default=60, help="of training; default %(default)s")
    options = parser.parse_args(arguments)
    if options.count < 2:
        parser.error(f"--count is {options.count}; it must be 2 or more")
    make(options.out / "high", options.out / "low", options.count, simulate.TRAINING)
    make(options.out / "test" / "high", options.out / "test" / "low", TESTED, simulate.TEST)
    run = options.out / "run"
    if not (run / "model").exists():
        more = ["--resume"] if (run / "options.json").exists() else []
        train.main([str(options.out / "high"), str(run), "--low", str(options.out / "low"), *more, "--minutes", str(options.minutes), *TRAINING_OPTIONS])


if __name__ == "__main__":
    main()
