# SPDX-License-Identifier: BSD-2-Clause
"""How often a simple classifier recognises in a generated image the label that it was made for; prints a Markdown table.

    python -m sumi_train.recognised --model ../kinds --data POOL --sheet ../kinds/kinds.png

The classifier is linear (Fisher's discriminant) on the power spectrum and the grey values, and learns from patches of the pool. It is also tried on patches of
images that no pool holds, simulate.held_out_images: what it gets right of those is the most to hope for.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from PIL import Image

from sumi_train import labels, simulate
from sumi_train.parity import feed
from sumi_train.sheet import ddpm_samples, montage

FACTOR, SIZE = 3, 32  # models/kinds was trained on images averaged down so far, in patches of so many pixels, each stretched to its range
CONTRAST = 0.1  # of the range of a file: patches with less show nothing of their class
GUIDANCES = (1, 2, 4)
LEARNT, TRIED = 4000, 700  # patches
SHOWN, ZOOM = 4, 2  # images of each label and guidance on the sheet, and how large


def reduced(image: np.ndarray, factor: int) -> np.ndarray:
    """The image with factor x factor pixels averaged to one, [H // factor, W // factor]."""
    height, width = (extent // factor for extent in image.shape)
    return image[:height * factor, :width * factor].reshape(height, factor, width, factor).mean(axis=(1, 3))


def load(folder: Path, names: list[str], factor: int) -> list[list[np.ndarray]]:
    """For each name, the images of its subfolder, reduced. Raises ValueError where one has none."""
    classes = [[reduced(simulate.read(path), factor) for path in sorted((folder / name).glob("*.png"))] for name in names]
    for name, images in zip(names, classes):
        if not images:
            raise ValueError(f"{folder / name} holds no PNG images; there must be a folder for each class")
    return classes


def stretched_patches(classes: list[list[np.ndarray]], rng: np.random.Generator, count: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """(float32 [count, size, size], each turned, mirrored and stretched to -1..1; the class of each): classes are equally frequent."""
    drawn = rng.integers(len(classes), size=count)
    return np.stack([stretched_patch(classes[which], rng, size) for which in drawn]).astype(np.float32), drawn


def stretched_patch(images: list[np.ndarray], rng: np.random.Generator, size: int) -> np.ndarray:
    for _ in range(100):
        image = images[rng.integers(len(images))]
        y, x = (rng.integers(extent - size + 1) for extent in image.shape)
        patch = image[y:y + size, x:x + size]
        low, high = patch.min(), patch.max()
        if high - low >= CONTRAST:
            turned = np.rot90(patch, rng.integers(4))
            return 2 * ((turned[::-1] if rng.integers(2) else turned) - low) / (high - low) - 1
    raise ValueError(f"a hundred patches of {size} pixels in a row show less than {CONTRAST} of the range of their files")


def features(images: np.ndarray) -> np.ndarray:
    """[N, F] of [N, H, W]: the logarithm of the power at each distance from zero frequency, and quantiles of the grey values."""
    size = images.shape[-1]
    frequency = np.fft.fftfreq(size) * size
    ring = np.rint(np.hypot(frequency[:, None], frequency[None])).astype(int).ravel()
    power = (np.abs(np.fft.fft2(images)) ** 2).reshape(len(images), -1)
    rings = np.stack([power[:, ring == radius].mean(1) for radius in range(size // 2)], axis=1)
    return np.hstack([np.log(rings + 1e-3), np.quantile(images, np.linspace(0, 1, 11), axis=(1, 2)).T])


def discriminant(seen: np.ndarray, classes: np.ndarray):
    """Fisher's linear discriminant of features [N, F] and classes [N] that are equally frequent: a function of features to classes."""
    means = np.stack([seen[classes == c].mean(0) for c in range(classes.max() + 1)])
    within = np.cov((seen - means[classes]).T)
    weights = np.linalg.solve(within + 1e-3 * np.trace(within) / len(within) * np.eye(len(within)), means.T)
    return lambda new: (new @ weights - 0.5 * np.einsum("cf,fc->c", means, weights)).argmax(1)


def recognised(classify, images: np.ndarray, classes: np.ndarray, count: int) -> list[float]:
    """The share of images recognised, of each class."""
    right = classify(features(images)) == classes
    return [float(right[classes == c].mean()) for c in range(count)]


def sheet(generated: list[np.ndarray], count: int, path: Path) -> None:
    """Writes a picture of [labels * count, H, W] images of each guidance: a row for each label, guidances side by side."""
    columns = []
    for images in generated:
        shown = images.reshape(-1, count, *images.shape[1:])[:, :SHOWN]
        picture = montage(shown.reshape(-1, *images.shape[1:]), shown.shape[1])
        columns += [picture, np.full((len(picture), 4), 255, np.uint8)]
    Image.fromarray(np.hstack(columns[:-1]).repeat(ZOOM, 0).repeat(ZOOM, 1)).save(path)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="model folder with labels that are kinds of sumi_train.simulate")
    parser.add_argument("--data", type=Path, required=True, help="the pool that it was trained on")
    parser.add_argument("--count", type=int, default=16, help="images generated for each label and guidance")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--sheet", type=Path, help="picture to write: a row for each label, guidances side by side")
    options = parser.parse_args(arguments)
    names = json.loads((options.model / "sumi.json").read_text())["labels"]
    rng = np.random.default_rng(1)
    seen, classes = stretched_patches(load(options.data, names, FACTOR), rng, LEARNT, SIZE)
    classify = discriminant(features(seen), classes)
    held_out = [[reduced(image, FACTOR) for image in simulate.held_out_images(name, 12)] for name in names]
    tried, classes = stretched_patches(held_out, rng, TRIED, SIZE)
    rows = {"simulated, held out": recognised(classify, tried, classes, len(names))}
    session = onnxruntime.InferenceSession(str(options.model / "unet" / "model.onnx"), providers=["CPUExecutionProvider"])
    network = lambda x, t, classes: torch.from_numpy(session.run(None, feed(x.numpy(), t, (classes,)))[0])
    generated = []
    classes = np.repeat(np.arange(len(names)), options.count)
    for guidance in GUIDANCES:
        epsilon = labels.guided(network, torch.from_numpy(classes), len(names), guidance)
        generated.append(ddpm_samples(epsilon, len(classes), SIZE, options.steps, 1))
        rows[f"generated, guidance {guidance}"] = recognised(classify, generated[-1], classes, len(names))
    if options.sheet:
        sheet(generated, options.count, options.sheet)
    print(f"| | {' | '.join(names)} | all |\n{'|---' * (len(names) + 2)}|")
    for name, shares in rows.items():
        print(f"| {name} | {' | '.join(f'{share:.2f}' for share in (*shares, np.mean(shares)))} |")


if __name__ == "__main__":
    main()
