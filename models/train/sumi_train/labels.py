# SPDX-License-Identifier: BSD-2-Clause
"""Class labels: labelled patches to train on, label dropout and classifier-free guidance (Ho & Salimans 2022, arXiv 2207.12598)."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from sumi_train import data
from sumi_train.data import Picture
from sumi_train.patches import Augmentation, Batch, PatchSampler
from sumi_train.sheet import ddpm_samples, montage

DROPOUT = 0.1  # share of labels that become the unconditional class
NAME = re.compile(r"[^\W_][\w .-]{0,99}")  # as Java's ClassLabels takes them
RESERVED = "all"  # a value of the key label that is none


def check(names: list[str]) -> None:
    """Raises ValueError where names can't be labels."""
    for name in names:
        if not NAME.fullmatch(name) or name.lower() == RESERVED or names.count(name) > 1:
            raise ValueError(f"--labels has \"{name}\"; labels are texts of up to 100 letters, digits, spaces, dots, _ and -, all different, none of them \"{RESERVED}\"")
    if len(names) == 1:
        raise ValueError(f"--labels has {names[0]} alone; two or more are needed, each the name of a folder in FOLDER")


def load(folder: Path, names: list[str], channel: int | None = None, exclude: list[str] = (), tell=lambda sentence: None) -> list[Picture]:
    """The pictures of a subfolder for each name, with the class 0, 1, ... of each; the rest as data.load. Raises ValueError where there is none."""
    return [replace(picture, label=label) for label, name in enumerate(names)
            for picture in data.load(folder / name, channel=channel, exclude=exclude, tell=tell)]


class LabelledSampler:
    """Draws patches of classes that are equally frequent."""

    def __init__(self, pictures: list[Picture], rng: np.random.Generator, augmentation: Augmentation = Augmentation()):
        self.classes = sorted({picture.label for picture in pictures})
        self.samplers = [PatchSampler([p for p in pictures if p.label == label], rng, augmentation) for label in self.classes]
        self.rng = rng

    def batch(self, n: int, size: int) -> Batch:
        """[n, channels, size, size] and the class of each."""
        drawn = self.rng.integers(len(self.classes), size=n)
        patches = torch.stack([self.samplers[which].patch(size) for which in drawn])
        return Batch(patches, torch.tensor([self.classes[which] for which in drawn]))


def drop(classes: torch.Tensor, unconditional: int, rng: np.random.Generator, share: float = DROPOUT) -> torch.Tensor:
    """The classes [N], a share of them replaced by the unconditional one (algorithm 1)."""
    return torch.where(torch.from_numpy(rng.random(len(classes)) < share), unconditional, classes)


def guided(network, classes: torch.Tensor, unconditional: int, guidance: float):
    """A function of x_t and t: epsilon_u + guidance (epsilon_c - epsilon_u), which is eq. 6 with w = guidance - 1.

    classes: int64 [N], one for each image. guidance 1 is the conditional network alone, one evaluation instead of two.
    """
    if guidance == 1:
        return lambda x, t: network(x, t, classes)
    both = torch.cat([torch.full_like(classes, unconditional), classes])

    def epsilon(x, t):
        without, conditional = network(torch.cat([x, x]), torch.cat([t, t]), both).chunk(2)
        return without + guidance * (conditional - without)

    return epsilon


def save_sheet(predictor, network, path: Path, count: int, size: int = 64, steps: int = 100, device: str = "cpu", channels: int = 1) -> None:
    """Writes a sheet with a row of count images for each label, and each channel of it; the images of a column begin with the same noise.

    predictor: makes the function (x_t, timesteps) -> epsilon of one from them to the network's output.
    """
    of_class = lambda label: lambda x, t: network(x, t, torch.full((count,), label, device=device))
    rows = [ddpm_samples(predictor(of_class(label)), count, size, steps, 1, device=device, channels=channels)
            for label in range(network.config["num_class_embeds"] - 1)]
    Image.fromarray(montage(np.concatenate(rows), count)).save(path)
