# SPDX-License-Identifier: BSD-2-Clause
"""Trains the local network with the DDPM objective, L_simple (Ho et al. 2020, eq. 14), on a folder of images.

    python -m sumi_train.train --data FOLDER --out RUN --minutes 90
    python -m sumi_train.train --data FOLDER --simulated POOL --simulated-share 0.6 --out RUN --minutes 90
    python -m sumi_train.train --data FOLDER --init-from models/nuclei --out RUN --minutes 20
"""

import argparse
import copy
import csv
import math
import time
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from sumi_train import data, diffusion, simulate
from sumi_train.network import LocalUNet
from sumi_train.runtime_form import is_local, load_network
from sumi_train.sheet import save_sheet

BLOCK_OUT_CHANNELS = (32, 80, 128, 192)
PATCH_BATCHES = ((64, 16), (96, 7), (128, 4))  # (size, count): about as many pixels each
T_BINS = 10


def parse_arguments(arguments=None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of grey PNG or TIFF images, 8 or 16 bit")
    parser.add_argument("--out", type=Path, required=True, help="run folder; an interrupted run in it is continued")
    parser.add_argument("--init-from", type=Path, help="model folder whose weights a new run begins with")
    parser.add_argument("--minutes", type=float, default=90, help="planned training time, interruptions not counted")
    data.add_split_arguments(parser)
    parser.add_argument("--simulated", type=Path, help="folder of sumi_train.simulate, to mix with the real images")
    parser.add_argument("--simulated-share", type=float, default=0.6, help="share of patches from --simulated, over 0 up to 1")
    parser.add_argument("--low-noise-share", type=float, default=0.5, help="share of timesteps drawn where denoising works")
    parser.add_argument("--learning-rate", type=float, default=4e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fp32", action="store_true", help="no bf16 autocast")
    options = parser.parse_args(arguments)
    if not 0 < options.simulated_share <= 1:
        parser.error(f"--simulated-share is {options.simulated_share}; it must be over 0 and at most 1")
    if options.init_from and not is_local(options.init_from):
        parser.error(f"--init-from is {options.init_from}; it must be a model folder of a LocalUNet, as models/nuclei is")
    return options


def learning_rate_factor(progress: float, step: int) -> float:
    """Warm-up over 300 steps, then cosine decay to 0.03 over the planned time."""
    cosine = 0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return cosine * min(1.0, (step + 1) / 300)


def loss_per_sample(network, x0, t, noise, table):
    """L_simple of each sample, float32 [N]: mean over pixels of (epsilon - epsilon_theta(x_t, t))^2."""
    alpha = torch.from_numpy(diffusion.alphas_cumprod_at(t, table)).float()
    x_t = diffusion.add_noise(x0, noise, alpha).contiguous(memory_format=torch.channels_last)
    predicted = network(x_t, torch.from_numpy(t).float())
    return (predicted.float() - noise).square().mean(dim=(1, 2, 3))


class Trainer:
    """State of one run: network, EMA, optimiser, random generators and clock; saved whole, so that it can go on."""

    def __init__(self, options, pictures, simulated=None):
        torch.manual_seed(options.seed)
        self.options = options
        self.table = diffusion.linear_alphas_cumprod()
        self.rng = np.random.default_rng(options.seed)
        self.sampler = (data.MixedSampler(pictures, simulated, options.simulated_share, self.rng) if simulated
                        else data.PatchSampler(pictures, self.rng))
        network = load_network(options.init_from) if options.init_from else LocalUNet(block_out_channels=BLOCK_OUT_CHANNELS)
        self.network = network.train().to(memory_format=torch.channels_last)
        self.ema = copy.deepcopy(self.network).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=options.learning_rate, weight_decay=0.01)
        self.step, self.seconds = 0, 0.0

    @property
    def checkpoint(self) -> Path:
        return self.options.out / "checkpoint.pt"

    def resume(self) -> None:
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.ema.load_state_dict(state["ema"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.rng.bit_generator.state = state["rng"]
        torch.set_rng_state(state["torch_rng"])
        self.step, self.seconds = state["step"], state["seconds"]

    def save(self) -> None:
        state = dict(network=self.network.state_dict(), ema=self.ema.state_dict(), config=self.network.config,
                     optimizer=self.optimizer.state_dict(), rng=self.rng.bit_generator.state,
                     torch_rng=torch.get_rng_state(), step=self.step, seconds=self.seconds)
        partial = self.checkpoint.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def train_step(self) -> tuple[np.ndarray, np.ndarray]:
        """One optimiser step; (timesteps, losses) of its batch."""
        begin = time.monotonic()
        size, count = PATCH_BATCHES[self.rng.integers(len(PATCH_BATCHES))]
        x0 = self.sampler.batch(count, size)
        t = diffusion.sample_timesteps(count, self.table, self.options.low_noise_share, self.rng)
        for group in self.optimizer.param_groups:
            progress = self.seconds / (60 * self.options.minutes)
            group["lr"] = self.options.learning_rate * learning_rate_factor(progress, self.step)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not self.options.fp32):
            losses = loss_per_sample(self.network, x0, t, torch.randn_like(x0), self.table)
        self.optimizer.zero_grad(set_to_none=True)
        losses.mean().backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self._update_ema()
        self.step += 1
        self.seconds += time.monotonic() - begin
        return t, losses.detach().numpy()

    def _update_ema(self) -> None:
        decay = min(0.9995, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for average, value in zip(self.ema.parameters(), self.network.parameters()):
                average.lerp_(value, 1 - decay)


class LossLog:
    """Appends the mean loss of each bin of timesteps to losses.csv."""

    def __init__(self, path: Path):
        self.path = path
        self.sums, self.counts = np.zeros(T_BINS), np.zeros(T_BINS)

    def add(self, t: np.ndarray, losses: np.ndarray) -> None:
        bins = (t * T_BINS / diffusion.NUM_TRAIN_TIMESTEPS).astype(int)
        np.add.at(self.sums, bins, losses)
        np.add.at(self.counts, bins, 1)

    def write(self, step: int, seconds: float) -> np.ndarray:
        means = self.sums / np.maximum(self.counts, 1)
        new = not self.path.exists()
        with self.path.open("a", newline="") as file:
            writer = csv.writer(file)
            if new:
                width = diffusion.NUM_TRAIN_TIMESTEPS // T_BINS
                writer.writerow(["step", "seconds"] + [f"t{b * width}-{(b + 1) * width - 1}" for b in range(T_BINS)])
            writer.writerow([step, round(seconds)] + [f"{m:.5f}" for m in means])
        self.sums[:], self.counts[:] = 0, 0
        return means


def main(arguments=None) -> None:
    options = parse_arguments(arguments)
    training, held_out = data.load_split(options.data, options.hold_out, options.exclude)
    simulated = simulate.load(options.simulated) if options.simulated else {}
    options.out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(options, training, simulated)
    trainer.resume()
    print(f"{len(training)} images to train on, {len(held_out)} held out, {sum(map(len, simulated.values()))} simulated; "
          f"{sum(p.numel() for p in trainer.network.parameters()) / 1e6:.2f} M parameters; from step {trainer.step}")
    log = LossLog(options.out / "losses.csv")
    last_save = time.monotonic()
    with tqdm(total=round(60 * options.minutes), initial=round(trainer.seconds), unit="s", mininterval=10) as bar:
        while trainer.seconds < 60 * options.minutes:
            log.add(*trainer.train_step())
            bar.update(min(round(trainer.seconds), bar.total) - bar.n)
            if time.monotonic() - last_save > 120:
                trainer.save()
                means = log.write(trainer.step, trainer.seconds)
                bar.set_postfix(step=trainer.step, low_t=f"{means[0]:.4f}", high_t=f"{means[-1]:.5f}")
                last_save = time.monotonic()
    trainer.save()
    log.write(trainer.step, trainer.seconds)
    save_sheet(trainer.ema, options.out / "samples.png")


if __name__ == "__main__":
    main()
