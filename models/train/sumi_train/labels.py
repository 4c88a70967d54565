# SPDX-License-Identifier: BSD-2-Clause
"""Class labels: labelled patches to train on, label dropout and classifier-free guidance (Ho & Salimans 2022, arXiv 2207.12598)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from sumi_train import simulate

DROPOUT = 0.1  # share of labels that become the unconditional class
CONTRAST = 0.1  # of the range of a file: patches with less show nothing of their class


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


@dataclass
class LabelledPatches:
    """Draws patches, turned and mirrored, each stretched to -1..1, of classes that are equally frequent."""

    classes: list[list[np.ndarray]]
    rng: np.random.Generator

    def batch(self, count: int, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        """(float32 [count, 1, size, size], int64 [count]: the class of each)."""
        labels = self.rng.integers(len(self.classes), size=count)
        patches = np.stack([self.patch(self.classes[label], size) for label in labels])
        return torch.from_numpy(patches[:, None]), torch.from_numpy(labels)

    def patch(self, images: list[np.ndarray], size: int) -> np.ndarray:
        for _ in range(100):
            image = images[self.rng.integers(len(images))]
            y, x = (self.rng.integers(extent - size + 1) for extent in image.shape)
            patch = image[y:y + size, x:x + size]
            low, high = patch.min(), patch.max()
            if high - low >= CONTRAST:
                turned = np.rot90(patch, self.rng.integers(4))
                return np.ascontiguousarray(2 * ((turned[::-1] if self.rng.integers(2) else turned) - low) / (high - low) - 1)
        raise ValueError(f"a hundred patches of {size} pixels in a row show less than {CONTRAST} of the range of their files")


def drop(labels: torch.Tensor, unconditional: int, rng: np.random.Generator, share: float = DROPOUT) -> torch.Tensor:
    """The labels [N], a share of them replaced by the unconditional class (algorithm 1)."""
    return torch.where(torch.from_numpy(rng.random(len(labels)) < share), unconditional, labels)


def guided(network, labels: torch.Tensor, unconditional: int, guidance: float):
    """A function of x_t and t: epsilon_u + guidance (epsilon_c - epsilon_u), which is eq. 6 with w = guidance - 1.

    labels: int64 [N], one for each image. guidance 1 is the conditional network alone, one evaluation instead of two.
    """
    if guidance == 1:
        return lambda x, t: network(x, t, labels)
    both = torch.cat([torch.full_like(labels, unconditional), labels])

    def epsilon(x, t):
        without, conditional = network(torch.cat([x, x]), torch.cat([t, t]), both).chunk(2)
        return without + guidance * (conditional - without)

    return epsilon
