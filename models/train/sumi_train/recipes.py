# SPDX-License-Identifier: BSD-2-Clause
"""Trains one network after another from nothing, each for the same processor time, and compares what they denoise.

    python -m sumi_train.recipes OUT --data FOLDER --simulated POOL --hold-out 520x696-offset 256x320-dark \
        --exclude 93c5638e7e6433b5 14cc1424c5980827

Prints a Markdown table of mean PSNR in dB (as sumi_train.kinds). A finished recipe in OUT is not trained again. The time is the
process's own on all cores together, so that what else the machine does changes nothing but the wall clock; one thread computes.
The networks have half the widths of the shipped ones.
"""

import argparse
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from sumi_train import data, export, kinds, patches, simulate
from sumi_train.network import LocalUNet
from sumi_train.objectives import Objective
from sumi_train.quality import SIGMAS, Sumi
from sumi_train.trainer import Settings, Trainer

SHIPPED = Settings(low_noise_share=0.7, warm_up=50, bf16=True)
SIMULATED_SHARE = 0.6
WIDTHS = (16, 40, 64, 96)  # half of those of the shipped networks: a quarter of their time a step


@dataclass(frozen=True)
class Recipe:
    settings: Settings = SHIPPED
    widths: tuple[int, ...] = WIDTHS
    seed: int = 1


RECIPES = {
    "as shipped": Recipe(),
    "as shipped, another seed": Recipe(seed=2),
    "min-SNR weighting": Recipe(replace(SHIPPED, objective=Objective(weighting="min-snr"))),
    "low-noise share 0.5": Recipe(replace(SHIPPED, low_noise_share=0.5)),
    "widths 20, 36, 56, 88": Recipe(widths=(20, 36, 56, 88)),
    "patches of 128 px only": Recipe(replace(SHIPPED, patches=((128, 4),))),
}


def train(recipe: Recipe, real, simulated, minutes: float) -> Trainer:
    """So many minutes of this process's time on all processors."""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    sampler = patches.MixedSampler(real, simulated, SIMULATED_SHARE, rng)
    trainer = Trainer(replace(recipe.settings, minutes=minutes), LocalUNet(block_out_channels=recipe.widths), sampler, rng, time.process_time)
    while trainer.progress < 1:
        trainer.train_step()
    return trainer


def evaluate(model: Path, count: int) -> dict[str, list[float]]:
    """Mean PSNR at each of SIGMAS over count crops of real nuclei, and over count held-out images of every structure."""
    sumi = [Sumi(model)]
    groups = {"nuclei, real": [None], "structures, simulated": list(simulate.STRUCTURES)}
    return {name: [float(np.mean([kinds.mean_psnr(sumi, kinds.images(kind, count), sigma)[0] for kind in members])) for sigma in SIGMAS]
            for name, members in groups.items()}


def table(results: dict[str, dict]) -> str:
    """Markdown."""
    columns = [f"{name}, σ = {sigma}" for name in ("real nuclei", "simulated structures") for sigma in SIGMAS]
    rows = [f"| recipe | steps | {' | '.join(columns)} |", "|---" * (len(columns) + 2) + "|"]
    for name, result in results.items():
        rows.append(f"| {name} | {result['steps']} | " + " | ".join(f"{value:.2f}" for values in result["psnr"].values() for value in values) + " |")
    return "\n".join(rows)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for the networks and their results")
    parser.add_argument("--data", type=Path, required=True, help="folder of grey images")
    parser.add_argument("--simulated", type=Path, required=True, help="folder of sumi-train simulate")
    data.add_split_arguments(parser)
    parser.add_argument("--minutes", type=float, default=4.5, help="of processor time, each recipe")
    parser.add_argument("--count", type=int, default=4, help="images of each kind to denoise, 1 to 12")
    parser.add_argument("--only", nargs="*", choices=list(RECIPES), default=list(RECIPES), help="these recipes")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        real, _ = data.load_split(options.data, options.hold_out, options.exclude)
        simulated = simulate.load(options.simulated)
    except ValueError as refusal:
        parser.error(str(refusal))
    results = {}
    for name in options.only:
        folder = options.out / "".join(c if c.isalnum() else "-" for c in name.lower())
        file = folder / "result.json"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            trainer = train(RECIPES[name], real, simulated, options.minutes)
            trainer.save_average(folder / "average.pt")
            export.export(folder / "average.pt", folder / "model", {"name": "model", "version": 1}, 256, 96, overwrite=True)
            result = {"steps": trainer.step, "seconds": trainer.seconds, "psnr": evaluate(folder / "model", options.count)}
            file.write_text(json.dumps(result) + "\n")
        results[name] = json.loads(file.read_text())
    print(table(results))


if __name__ == "__main__":
    main()
