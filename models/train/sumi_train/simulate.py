# SPDX-License-Identifier: BSD-2-Clause
"""Simulates noise-free fluorescence images, so many of each kind, in a folder for sumi-train train --simulated.

    python -m sumi_train.simulate OUT --count 250 --size 256 --seed 1
"""

import argparse
import json
import time
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy import fft
from tqdm import tqdm

from sumi_train import simulate_bodies, simulate_lines
from sumi_train.data import Picture
from sumi_train.simulate_draw import Canvas, log_uniform
from sumi_train.simulate_optics import Optics, random_optics, span, surroundings, through, to_training_range
from sumi_train.whole import whole_file

STRUCTURES = {"filaments": simulate_lines.filaments, "membranes": simulate_lines.membranes,
              "mitochondria": simulate_lines.mitochondria, "puncta": simulate_bodies.puncta,
              "vesicles": simulate_bodies.vesicles, "cells": simulate_bodies.cells, "nuclei": simulate_bodies.nuclei}
KINDS = (*STRUCTURES, "mixed", "haze", "faint", "blank")
MARGIN = 32  # px around the image that are simulated and cut away: the canvas wraps around, the image must not
DEPTHS = 4
VISIBLE = 0.05  # of the contrast of a scene must be in its image
GREY_PER_UNIT = 50000  # of the 16-bit files
TRAINING, TEST = 0, 1  # streams of random numbers that never meet, whatever the seed


def generator(kind: str, seed: int, index: int, stream: int = TRAINING) -> np.random.Generator:
    return np.random.default_rng([seed, stream, zlib.crc32(kind.encode()), index])


def scene(kind: str, size: int, rng: np.random.Generator) -> np.ndarray:
    """One noise-free image of a kind, float32 [size, size] in 0..CEILING: the range of data.Picture, never clipped."""
    if kind == "blank":
        return np.full((size, size), rng.uniform(0, 0.9), np.float32)
    full = fft.next_fast_len(size + 2 * MARGIN + size % 2)
    full += full % 2
    inner = slice(MARGIN, MARGIN + size), slice(MARGIN, MARGIN + size)
    light = structures(kind, full, rng)
    while span(light[inner]) < VISIBLE * span(light):  # all of it lies in the margin
        light = structures(kind, full, rng)
    image = to_training_range(surroundings(light, rng)[inner])
    if kind == "faint":  # an empty place beside something bright, or a dim image whose range is that of its noise
        image = rng.uniform(0, 0.3) + log_uniform(rng, 0.005, 0.15) * image
    return image.astype(np.float32)


def structures(kind: str, size: int, rng: np.random.Generator) -> np.ndarray:
    """The light of a kind's structures through the optics, [size, size]."""
    optics = random_optics(rng, DEPTHS)
    if kind == "haze":
        optics = Optics(optics.width, (optics.defocus[0], *log_uniform(rng, 1.5, 8, DEPTHS - 1)),
                        (log_uniform(rng, 0.003, 0.3), *rng.uniform(0.3, 1, DEPTHS - 1)), True)
    count = 1 if kind in STRUCTURES else rng.integers(1, 3) if kind in ("haze", "faint") else rng.integers(2, 4)
    names = [kind] if kind in STRUCTURES else rng.choice(list(STRUCTURES), count, replace=False)
    image = np.zeros((size, size))
    for name in names:
        canvas = Canvas(size, DEPTHS, rng.uniform(0.5, 1.0) if kind != "haze" else 0.25)
        STRUCTURES[name](canvas, rng)
        image += to_training_range(through(canvas.planes, optics)) * log_uniform(rng, 0.2, 1)
    return image


def held_out_images(kind: str, count: int = 12, size: int = 256, seed: int = 1) -> list[np.ndarray]:
    """Held-out images of a kind, each as from scene; no training pool holds one of them, whatever its seed."""
    return [scene(kind, size, generator(kind, seed, i, TEST)) for i in range(count)]


def path_of(out: Path, kind: str, index: int) -> Path:
    return out / kind / f"{kind}-{index:05d}.png"


def write(path: Path, image: np.ndarray) -> None:
    with whole_file(path) as partial:
        Image.fromarray(np.round(image * GREY_PER_UNIT).astype(np.uint16)).save(partial, format="PNG", compress_level=1)


def read(path: Path) -> np.ndarray:
    """What write wrote, float32 [H, W]."""
    with Image.open(path) as image:
        return np.asarray(image).astype(np.float32) / GREY_PER_UNIT


def load(folder: Path) -> dict[str, list[Picture]]:
    """The images of a folder that this command wrote, by kind, in the range in which they were made."""
    pictures = {}
    for kind in KINDS:
        paths = sorted((folder / kind).glob("*.png"))
        if not paths:
            raise ValueError(f"{folder}: no image of the kind {kind}; make them with python -m sumi_train.simulate {folder}")
        pictures[kind] = [Picture(path.stem, "simulated", read(path), 0.0) for path in paths]  # no grain, however fine its structures
    return pictures


def sheet(images: dict[str, list[np.ndarray]], shown: int = 128) -> Image.Image:
    """A picture with a row for each kind, its name above."""
    columns, line = max(len(row) for row in images.values()), 14
    picture = Image.new("L", (columns * (shown + 2), len(images) * (shown + line)), 0)
    draw = ImageDraw.Draw(picture)
    for row, (kind, members) in enumerate(images.items()):
        draw.text((3, row * (shown + line) + 1), kind, fill=255)
        for column, image in enumerate(members):
            tile = Image.fromarray(np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8)).resize((shown, shown), Image.Resampling.LANCZOS)
            picture.paste(tile, (column * (shown + 2), row * (shown + line) + line))
    return picture


def claim(out: Path, size: int, seed: int) -> None:
    """Marks the folder with size and seed; refuses one that holds images of another size or seed."""
    made = {"size": size, "seed": seed}
    mark = out / "simulated.json"
    if mark.exists() and json.loads(mark.read_text()) != made:
        raise SystemExit(f"{out} holds images of {json.loads(mark.read_text())}, not of {made}; choose another folder")
    out.mkdir(parents=True, exist_ok=True)
    mark.write_text(json.dumps(made) + "\n")


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder; what is in it already is kept, so an interrupted run goes on")
    parser.add_argument("--count", type=int, default=250, help="images of each kind")
    parser.add_argument("--size", type=int, default=256, help="height and width in pixels")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.count < 1 or options.size < 16 or options.seed < 0:
        parser.error("--count must be at least 1, --size at least 16, --seed at least 0")
    claim(options.out, options.size, options.seed)
    missing = [(kind, i) for i in range(options.count) for kind in KINDS if not path_of(options.out, kind, i).exists()]
    begin = time.monotonic()
    for kind in KINDS:
        (options.out / kind).mkdir(exist_ok=True)
        scene(kind, options.size, generator(kind, options.seed, 0))
    each = (time.monotonic() - begin) / len(KINDS)
    print(f"{len(missing)} images to make, about {len(missing) * each / 60:.1f} min and "
          f"{len(missing) * options.size ** 2 * 1.2 / 2 ** 20:.0f} MiB in {options.out}", flush=True)
    for kind, i in tqdm(missing, mininterval=5):
        write(path_of(options.out, kind, i), scene(kind, options.size, generator(kind, options.seed, i)))
    rows = {kind: [scene(kind, options.size, generator(kind, options.seed, i)) for i in range(min(options.count, 6))] for kind in KINDS}
    sheet(rows).save(options.out / "sheet.jpg", quality=88)


if __name__ == "__main__":
    main()
