# SPDX-License-Identifier: BSD-2-Clause
"""Trains a local network on a folder of images and writes it as a model folder that has checked itself.

    sumi-train train FOLDER OUT --minutes 90
    sumi-train train FOLDER OUT --resume
    sumi-train train FOLDER OUT --init-from models/fluorescence --minutes 20
    sumi-train train FOLDER OUT --simulated POOL --simulated-share 0.6 --low-noise-share 0.7
    sumi-train train FOLDER OUT --low FOLDER2
    sumi-train train FOLDER OUT --labels actin tubulin

The images teach what a clean one looks like: give the best that there are; noise is added here. With --low the
network learns to make of an image in FOLDER2 the one of the same name in FOLDER; with --labels, to make images of each of these folders in FOLDER. OUT holds options.json,
checkpoint.pt, best.pt (where there are images to validate with), losses.csv, samples/ and, in the end, model/.
"""

import csv
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from sumi_train import data, diffusion, export, labels, pairs, patches, simulate
from sumi_train.cost import measure
from sumi_train.options import device_of, keep, network_of, parse, settings_of
from sumi_train.sheet import save_pairs, save_sheet
from sumi_train.trainer import Trainer, Validation

T_BINS = 10
SAMPLE_STEPS = 25
TILE, OVERLAP = 512, 96


class LossLog:
    """Appends the validation loss and the mean loss (Trainer.watched) of each bin of timesteps in training to losses.csv, once an epoch."""

    def __init__(self, path: Path):
        self.path = path
        self.sums, self.counts = np.zeros(T_BINS), np.zeros(T_BINS)

    def add(self, t: np.ndarray, losses: np.ndarray) -> None:
        bins = (t * T_BINS / diffusion.NUM_TRAIN_TIMESTEPS).astype(int)
        np.add.at(self.sums, bins, losses)
        np.add.at(self.counts, bins, 1)

    def write(self, step: int, seconds: float, validation: float | None) -> None:
        """A bin of which nothing was drawn stays empty."""
        means = [f"{total / count:.5f}" if count else "" for total, count in zip(self.sums, self.counts)]
        new = not self.path.exists()
        with self.path.open("a", newline="") as file:
            writer = csv.writer(file)
            if new:
                width = diffusion.NUM_TRAIN_TIMESTEPS // T_BINS
                writer.writerow(["step", "seconds", "validation"] + [f"t{b * width}-{(b + 1) * width - 1}" for b in range(T_BINS)])
            writer.writerow([step, round(seconds, 1), "" if validation is None else f"{validation:.6f}", *means])
        self.sums[:], self.counts[:] = 0, 0


class Run:
    """A trainer with its folder: epochs, early stop and the model in the end."""

    def __init__(self, options, training, held_out, simulated):
        self.options, self.training, self.out = options, training, options.out
        rng = np.random.default_rng(options.seed)
        augmentation = patches.augmentation_of(options)
        kind = pairs.PairSampler if options.low else labels.LabelledSampler if options.labels else patches.PatchSampler
        sampler = (patches.MixedSampler(training, simulated, options.simulated_share, rng, augmentation) if simulated
                   else kind(training, rng, augmentation))
        self.trainer = Trainer(settings_of(options), network_of(options, 1 if options.low else training[0].channels), sampler, rng)
        self.validation = Validation(held_out, self.trainer, options.seed, sampler=kind) if held_out else None
        self.shown = held_out or training
        self.log = LossLog(self.out / "losses.csv")
        if options.resume and self.checkpoint.exists():  # without one it was stopped before its first epoch
            self.trainer.resume(self.checkpoint)

    @property
    def checkpoint(self) -> Path:
        return self.out / "checkpoint.pt"

    @property
    def best(self) -> Path:
        """What becomes the model."""
        return self.out / "best.pt" if self.validation else self.checkpoint

    @property
    def patience_is_over(self) -> bool:
        trainer, patience = self.trainer, self.options.patience
        return bool(self.validation and patience and trainer.step - trainer.best_step >= patience * self.options.epoch_steps)

    def validate(self) -> float | None:
        """The validation loss, which is logged; keeps the best network."""
        trainer, loss = self.trainer, None
        if self.validation:
            loss = self.validation(trainer)
            if loss < trainer.best_loss:
                trainer.best_loss, trainer.best_step = loss, trainer.step
                trainer.save_average(self.best)
        self.log.write(trainer.step, trainer.seconds, loss)
        return loss

    def epoch_end(self) -> float | None:
        """Validates, saves and draws samples; gives the validation loss."""
        trainer, loss = self.trainer, self.validate()
        trainer.save(self.checkpoint)
        if self.options.samples:
            folder = self.out / "samples"
            folder.mkdir(exist_ok=True)
            predictor, file = partial(trainer.settings.objective.predictor, table=trainer.table), folder / f"{trainer.step:07d}.png"
            count, device = self.options.samples, trainer.settings.device
            if trainer.conditioned:
                save_pairs(predictor, trainer.ema, self.shown, file, count, steps=SAMPLE_STEPS, device=device)
            elif self.options.labels:
                labels.save_sheet(predictor, trainer.ema, file, count, steps=SAMPLE_STEPS, device=device, channels=trainer.channels)
            else:
                save_sheet(predictor(trainer.ema), file, count, steps=SAMPLE_STEPS, device=device, channels=trainer.channels)
        return loss

    def train(self) -> None:
        trainer, epoch = self.trainer, self.options.epoch_steps
        loss = self.validate() if trainer.step == 0 else None  # so that a model to begin with is kept unless training improves on it
        with tqdm(total=100, initial=min(100, int(100 * trainer.progress)), unit="%", mininterval=5) as bar:
            while trainer.progress < 1 and not self.patience_is_over:
                self.log.add(*trainer.train_step())
                if trainer.step % epoch == 0 or trainer.progress >= 1:
                    loss = self.epoch_end()
                bar.set_postfix(step=trainer.step, validation="-" if loss is None else f"{loss:.5f}", refresh=False)
                bar.update(min(100, int(100 * trainer.progress)) - bar.n)
        if self.patience_is_over:
            print(f"ended at step {trainer.step}: no better validation loss for {self.options.patience} epochs")

    def export(self) -> None:
        trainer, folder = self.trainer, self.out / "model"
        steps = trainer.best_step if self.validation else trainer.step
        begun = f", begun with the weights of {self.options.init_from.resolve().name}" if self.options.init_from else ""
        low = self.options.low.resolve().name if self.options.low else None
        description = {"name": folder.name, "version": 1,
                       "description": f"Trained with sumi-train for {trainer.settings.objective.prediction}, {steps} steps{begun}{f', to restore images such as those of {low}' * bool(low)}",
                       "trainingData": f"{len(self.training)} images of the folder {self.options.folder.resolve().name}{f', conditioned on those of {low}' * bool(low)}"}
        if self.options.labels:
            description["labels"] = self.options.labels
        difference = export.export(self.best, folder, description, TILE, OVERLAP, overwrite=folder.exists())
        watched = trainer.settings.objective.prediction if trainer.conditioned else "L_simple"
        best = f"; validation {watched} {trainer.best_loss:.5f} at step {steps}" if self.validation else ""
        print(f"{folder}: torch and onnxruntime differ by {difference:.1e} (allowed {export.TOLERANCE}){best}")


def load(options) -> tuple[list, list, dict]:
    """(training, validation, simulated) pictures. Raises ValueError."""
    reader = (partial(pairs.load, low=options.low) if options.low else partial(labels.load, names=options.labels) if options.labels
              else data.load)
    training, held_out = data.load_split(options.folder, options.hold_out, options.exclude, options.channel, print, reader)
    if not options.validation_share:
        held_out = []
    elif not options.hold_out:
        training, held_out = data.split_share(training, options.validation_share, options.seed)
    for label in set(range(len(options.labels or []))) - {picture.label for picture in training}:
        raise ValueError(f"all images of {options.labels[label]} are held out; more are needed, or a smaller --validation-share")
    smallest = max(options.patch_sizes) if options.low else min(options.patch_sizes)  # pairs are not enlarged
    for picture in training + held_out:
        if min(picture.pixels.shape[-2:]) < smallest:
            raise ValueError(f"{picture.source} has {' x '.join(map(str, picture.pixels.shape[-2:]))} pixels, and a patch {smallest}; leave it out with --exclude "
                             f"{picture.name}, or take smaller --patch-sizes")
        if picture.channels != training[0].channels:
            raise ValueError(f"{picture.source} has {picture.channels} channels and {training[0].source} {training[0].channels}; all images need as many")
    if options.patience and not held_out:
        raise ValueError("--patience needs images to validate with: more than one file, and a --validation-share over 0 or a group for --hold-out")
    simulated = simulate.load(options.simulated) if options.simulated else {}
    print(f"{len(training)} images to train on, {len(held_out)} to validate with" + (f", {sum(map(len, simulated.values()))} simulated" if simulated else ""))
    if not held_out:
        print("nothing to validate with: the last network becomes the model, and whether it still improves is not known")
    return training, held_out, simulated


def main(arguments=None) -> None:
    options = parse(__doc__, arguments)
    try:
        begin = time.monotonic()
        training, held_out, simulated = load(options)
        run = Run(options, training, held_out, simulated)
        options.out.mkdir(parents=True, exist_ok=True)
        keep(options)
        cost, settings = measure(run.trainer), run.trainer.settings
        print(f"device {device_of(options)}{' in bf16' if settings.bf16 else ''}, {torch.get_num_threads()} threads; {settings.objective.prediction}, "
              f"weighting {settings.objective.weighting}; from step {run.trainer.step}")
        print(cost.sentence(settings.minutes - run.trainer.seconds / 60, settings.steps - run.trainer.step), flush=True)
        run.train()
        run.export()
        print(f"{(time.monotonic() - begin) / 60:.1f} min in all")
    except (ValueError, FloatingPointError) as refusal:
        raise SystemExit(f"sumi-train train: {refusal}") from None
    except KeyboardInterrupt:
        print(f"\nstopped; --resume goes on from the last epoch in {options.out}")
        raise SystemExit(130) from None
