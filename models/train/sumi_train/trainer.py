# SPDX-License-Identifier: BSD-2-Clause
"""The training loop's state: one optimiser step at a time, validation, and a checkpoint from which all of it goes on."""

import copy
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from pickle import UnpicklingError
from typing import Callable

import numpy as np
import torch

from sumi_train import diffusion, labels
from sumi_train.data import Picture
from sumi_train.network import LocalUNet
from sumi_train.objectives import Losses, Objective, image_channels, is_conditioned
from sumi_train.patches import NONE, Augmentation, Batch, PatchSampler
from sumi_train.whole import whole_file

VALIDATION_PATCHES, VALIDATION_SIZE, VALIDATION_BATCH = 64, 64, 16


@dataclass(frozen=True)
class Settings:
    """patches: (size, count) of the batches, drawn equally often; about as many pixels each.

    warm_up: steps. longest_average: decay of the EMA once it has settled. minutes and steps: the planned length, whichever ends first. low_noise_share: of the timesteps, drawn where denoising works.
    """

    objective: Objective = Objective()
    patches: tuple[tuple[int, int], ...] = ((64, 16), (96, 7), (128, 4))
    learning_rate: float = 4e-4
    low_noise_share: float = 0.5
    warm_up: int = 300
    longest_average: float = 0.9995
    minutes: float = math.inf
    steps: float = math.inf
    device: str = "cpu"
    bf16: bool = False

    def autocast(self):
        return torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.bf16)


def learning_rate_factor(progress: float, step: int, warm_up: int) -> float:
    """Warm-up over so many steps, and cosine decay to 0.03 over the planned length."""
    cosine = 0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return cosine * min(1.0, (step + 1) / warm_up)


class Trainer:
    """State of one run: network, EMA, optimiser, random generators and clock; saved whole, so that it can go on.

    The clock is asked before and after each step: of the wall by default, of the processor where runs are compared.
    """

    def __init__(self, settings: Settings, network: LocalUNet, sampler, rng: np.random.Generator, clock: Callable[[], float] = time.monotonic):
        self.settings, self.sampler, self.rng, self.clock = settings, sampler, rng, clock
        self.table = diffusion.linear_alphas_cumprod()
        self.network = network.train().to(settings.device, memory_format=torch.channels_last)
        self.channels = image_channels(network.config, settings.objective.scheduler())
        self.ema = copy.deepcopy(self.network).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=settings.learning_rate, weight_decay=0.01)
        self.step, self.seconds = 0, 0.0
        self.best_loss, self.best_step = math.inf, 0

    @property
    def progress(self) -> float:
        """Share of the planned length that is done; 1 and more: finished."""
        return max(self.seconds / (60 * self.settings.minutes), self.step / self.settings.steps)

    @property
    def conditioned(self) -> bool:
        """Whether the network takes more channels than those of x_t: the condition, which its sampler gives after them."""
        return is_conditioned(self.network.config, self.settings.objective.scheduler())

    def draw(self, size: int, count: int) -> tuple[Batch, np.ndarray]:
        """Clean patches in [-1, 1] with their condition, [count, in_channels, size, size], and timesteps [count]; a share of the labels is dropped."""
        batch = self.sampler.batch(count, size)
        if batch.classes is not None:
            batch = Batch(batch.patches, labels.drop(batch.classes, self.network.config["num_class_embeds"] - 1, self.rng))
        return batch.to(self.settings.device), self.settings.objective.timesteps(diffusion.sample_timesteps(count, self.table, self.settings.low_noise_share, self.rng))

    def noise_like(self, batch: Batch) -> torch.Tensor:
        """[count, channels, size, size]; a condition gets none."""
        return torch.randn_like(batch.patches[:, :self.channels])

    def losses(self, network, batch: Batch, t: np.ndarray, noise: torch.Tensor) -> Losses:
        """Of each sample."""
        device = self.settings.device
        x0, condition = batch.patches[:, :self.channels], batch.patches[:, self.channels:]
        classes = () if batch.classes is None else (batch.classes,)
        alpha = torch.from_numpy(diffusion.alphas_cumprod_at(t, self.table)).float().to(device)
        sample = torch.cat([diffusion.add_noise(x0, noise, alpha), condition], dim=1).contiguous(memory_format=torch.channels_last)
        with self.settings.autocast():
            output = network(sample, torch.from_numpy(t).float().to(device), *classes)
        return self.settings.objective.losses(output, x0, noise, t, self.table)

    def watched(self, losses: Losses) -> torch.Tensor:
        """What is logged and validated: L_simple, which compares all objectives, or of a conditioned network its own objective, since what
        counts there are timesteps where nearly all is noise, at which L_simple is 0 whatever the network knows."""
        return losses.total if self.conditioned else losses.simple

    def train_step(self) -> tuple[np.ndarray, np.ndarray]:
        """One optimiser step; (timesteps, the watched loss) of its batch."""
        begin = self.clock()
        size, count = self.settings.patches[self.rng.integers(len(self.settings.patches))]
        batch, t = self.draw(size, count)
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * learning_rate_factor(self.progress, self.step, self.settings.warm_up)
        losses = self.losses(self.network, batch, t, self.noise_like(batch))
        self.optimizer.zero_grad(set_to_none=True)
        losses.total.mean().backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self._update_ema()
        self.step += 1
        watched = self.watched(losses).detach().cpu().numpy()  # waits for the device
        if not np.isfinite(watched).all():
            raise FloatingPointError(f"the loss is not finite at step {self.step}; begin anew with a smaller --learning-rate")
        self.seconds += self.clock() - begin
        return t, watched

    def run(self, checkpoint: Path, every: float, tell: Callable[[list[float]], None] = lambda losses: None) -> None:
        """Trains to the end; every so many seconds the checkpoint is saved and tell gets the losses since."""
        saved, losses = time.monotonic(), []
        while self.progress < 1:
            losses.append(self.train_step()[1].mean())
            if time.monotonic() - saved > every:
                self.save(checkpoint)
                tell(losses)
                saved, losses = time.monotonic(), []
        self.save(checkpoint)

    def _update_ema(self) -> None:
        decay = min(self.settings.longest_average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for average, value in zip(self.ema.parameters(), self.network.parameters()):
                average.lerp_(value, 1 - decay)

    def save(self, path: Path) -> None:
        state = dict(network=self.network.state_dict(), ema=self.ema.state_dict(), config=self.network.config,
                     scheduler=self.settings.objective.scheduler(), optimizer=self.optimizer.state_dict(), rng=self.rng.bit_generator.state,
                     torch_rng=torch.get_rng_state(), step=self.step, seconds=self.seconds, best_loss=self.best_loss, best_step=self.best_step)
        save_whole(state, path)

    def save_average(self, path: Path) -> None:
        """What the export needs, and nothing to go on with."""
        save_whole(dict(ema=self.ema.state_dict(), config=self.network.config, scheduler=self.settings.objective.scheduler()), path)

    def resume(self, path: Path) -> None:
        """Raises ValueError where the file is no whole checkpoint of such a run."""
        try:
            state = torch.load(path, weights_only=True, map_location=self.settings.device)
            self.network.load_state_dict(state["network"])
            self.ema.load_state_dict(state["ema"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.rng.bit_generator.state = state["rng"]
            torch.set_rng_state(state["torch_rng"].cpu())
            for name in ("step", "seconds", "best_loss", "best_step"):
                setattr(self, name, state[name])
        except (EOFError, KeyError, RuntimeError, UnpicklingError, ValueError) as fault:
            raise ValueError(f"{path} is no whole checkpoint of this run; begin a new one in another folder, with --init-from for its weights") from fault


def save_whole(state: dict, path: Path) -> None:
    with whole_file(path) as partial:
        torch.save(state, partial)


class Validation:
    """The watched loss of held-out pictures: the same patches, timesteps and noise each time, without augmentation.

    sampler: the class that draws patches of such pictures.
    """

    def __init__(self, pictures: list[Picture], trainer: Trainer, seed: int, count: int = VALIDATION_PATCHES, sampler=PatchSampler):
        rng, table = np.random.default_rng([seed, 1]), trainer.table
        size = min(VALIDATION_SIZE, max(size for size, _ in trainer.settings.patches))
        self.batch = sampler(pictures, rng, replace(NONE, max_grain=Augmentation.max_grain)).batch(count, size)
        share = trainer.settings.low_noise_share
        self.t = trainer.settings.objective.timesteps(diffusion.sample_timesteps(count, table, share, rng))
        shape = count, trainer.channels, size, size
        self.noise = torch.from_numpy(rng.standard_normal(shape).astype(np.float32))

    @torch.no_grad()
    def __call__(self, trainer: Trainer) -> float:
        """The mean of the averaged network."""
        device, sums = trainer.settings.device, 0.0
        for i in range(0, len(self.t), VALIDATION_BATCH):
            part = slice(i, i + VALIDATION_BATCH)
            losses = trainer.losses(trainer.ema, self.batch.part(part).to(device), self.t[part], self.noise[part].to(device))
            sums += trainer.watched(losses).sum().item()
        return sums / len(self.t)
