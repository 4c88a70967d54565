# SPDX-License-Identifier: BSD-2-Clause
"""Measures what a tile loses against the whole image, for halos up to the receptive field; prints a Markdown table.

    python -m sumi_train.halo --model models/nuclei
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from sumi_train import diffusion
from sumi_train.noise import START, noise_field

HALOS = (0, 8, 16, 24, 32, 48)  # and the receptive field
TIMESTEPS = (30, 100, 400)
CORE = 128


def session_of(model: Path):
    """(x float32 [1, 1, H, W], timestep) -> epsilon."""
    session = onnxruntime.InferenceSession(str(model / "unet" / "model.onnx"), providers=["CPUExecutionProvider"])
    return lambda x, t: session.run(None, {"sample": x, "timestep": np.full(len(x), t, np.float32)})[0]


def round_up(halo: int, multiple: int) -> int:
    return -(-halo // multiple) * multiple


def centre(x: np.ndarray, size: int) -> np.ndarray:
    """The middle size x size pixels."""
    y0, x0 = ((extent - size) // 2 for extent in x.shape[-2:])
    return x[..., y0:y0 + size, x0:x0 + size]


def errors(predict, x: np.ndarray, t: float, core: int, halos, multiple: int) -> dict[int, np.ndarray]:
    """halo -> epsilon of the core from its tile minus that from the whole image.

    A halo is rounded up to the network's size multiple, so that tile and whole image share one grid, which core and image
    must be on too. Raises ValueError where a tile would be as large as the image: there is nothing to compare.
    """
    largest = core + 2 * round_up(max(halos), multiple)
    if largest >= min(x.shape[-2:]):
        raise ValueError(f"a core of {core} with a halo of {max(halos)} needs an image larger than {largest}; it is {x.shape[-2:]}")
    if core % multiple or any((extent - core) % (2 * multiple) for extent in x.shape[-2:]):
        raise ValueError(f"core {core} and image {x.shape[-2:]} are not on the network's grid of {multiple}")
    whole = centre(predict(x, t), core)
    return {halo: centre(predict(centre(x, core + 2 * round_up(halo, multiple)).copy(), t), core) - whole for halo in halos}


def images(model: Path, count: int, size: int) -> list[np.ndarray]:
    """Crops of the test set in -1..1, mirrored at their edges up to size: their own 256 pixels leave no room for the halo."""
    paths = sorted((model / "testset").glob("*.png"))[:count]
    if not paths:
        raise SystemExit(f"{model}/testset holds no PNG")
    found = []
    for path in paths:
        crop = np.asarray(Image.open(path)).astype(np.float32) / 127.5 - 1
        below, right = ((size - extent) // 2 for extent in crop.shape)
        found.append(np.pad(crop, ((below, size - crop.shape[0] - below), (right, size - crop.shape[1] - right)), mode="reflect"))
    return found


def row(t: int, halo: int, read: int, differences: list[np.ndarray], noise_over_signal: float) -> str:
    difference = np.stack(differences).astype(np.float64)
    largest, rms = np.abs(difference).max(), np.sqrt(np.square(difference).mean())
    x0 = noise_over_signal / 2  # x_0 = (x_t - sqrt(1 - a) epsilon) / sqrt(a), and its range is 2
    return f"| {t} | {halo}{f' ({read} read)' if read != halo else ''} | " + " | ".join(
        f"{value:.1e}" for value in (largest, rms, largest * x0, rms * x0)) + " |"


def measure(model: Path, count: int, timesteps=TIMESTEPS) -> str:
    sumi = json.loads((model / "sumi.json").read_text())
    field, multiple = sumi["receptiveField"], sumi["sizeMultiple"]
    if field is None:
        raise SystemExit(f"{model}: the network has no bounded receptive field")
    halos = (*(halo for halo in HALOS if halo < field), field)
    size = CORE + 2 * round_up(field + 1, 2 * multiple) + 2 * multiple
    predict, table = session_of(model), diffusion.linear_alphas_cumprod()
    pictures = images(model, count, size)
    print(f"core of {CORE} in an image of {size}; {len(pictures)} images")
    rows = ["| timestep | halo | epsilon, max | epsilon, RMS | x_0 of range, max | x_0 of range, RMS |", "|---" * 6 + "|"]
    for t in timesteps:
        a = table[t]
        found = {halo: [] for halo in halos}
        for sample, x0 in enumerate(pictures):
            x = np.sqrt(a) * x0 + np.sqrt(1 - a) * noise_field(1, START, (1, 1, size, size), sample)
            for halo, difference in errors(predict, x.astype(np.float32), t, CORE, halos, multiple).items():
                found[halo].append(difference)
        rows += [row(t, halo, round_up(halo, multiple), found[halo], np.sqrt((1 - a) / a)) for halo in halos]
    return "\n".join(rows)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="model folder with a testset")
    parser.add_argument("--count", type=int, default=4, help="how many images of the test set, from the first on")
    options = parser.parse_args(arguments)
    print(measure(options.model, options.count))


if __name__ == "__main__":
    main()
