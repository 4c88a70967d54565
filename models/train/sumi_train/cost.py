# SPDX-License-Identifier: BSD-2-Clause
"""What a training will cost, said before it starts."""

import copy
import sys
import time
from dataclasses import dataclass

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from sumi_train.patches import Batch
from sumi_train.trainer import Trainer

try:
    import resource
except ImportError:  # Windows has none, and the cost then says nothing of memory
    resource = None

COPIES_KEPT = 6  # of the weights on the disk: checkpoint.pt (weights, average, two moments of Adam), best.pt, model.onnx


@dataclass(frozen=True)
class Cost:
    """gflop and seconds: of one step, on the average over the patch sizes; memory: MiB of the process or of the GPU at its most; disk: MiB."""

    parameters: int
    gflop: float
    seconds: float
    memory: float | None
    disk: float

    def sentence(self, minutes: float, steps: float) -> str:
        """For the planned length; one of them may be infinite."""
        total = min(minutes, steps * self.seconds / 60)
        memory = f"{self.memory:.0f} MiB of memory, " if self.memory else ""
        return (f"{self.parameters / 1e6:.2f} M parameters; {self.gflop:.0f} GFLOP and {self.seconds:.2f} s a step, so about {total:.1f} min for "
                f"{total * 60 / self.seconds:.0f} steps, validation and samples on top; {memory}{self.disk:.0f} MiB on the disk")


def wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()


def step(trainer: Trainer, network, size: int, count: int) -> None:
    """Forward and backward, without the optimiser, of random patches."""
    x = torch.rand(count, network.config["in_channels"], size, size, device=trainer.settings.device)
    t = trainer.settings.objective.timesteps(np.full(count, 100.0))
    labelled = "num_class_embeds" in network.config
    batch = Batch(x, torch.zeros(count, dtype=torch.int64, device=x.device) if labelled else None)
    trainer.losses(network, batch, t, trainer.noise_like(batch)).total.mean().backward()
    wait(trainer.settings.device)


def measure(trainer: Trainer) -> Cost:
    """Runs each patch size twice on a copy of the network, so that the run that follows is the same as without it."""
    state = torch.get_rng_state()
    network = copy.deepcopy(trainer.network)
    gflop = seconds = 0.0
    for size, count in trainer.settings.patches:
        with FlopCounterMode(display=False) as counter:
            step(trainer, network, size, count)
        gflop += counter.get_total_flops() / 1e9
        begin = time.perf_counter()
        step(trainer, network, size, count)
        seconds += time.perf_counter() - begin
    torch.set_rng_state(state)
    number = len(trainer.settings.patches)
    parameters = sum(p.numel() for p in network.parameters())
    return Cost(parameters, gflop / number, seconds / number, memory(trainer.settings.device, parameters), COPIES_KEPT * 4 * parameters / 2 ** 20)


def memory(device: str, parameters: int) -> float | None:
    """MiB at its most so far, and what Adam's moments will add."""
    if device == "cuda":
        used = torch.cuda.max_memory_allocated()
    elif resource is None:
        return None
    else:
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return (used + 8 * parameters) / 2 ** 20
