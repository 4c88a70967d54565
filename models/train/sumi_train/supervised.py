# SPDX-License-Identifier: BSD-2-Clause
"""Trains the network of a model for one noise level alone: the discriminative limit that sumi_train.benchmark compares with.

    python -m sumi_train.supervised OUT --data FOLDER --simulated POOL --init-from ../fluorescence --sigma 20 --minutes 36 \
        --hold-out 520x696-offset 256x320-dark --exclude 93c5638e7e6433b5 14cc1424c5980827

The least squares of residual learning (Zhang et al. 2017, DnCNN, eq. 1), with the data, patches and augmentation of the model. OUT/checkpoint.pt
goes on where it stopped.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from sumi_train import data, diffusion, patches, simulate
from sumi_train.runtime_form import is_local, load_network
from sumi_train.trainer import Settings, Trainer

SAVE_EVERY = 120  # s


class OneLevel(Trainer):
    """Draws the one timestep whose noise is sigma grey values where the image's range is 255."""

    def __init__(self, sigma: float, *rest):
        super().__init__(*rest)
        self.t = diffusion.timestep_of(2 * sigma / 255, self.table)

    def draw(self, size: int, count: int) -> tuple[patches.Batch, np.ndarray]:
        return self.sampler.batch(count, size), np.full(count, self.t)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="run folder")
    parser.add_argument("--data", type=Path, required=True, help="folder of grey images")
    data.add_split_arguments(parser)
    parser.add_argument("--simulated", type=Path, required=True, help="folder of sumi-train simulate")
    parser.add_argument("--simulated-share", type=float, default=0.6)
    parser.add_argument("--init-from", type=Path, required=True, help="model folder whose weights it begins with")
    parser.add_argument("--sigma", type=float, default=20, help="SD of the noise, of a range of 255, 0.1 to 255 (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=36)
    parser.add_argument("--learning-rate", type=float, default=2e-4)
    options = parser.parse_args(arguments)
    if not 0.1 <= options.sigma <= 255:
        parser.error(f"--sigma is {options.sigma}; it must be from 0.1 to 255")
    if not is_local(options.init_from):
        parser.error(f"--init-from is {options.init_from}; it must be a model folder of a LocalUNet, as models/nuclei is")
    training, _ = data.load_split(options.data, options.hold_out, options.exclude)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    sampler = patches.MixedSampler(training, simulate.load(options.simulated), options.simulated_share, rng)
    settings = Settings(learning_rate=options.learning_rate, minutes=options.minutes, bf16=True)
    trainer = OneLevel(options.sigma, settings, load_network(options.init_from), sampler, rng)
    options.out.mkdir(parents=True, exist_ok=True)
    checkpoint = options.out / "checkpoint.pt"
    if checkpoint.exists():
        trainer.resume(checkpoint)
    trainer.run(checkpoint, SAVE_EVERY)
    print(f"{checkpoint}: {trainer.step} steps for noise of SD {options.sigma:g}")


if __name__ == "__main__":
    main()
