# SPDX-License-Identifier: BSD-2-Clause
"""Exports a network to a Sumi model folder (models/README.md) and compares it with torch.

    sumi-train export RUN/checkpoint.pt models/nuclei --tile 256 --overlap 64
    sumi-train export DIFFUSERS_FOLDER my-model
    sumi-train export RUN/checkpoint.pt nuclei-fp16 --fp16
    sumi-train export RUN/checkpoint.pt kinds --labels filaments membranes
    sumi-train export models/nuclei models/nuclei --overwrite --version 2     # the same weights, in today's form
"""

import argparse
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from pickle import UnpicklingError

import onnx
import torch

from sumi_train.half import Half
from sumi_train.network import LocalUNet
from sumi_train.objectives import SCHEDULER
from sumi_train.parity import LABELS, TOLERANCE, embedded_test, parity
from sumi_train.runtime_form import RuntimeUNet, is_local, load_network
from sumi_train.unet2d import load_unet
from sumi_train.whole import whole_folder

# about ten times what models/nuclei differs by in float16
HALF_TOLERANCE = 2e-2
HALF_SUFFIX = "-fp16"
TEXTS = {"description": "description", "license": "license", "citation": "citation", "training-data": "trainingData",
         "trained-for": "trainedFor"}  # option -> field of sumi.json


@dataclass
class Network:
    """What there is to export.

    receptive_field: pixels to each side, or None where the whole tile matters. timestep: the type that the network takes.
    """

    module: torch.nn.Module
    config: dict
    scheduler: dict
    size_multiple: int
    receptive_field: int | None
    timestep: torch.dtype = torch.float32

    @property
    def channels(self) -> int:
        return self.config["in_channels"]

    @property
    def classes(self) -> int | None:
        """How many classes the network takes, that of no label among them; None without classes."""
        return self.config.get("num_class_embeds")

    def labels(self, count: int) -> tuple[torch.Tensor, ...]:
        """The further input for a batch, int64 [count], the classes in turn from the last; nothing without classes."""
        return () if self.classes is None else ((self.classes - 1 - torch.arange(count)) % self.classes,)

    @property
    def last_timestep(self) -> int:
        return self.scheduler.get("num_train_timesteps", 1000) - 1


def load(source: Path) -> Network:
    """The network of a checkpoint, a model folder or a folder that diffusers saved. Raises ValueError where Sumi can't hold it."""
    if source.is_dir() and is_local(source):
        return local(load_network(source), json.loads((source / "scheduler" / "scheduler_config.json").read_text()))
    if source.is_dir():
        module, config, scheduler, multiple, whole_timesteps = load_unet(source)
        return Network(module, config, scheduler, multiple, None, torch.int64 if whole_timesteps else torch.float32)
    try:
        state = torch.load(source, weights_only=True, map_location="cpu")
        network = LocalUNet(**state["config"])
        network.load_state_dict(state["ema"])
    except (EOFError, KeyError, RuntimeError, TypeError, UnpicklingError) as fault:
        raise ValueError("is no whole checkpoint of sumi-train train; give RUN/checkpoint.pt or a folder that diffusers saved") from fault
    return local(network.eval(), state.get("scheduler", SCHEDULER))  # runs of before there were objectives name none


def local(network: LocalUNet, scheduler: dict) -> Network:
    return Network(network, {"_class_name": "LocalUNet", **network.config}, scheduler, network.size_multiple, network.receptive_field)


def export_onnx(network: Network, path: Path, half: bool = False) -> None:
    """Writes sample float[N,C,H,W], timestep [N] (, class_labels [N]) -> out_sample, with N, H and W free; half computes in float16 between them."""
    size = 8 * network.size_multiple
    example = torch.randn(2, network.channels, size, size), torch.tensor([0, network.last_timestep]).to(network.timestep), *network.labels(2)
    inputs = ["sample", "timestep", LABELS][:len(example)]
    axes = {"sample": {0: "batch", 2: "height", 3: "width"}, "timestep": {0: "batch"}, LABELS: {0: "batch"}}
    try:
        torch.onnx.export(Half(network.module) if half else network.module, example, str(path),
                          input_names=inputs, output_names=["out_sample"], opset_version=17, dynamo=False,
                          dynamic_axes={name: axes[name] for name in inputs} | {"out_sample": axes["sample"]})
    except (IndexError, RuntimeError, TypeError) as fault:
        raise ValueError(f"has a network that torch can't export ({str(fault).splitlines()[0]})") from fault
    onnx.checker.check_model(onnx.load(path), full_check=True)


def export(source: Path, out: Path, description: dict, tile: int, overlap: int, overwrite: bool = False, half: bool = False) -> float:
    """Writes the model folder; files in an overwritten one that are not the model's stay. Returns the difference from torch.

    half: computes in float16. Raises ValueError, with nothing changed, where the network is not finite or differs from torch in
    float32 by more than TOLERANCE (HALF_TOLERANCE) once exported, where out exists and may not be overwritten, or where half and
    the name do not agree: a model NAME-fp16 is NAME in float16.
    """
    if half != description["name"].endswith(HALF_SUFFIX):
        raise ValueError(f"would become {description['name']}; with --fp16, and only then, the name of OUT ends in {HALF_SUFFIX}, and what "
                         "is before it is the name of the same network in float32")
    network = load(source)
    check_labels(description.get("labels"), network.classes)
    with whole_folder(out, overwrite) as folder:
        return write_model(network, folder, description, tile, overlap, half)


def check_labels(names: list[str] | None, classes: int | None) -> None:
    """Raises ValueError unless there is a name for each class, but for that of no label, which may be the last."""
    if names and (classes is None or len(names) not in (classes, classes - 1)):
        needed = "none: it has no classes" if classes is None else f"{classes}, or {classes - 1} where the last class is that of no label"
        raise ValueError(f"is given {len(names)} labels; needed are {needed}")


def write_model(network: Network, folder: Path, description: dict, tile: int, overlap: int, half: bool) -> float:
    tolerance = HALF_TOLERANCE if half else TOLERANCE
    path = folder / "unet" / "model.onnx"
    path.parent.mkdir(exist_ok=True)
    # float16 is for GPUs, which have no need of that form
    fast = isinstance(network.module, LocalUNet) and not half
    export_onnx(replace(network, module=RuntimeUNet(network.module)) if fast else network, path, half)
    difference = parity(network, path, half)
    if not difference <= tolerance:
        raise ValueError(f"the exported network differs from torch by {difference:.2e}; allowed is {tolerance}")
    write_json(network, folder, description, tile, overlap, "float16" if half else "float32", tolerance)
    return difference


def write_json(network: Network, folder: Path, description: dict, tile: int, overlap: int, precision: str, tolerance: float) -> None:
    """All that a model folder holds beside its unet/model.onnx. tolerance: of the test of 'verify'."""
    path = folder / "unet" / "model.onnx"
    (folder / "scheduler").mkdir(exist_ok=True)
    sumi = {"formatVersion": 1, **description, "tile": tile, "overlap": overlap, "sizeMultiple": network.size_multiple,
            "receptiveField": network.receptive_field, "precision": precision,
            "normalization": {"lowPercentile": 1.0, "highPercentile": 99.8},
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "test": embedded_test(network, path, tolerance)}
    index = {"_class_name": "DDPMPipeline", "scheduler": ["diffusers", network.scheduler.get("_class_name", "DDPMScheduler")],
             "unet": ["diffusers" if network.receptive_field is None else "sumi_train.network",
                      network.config.get("_class_name", "UNet2DModel")]}
    for name, content in (("unet/config.json", network.config), ("scheduler/scheduler_config.json", network.scheduler),
                          ("model_index.json", index), ("sumi.json", sumi)):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n")


def calibration(known: dict) -> dict:
    """What a model's sumi.json says of its uncertainty, which is that of its weights in any form; empty where it says nothing."""
    return {"uncertainty": known["uncertainty"]} if "uncertainty" in known else {}


def own_description(source: Path) -> dict:
    """What the sumi.json of a model folder says, or nothing."""
    file = source / "sumi.json"
    return json.loads(file.read_text()) if file.is_file() else {}


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="checkpoint.pt of a run, a folder that diffusers saved, or a model folder")
    parser.add_argument("out", type=Path, help="model folder to write")
    parser.add_argument("--version", type=int, default=1, help="counts up with every change of the network")
    parser.add_argument("--tile", type=int, help="default: a model folder's own, or 64")
    parser.add_argument("--overlap", type=int, help="default: a model folder's own, or 32")
    parser.add_argument("--overwrite", action="store_true", help="replace the model in an existing OUT")
    parser.add_argument("--fp16", action="store_true", help="compute in float16, for GPUs; OUT must end in -fp16")
    parser.add_argument("--labels", nargs="+", help="what the classes are called; one name less than classes where the last is that of no label")
    for key in TEXTS:
        parser.add_argument(f"--{key}", help="default: a model folder's own")
    options = parser.parse_args(arguments)
    known = own_description(options.source) | {key: value for key, value in vars(options).items() if value is not None}
    description = {"name": options.out.resolve().name, "version": options.version}
    description |= {field: known.get(key.replace("-", "_"), known.get(field, "")) for key, field in TEXTS.items()} | calibration(known)
    description |= {"labels": known["labels"]} if known.get("labels") else {}
    try:
        difference = export(options.source, options.out, description, known.get("tile", 64), known.get("overlap", 32),
                            options.overwrite, options.fp16)
    except FileNotFoundError as missing:
        raise SystemExit(f"{missing.filename or options.source} is missing") from None
    except ValueError as refusal:
        raise SystemExit(f"{options.source}: {refusal}") from None
    print(f"{options.out}: torch and onnxruntime differ by {difference:.2e} (allowed {HALF_TOLERANCE if options.fp16 else TOLERANCE})")


if __name__ == "__main__":
    main()
