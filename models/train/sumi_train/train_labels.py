# SPDX-License-Identifier: BSD-2-Clause
"""Trains a small local network with class labels, for classifier-free guidance, on a folder of images for each class.

    python -m sumi_train.train_labels --data POOL --labels filaments membranes cells --out RUN --minutes 25

Minutes are those of the processor cores together. Images are averaged down first, so that a small network sees whole structures.
A run that was interrupted goes on; 'python -m sumi_train.export RUN/checkpoint.pt my-model --labels filaments membranes cells' writes the model.
"""

import argparse
import copy
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from sumi_train import diffusion, labels, simulate
from sumi_train.network import LocalUNet
from sumi_train.sheet import ddpm_samples, montage
from sumi_train.train import learning_rate_factor, loss_per_sample

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


class Run:
    """Network, EMA, optimiser, random numbers and clock; the last class of the network is 'no label'."""

    def __init__(self, options: argparse.Namespace):
        torch.manual_seed(options.seed)
        self.path = options.out / "checkpoint.pt"
        self.planned = 60 * options.minutes
        self.unconditional = len(options.labels)
        self.rng = np.random.default_rng(options.seed)
        self.patches = labels.LabelledPatches(labels.load(options.data, options.labels, FACTOR), self.rng)
        self.table = diffusion.linear_alphas_cumprod()
        self.network = LocalUNet(block_out_channels=BLOCK_OUT_CHANNELS, embedding_channels=EMBEDDING_CHANNELS,
                                 num_class_embeds=self.unconditional + 1)
        self.ema = copy.deepcopy(self.network).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
        self.step, self.seconds = 0, 0.0

    @property
    def over(self) -> bool:
        return self.seconds >= self.planned

    def train_step(self) -> float:
        """One optimiser step; its loss, L_simple (Ho et al. 2020, eq. 14)."""
        begin = time.process_time()
        x0, classes = self.patches.batch(BATCH, SIZE)
        classes = labels.drop(classes, self.unconditional, self.rng)
        t = self.rng.uniform(0, len(self.table) - 1, BATCH)
        for group in self.optimizer.param_groups:
            group["lr"] = LEARNING_RATE * learning_rate_factor(self.seconds / self.planned, self.step)
        loss = loss_per_sample(lambda x, timestep: self.network(x, timestep, classes), x0, t, torch.randn_like(x0), self.table).mean()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        decay = min(LONGEST_AVERAGE, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for average, value in zip(self.ema.parameters(), self.network.parameters()):
                average.lerp_(value, 1 - decay)
        self.step += 1
        self.seconds += time.process_time() - begin
        return loss.item()

    def resume(self) -> None:
        if not self.path.exists():
            return
        state = torch.load(self.path, weights_only=True)
        for name in ("network", "ema", "optimizer"):
            getattr(self, name).load_state_dict(state[name])
        self.rng.bit_generator.state = state["rng"]
        torch.set_rng_state(state["torch_rng"])
        self.step, self.seconds = state["step"], state["seconds"]

    def save(self) -> None:
        state = {name: getattr(self, name).state_dict() for name in ("network", "ema", "optimizer")}
        partial = self.path.with_suffix(".part")
        torch.save(state | dict(config=self.network.config, rng=self.rng.bit_generator.state, torch_rng=torch.get_rng_state(),
                                step=self.step, seconds=self.seconds), partial)
        partial.replace(self.path)


def save_sheet(network: LocalUNet, path: Path, guidance: float, count: int = 8, steps: int = 50) -> None:
    """Writes a picture with a row of count images for each class; the first image of all rows begins with the same noise."""
    unconditional = network.config["num_class_embeds"] - 1
    rows = [ddpm_samples(labels.guided(network, torch.full((count,), label), unconditional, guidance), count, SIZE, steps, 1)
            for label in range(unconditional)]
    Image.fromarray(montage(np.concatenate(rows), count)).save(path)


def main(arguments=None) -> None:
    options = parse_arguments(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    run = Run(options)
    run.resume()
    print(f"{sum(map(len, run.patches.classes))} images of {len(options.labels)} classes, "
          f"{sum(p.numel() for p in run.network.parameters()) / 1e6:.2f} M parameters, from step {run.step}", flush=True)
    saved, losses = time.monotonic(), []
    while not run.over:
        losses.append(run.train_step())
        if time.monotonic() - saved > SAVE_EVERY:
            run.save()
            print(f"step {run.step}, {run.seconds / 60:.1f} minutes, loss {np.mean(losses):.4f}", flush=True)
            saved, losses = time.monotonic(), []
    run.save()
    for guidance in (1, 2, 4):
        save_sheet(run.ema, options.out / f"samples-{guidance}.png", guidance)


if __name__ == "__main__":
    main()
