# SPDX-License-Identifier: BSD-2-Clause
"""Images that Sumi itself generates, kept in a folder so that a run that was stopped goes on where it was."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile

SIZE = 64
PIECE = 16  # images of one run of Sumi, which are one batch of the network
FIRST_SEED = 1
WHITE = 255  # Sumi shows the network's -1 to 1 as 0 to WHITE


@dataclass(frozen=True)
class Chain:
    """A sampler (a value of the key of that name), its number of steps, and how many images it makes."""

    sampler: str
    steps: int
    count: int

    @property
    def name(self) -> str:
        return f"{self.sampler}, {self.steps} steps"


CHAINS = (*(Chain(sampler, steps, 256) for sampler in ("ddim", "dpmpp", "unipc") for steps in (5, 10, 20, 50)),
          Chain("ddpm", 50, 256), Chain("ddpm", 250, 128), Chain("ddpm", 1000, 64))


def piece(sumi: Path, chain: Chain, model: str, seed: int, folder: Path) -> np.ndarray:
    """float32 [PIECE, SIZE, SIZE] of one seed, made by `sumi generate` unless folder/SAMPLER-STEPS/SEED.tif has them."""
    file = folder / f"{chain.sampler}-{chain.steps}" / f"{seed}.tif"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        options = {"model": model, "count": PIECE, "width": SIZE, "height": SIZE, "sampler": chain.sampler, "steps": chain.steps, "seed": seed}
        command = [str(sumi), "generate", str(file), *(word for key, value in options.items() for word in (f"--{key}", str(value)))]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if run.returncode:
            raise SystemExit(f"this failed with exit code {run.returncode}: {' '.join(command)}")
        print(run.stdout.strip(), flush=True)
    images = tifffile.imread(file)
    if images.shape != (PIECE, SIZE, SIZE):
        raise SystemExit(f"{file}: {images.shape}, but {(PIECE, SIZE, SIZE)} is needed; delete it and try again")
    return images / np.float32(WHITE / 2) - 1


def samples(sumi: Path, chain: Chain, model: str, folder: Path) -> np.ndarray:
    """float32 [count, SIZE, SIZE], -1 to 1 the grey scale, unclipped; count is a multiple of PIECE.

    Image k is that of seed FIRST_SEED + k // PIECE with the number k % PIECE, so image k of every chain starts at the
    same noise, and more images change none.
    """
    seeds = range(FIRST_SEED, FIRST_SEED + chain.count // PIECE)
    return np.concatenate([piece(sumi, chain, model, seed, folder) for seed in seeds])
