# SPDX-License-Identifier: BSD-2-Clause
"""The picture of docs/quality.md: what each method makes of a few images, and how far it is from the truth."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from tqdm import tqdm

from sumi_train.benchmark_images import NATURAL, NUCLEI, SIZE, Noise, centre, clean_image, seed_of
from sumi_train.contestants import BLUR, FLIPS, INPUT, MEAN, SUPERVISED, Contestants, Setup

SHOWN = ((NUCLEI, 0), ("filaments", 0), ("mitochondria", 1), ("vesicles", 0), (NATURAL, 0))
NOISE, LINE, GAP = Noise(sigma=20), 14, 3
WORST = 30.0  # grey values of error that are drawn white


def tile(pixels: np.ndarray) -> Image.Image:
    """uint8 of 0..255, the middle SIZE pixels or as many as there are, on black."""
    return Image.fromarray(np.clip(centre(pixels, SIZE) + 0.5, 0, 255).astype(np.uint8))


def row(contestants: Contestants, of: str, index: int, names: list[str]) -> tuple[np.ndarray, list[np.ndarray]]:
    """The truth, and what each method makes of it."""
    clean = clean_image(of, index)
    noisy = NOISE.add(clean, seed_of(of, index))
    return clean, [contestants.run(name, noisy, NOISE, clean) for name in names]


def write(setup: Setup, path: Path) -> None:
    """Two lines for each image: the methods and the truth, and below them their errors."""
    model = setup.models[0].name
    names = [name for name in setup.names() if not name.startswith("Sumi") or name in (MEAN.format(model), FLIPS.format(model))]
    labels = {INPUT: "noisy", BLUR: "Gaussian", MEAN.format(model): "Sumi", FLIPS.format(model): "Sumi, flips", SUPERVISED: "supervised"}
    contestants = Contestants(setup)
    width, height = SIZE + GAP, 2 * (SIZE + GAP)
    picture = Image.new("L", ((len(names) + 1) * width, LINE + len(SHOWN) * height), 0)
    draw = ImageDraw.Draw(picture)
    for column, name in enumerate([*names, "truth"]):
        draw.text((column * width + 2, 1), labels.get(name, name.split(",")[0].split(" (")[0]), fill=255)
    for line, (of, index) in enumerate(tqdm(SHOWN, mininterval=5)):
        clean, results = row(contestants, of, index, names)
        y = LINE + line * height
        for column, result in enumerate(results):
            picture.paste(tile(result), (column * width, y))
            picture.paste(tile(np.abs(result - clean) * 255 / WORST), (column * width, y + SIZE + GAP))
        picture.paste(tile(clean), (len(names) * width, y))
    picture.save(path, quality=90)
