# SPDX-License-Identifier: BSD-2-Clause
"""Trains a small local network with class labels, for classifier-free guidance, on a folder of images for each class.

    python -m sumi_train.train_labels --data POOL --labels filaments membranes cells --out RUN --minutes 25

Minutes are those of the processor cores together. Images are averaged down first, so that a small network sees whole structures.
A run that was interrupted goes on; 'sumi-train export RUN/checkpoint.pt my-model --labels filaments membranes cells' writes the model.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from sumi_train import labels, simulate
from sumi_train.network import LocalUNet
from sumi_train.sheet import ddpm_samples, montage
from sumi_train.trainer import Settings, Trainer

BLOCK_OUT_CHANNELS = (32, 64, 96)
EMBEDDING_CHANNELS = 128
BATCH, SIZE, FACTOR = 48, 32, 3
LEARNING_RATE = 1e-3
LONGEST_AVERAGE = 0.998  # decay of the EMA: a run has a few thousand steps
SAVE_EVERY = 60  # s


def parse_arguments(arguments=None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of sumi_train.simulate, with one folder for each class")
    parser.add_argument("--labels", nargs="+", default=list(simulate.STRUCTURES), help="names of those folders, the class of the first is 0")
    parser.add_argument("--out", type=Path, required=True, help="run folder; an interrupted run in it is continued")
    parser.add_argument("--minutes", type=float, default=25, help="planned time, the cores' minutes added up")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


class Labelled(Trainer):
    """Trains a network whose last class is 'no label'; its sampler gives a class with each patch."""

    def draw(self, size: int, count: int) -> tuple[torch.Tensor, np.ndarray]:
        x0, classes = self.sampler.batch(count, size)
        self.classes = labels.drop(classes, self.network.config["num_class_embeds"] - 1, self.rng)
        return x0, self.rng.uniform(0, len(self.table) - 1, count)

    def losses(self, network, x0, t, noise):
        return super().losses(lambda x, timestep: network(x, timestep, self.classes), x0, t, noise)


def trainer_of(options: argparse.Namespace) -> Labelled:
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    patches = labels.LabelledPatches(labels.load(options.data, options.labels, FACTOR), rng)
    network = LocalUNet(block_out_channels=BLOCK_OUT_CHANNELS, embedding_channels=EMBEDDING_CHANNELS, num_class_embeds=len(options.labels) + 1)
    settings = Settings(patches=((SIZE, BATCH),), learning_rate=LEARNING_RATE, longest_average=LONGEST_AVERAGE, minutes=options.minutes)
    return Labelled(settings, network, patches, rng, time.process_time)


def save_sheet(network: LocalUNet, path: Path, guidance: float, count: int = 8, steps: int = 50) -> None:
    """Writes a picture with a row of count images for each class; the first image of all rows begins with the same noise."""
    unconditional = network.config["num_class_embeds"] - 1
    rows = [ddpm_samples(labels.guided(network, torch.full((count,), label), unconditional, guidance), count, SIZE, steps, 1)
            for label in range(unconditional)]
    Image.fromarray(montage(np.concatenate(rows), count)).save(path)


def main(arguments=None) -> None:
    options = parse_arguments(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    trainer, checkpoint = trainer_of(options), options.out / "checkpoint.pt"
    if checkpoint.exists():
        trainer.resume(checkpoint)
    print(f"{sum(map(len, trainer.sampler.classes))} images of {len(options.labels)} classes, "
          f"{sum(p.numel() for p in trainer.network.parameters()) / 1e6:.2f} M parameters, from step {trainer.step}", flush=True)
    trainer.run(checkpoint, SAVE_EVERY, lambda losses: print(
        f"step {trainer.step}, {trainer.seconds / 60:.1f} minutes, loss {np.mean(losses):.4f}", flush=True))
    for guidance in (1, 2, 4):
        save_sheet(trainer.ema, options.out / f"samples-{guidance}.png", guidance)


if __name__ == "__main__":
    main()
