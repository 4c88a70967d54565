# SPDX-License-Identifier: BSD-2-Clause
"""The options of sumi-train train, kept in the run's folder so that a resumed run has the same."""

import argparse
import json
import math
from pathlib import Path

import torch

from sumi_train import data, labels, patches, reading
from sumi_train.network import LocalUNet
from sumi_train.objectives import PREDICTIONS, WEIGHTINGS, Objective, is_conditioned
from sumi_train.runtime_form import is_local, load_network
from sumi_train.trainer import Settings

WIDTHS = (32, 80, 128, 192)
PIXELS = 2 ** 16  # of a step's patches, about
FREE = {"folder", "out", "resume", "minutes", "steps", "patience", "device", "fp32", "epoch_steps", "samples"}  # may change when a run goes on
DEVICES = ("auto", "cpu", "cuda", "mps")


def parser_of(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="images: PNG, TIFF stacks, OME-TIFF, OME-Zarr; 8, 16 or 32 bit, in subfolders too")
    parser.add_argument("out", type=Path, help="run folder; OUT/model becomes the model folder")
    parser.add_argument("--resume", action="store_true", help="go on with the run in OUT, with the options that it had")
    parser.add_argument("--init-from", type=Path, metavar="MODEL", help="model folder whose weights the run begins with (fine-tuning)")
    parser.add_argument("--low", type=Path, metavar="FOLDER2", help="the same places in low quality, files of the same names: trains a restoration of such images, for DDPM Translate...")
    parser.add_argument("--labels", nargs="+", metavar="NAME", help="folders in FOLDER, each a class of images: trains a network that is asked for one, with guidance")
    parser.add_argument("--channel", type=channel, help=f"which channel of images with several, from 1; {reading.ALL}: 2 to {reading.MOST} together, which the network then makes together")
    length = parser.add_argument_group("length")
    length.add_argument("--minutes", type=float, help="of training, interruptions and validation not counted; default 90 where no --steps are given")
    length.add_argument("--steps", type=int, help="optimiser steps; whichever ends first")
    length.add_argument("--patience", type=int, help="end after so many epochs without a better validation loss")
    length.add_argument("--epoch-steps", type=int, default=250, help="steps between validation, sample sheet and checkpoint; default %(default)s")
    held = parser.add_argument_group("validation")
    data.add_split_arguments(held)
    held.add_argument("--validation-share", type=float, default=0.1, help="share of the files to validate with where no group is held out; 0: validate with nothing; default %(default)s")
    goal = parser.add_argument_group("objective")
    goal.add_argument("--objective", choices=PREDICTIONS, help="default: that of --init-from, or epsilon, L_simple; with --low v")
    goal.add_argument("--weighting", choices=WEIGHTINGS, default="none", help="of the timesteps; default %(default)s")
    goal.add_argument("--low-noise-share", type=float, help="share of timesteps drawn where denoising works; default 0.5, with --low 0.1")
    goal.add_argument("--learning-rate", type=float, default=4e-4, help="default %(default)s")
    goal.add_argument("--warm-up", type=int, default=300, help="steps over which the learning rate rises; default %(default)s")
    parser.add_argument("--simulated", type=Path, help="folder of sumi-train simulate, to mix with the images")
    parser.add_argument("--simulated-share", type=float, default=0.6, help="share of patches from --simulated, over 0 up to 1")
    parser.add_argument("--widths", type=int, nargs="+", help="channels of each level of a new network; default 32 80 128 192")
    parser.add_argument("--patch-sizes", type=int, nargs="+", default=[64, 96, 128], help="pixels; default 64 96 128")
    parser.add_argument("--samples", type=int, default=8, help="images of each sample sheet, 0 for none; default %(default)s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--fp32", action="store_true", help="no bf16 autocast")
    patches.add_arguments(parser)
    return parser


def channel(text: str) -> int | str:
    return text if text == reading.ALL else int(text)


def parse(description: str, arguments=None) -> argparse.Namespace:
    """Checked options; ends with status 2 and a sentence where one is wrong."""
    parser = parser_of(description)
    options = parser.parse_args(arguments)
    kept = options.out / "options.json"
    if options.resume:
        if not kept.is_file():
            parser.error(f"--resume: {options.out} holds no run; leave --resume out to begin one")
        options = resumed(parser, json.loads(kept.read_text()), options, arguments)
    elif options.out.exists() and (not options.out.is_dir() or any(options.out.iterdir())):
        parser.error(f"{options.out} exists; go on with the run in it with --resume, or choose another folder")
    if options.minutes is None and options.steps is None:
        options.minutes = 90.0
    check(parser, options)
    return options


def resumed(parser, kept: dict, asked, arguments) -> argparse.Namespace:
    """The options that the run had, but for those that may change and are given anew."""
    paths = {"folder", "out", "low", "init_from", "simulated"}
    before = {name: Path(value) if name in paths and value else value for name, value in kept.items()}
    parser.set_defaults(**before)
    options = parser.parse_args(arguments)
    changed = [name for name, value in before.items() if name not in FREE and getattr(options, name) != value]
    if changed:
        parser.error(f"--resume: --{changed[0].replace('_', '-')} was {kept[changed[0]]} when the run began and can't change")
    if asked.minutes is None and asked.steps is not None:  # the new length is in steps alone
        options.minutes = None
    if asked.steps is None and asked.minutes is not None:
        options.steps = None
    return options


def keep(options: argparse.Namespace) -> None:
    values = {name: str(value) if isinstance(value, Path) else value for name, value in vars(options).items()}
    (options.out / "options.json").write_text(json.dumps(values, indent=1) + "\n")


def check(parser, options) -> None:
    ranges = {"minutes": (0.01, math.inf), "steps": (1, math.inf), "patience": (1, math.inf), "epoch_steps": (1, math.inf),
              "validation_share": (0, 0.9), "low_noise_share": (0, 1), "learning_rate": (1e-8, 1), "warm_up": (1, math.inf), "samples": (0, 64), "seed": (0, 2 ** 53 - 1)}
    for name, (low, high) in ranges.items():
        value = getattr(options, name)
        if value is not None and not low <= value <= high:
            parser.error(f"--{name.replace('_', '-')} is {value}; it must be {low} {f'to {high}' if high < math.inf else 'or more'}")
    if options.samples > 8 and options.samples % 8:
        parser.error(f"--samples is {options.samples}; it must be up to 8, or a multiple of 8")
    if not 0 < options.simulated_share <= 1:
        parser.error(f"--simulated-share is {options.simulated_share}; it must be over 0 and at most 1")
    if options.init_from and not is_local(options.init_from):
        parser.error(f"--init-from is {options.init_from}; it must be a model folder of a LocalUNet, as models/nuclei is")
    if options.channel not in (None, reading.ALL) and options.channel < 1:
        parser.error(f"--channel is {options.channel}; it must be 1 or more, or {reading.ALL}")
    if options.channel == reading.ALL and (options.low or options.simulated):
        parser.error(f"--channel {reading.ALL}: --{'low' if options.low else 'simulated'} has images of one channel alone; leave one of them out")
    kinds = [name for name in ("low", "labels", "simulated") if getattr(options, name)]
    if len(kinds) > 1:
        parser.error(f"--{kinds[0]} and --{kinds[1]} don't go together; leave one of them out")
    if options.init_from and options.widths:
        parser.error("--widths: the network of --init-from has its own; leave one of them out")
    widths = options.widths or (own_config(options.init_from)["block_out_channels"] if options.init_from else WIDTHS)
    if min(widths) < 8 or max(widths) > 1024 or len(widths) > 6:
        parser.error(f"--widths are {widths}; one to six numbers from 8 to 1024 are needed")
    multiple = 2 ** (len(widths) - 1)
    for size in options.patch_sizes:
        if not 16 <= size <= 1024 or size % multiple:
            parser.error(f"--patch-sizes has {size}; sizes are multiples of {multiple} from 16 to 1024")
    try:
        patches.augmentation_of(options)
        objective_of(options)
        if options.init_from:
            check_start(options.init_from, bool(options.low), len(options.labels or []))
        if options.labels:
            labels.check(options.labels)
    except ValueError as refusal:
        parser.error(str(refusal))
    for device, there in (("cuda", torch.cuda.is_available), ("mps", torch.backends.mps.is_available)):
        if options.device == device and not there():
            parser.error(f"--device {device}: this PyTorch finds none; --device auto takes what there is")


def own_config(model: Path) -> dict:
    return json.loads((model / "unet" / "config.json").read_text())


def own_scheduler(model: Path) -> dict:
    return json.loads((model / "scheduler" / "scheduler_config.json").read_text())


def check_start(model: Path, low: bool, count: int) -> None:
    """Raises ValueError where the network to begin with isn't for such images, or for so many labels."""
    config = own_config(model)
    classes = config.get("num_class_embeds", 1) - 1
    if classes != count:
        raise ValueError(f"--init-from is {model}, which takes {classes or 'no'} labels, and --labels has {count}: begin with another model")
    conditioned = is_conditioned(config, own_scheduler(model))
    if conditioned != low:
        raise ValueError(f"--init-from is {model}, which {'restores images of low quality: give those with --low' if conditioned else 'restores no images: leave --low out'}, "
                         "or begin with another model")


def device_of(options) -> str:
    """auto: the GPU where there is one."""
    if options.device != "auto":
        return options.device
    return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


def objective_of(options) -> Objective:
    """Raises ValueError where the network to begin with predicts something else."""
    if not options.init_from:
        return Objective(options.objective or ("v" if options.low else "epsilon"), options.weighting)
    own = Objective.of(own_scheduler(options.init_from))
    if options.objective not in (None, own.prediction):
        raise ValueError(f"--objective {options.objective}: {options.init_from} was trained for {own.prediction}; leave --objective out")
    return Objective(own.prediction, options.weighting)


def low_noise_share_of(options) -> float:
    """A restoration begins at pure noise, and one evaluation there is its mean."""
    return options.low_noise_share if options.low_noise_share is not None else 0.1 if options.low else 0.5


def settings_of(options) -> Settings:
    device = device_of(options)
    return Settings(objective_of(options), tuple((size, max(1, round(PIXELS / size ** 2))) for size in options.patch_sizes),
                    options.learning_rate, low_noise_share_of(options), options.warm_up, minutes=options.minutes or math.inf,
                    steps=options.steps or math.inf, device=device, bf16=device != "mps" and not options.fp32)


def network_of(options, channels: int) -> LocalUNet:
    """That of --init-from, or a new one of the seed, for images of so many channels. Raises ValueError where the first is for others."""
    inputs = channels + bool(options.low)
    if options.init_from:
        try:
            network = load_network(options.init_from)
        except ValueError as fault:
            raise ValueError(f"{options.init_from} {fault}") from fault
        if network.config["in_channels"] != inputs:
            raise ValueError(f"{options.init_from} takes {network.config['in_channels']} channels and the images have {inputs}; begin with another model")
        return network
    torch.manual_seed(options.seed)
    return LocalUNet(inputs, objective_of(options).out_channels(channels), block_out_channels=tuple(options.widths or WIDTHS),
                     num_class_embeds=len(options.labels) + 1 if options.labels else None)
