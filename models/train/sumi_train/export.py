# SPDX-License-Identifier: BSD-2-Clause
"""Exports a network to a Sumi model folder (models/README.md) and compares it with torch.

    python -m sumi_train.export RUN/checkpoint.pt models/nuclei --tile 256 --overlap 64
    python -m sumi_train.export DIFFUSERS_FOLDER my-model
"""

import argparse
import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from sumi_train.network import LocalUNet
from sumi_train.whole import whole_folder

TOLERANCE = 1e-4
SCHEDULER = {"_class_name": "DDPMScheduler", "num_train_timesteps": 1000, "beta_start": 1e-4, "beta_end": 0.02,
             "beta_schedule": "linear", "prediction_type": "epsilon", "variance_type": "fixed_small",
             "clip_sample": True, "clip_sample_range": 1.0, "timestep_spacing": "leading"}


class OutputOnly(torch.nn.Module):
    """A diffusers UNet2DModel as a function of two tensors to one."""

    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep):
        return self.unet(sample, timestep).sample


def load(source: Path):
    """(module, unet config, scheduler config, size multiple, receptive field or None) of a checkpoint or diffusers folder."""
    if source.is_dir():
        from diffusers import UNet2DModel
        unet = UNet2DModel.from_pretrained(source / "unet").eval()
        config = json.loads((source / "unet" / "config.json").read_text())
        scheduler = json.loads((source / "scheduler" / "scheduler_config.json").read_text())
        return OutputOnly(unet), config, scheduler, 2 ** (len(config["block_out_channels"]) - 1), None
    state = torch.load(source, weights_only=False, map_location="cpu")
    network = LocalUNet(**state["config"])
    network.load_state_dict(state["ema"])
    config = {"_class_name": "LocalUNet", **network.config}
    return network.eval(), config, SCHEDULER, network.size_multiple, network.receptive_field


def export_onnx(module, channels: int, size: int, path: Path) -> None:
    """Writes sample float[N,C,H,W], timestep float[N] -> out_sample, with N, H and W free."""
    torch.onnx.export(module, (torch.randn(2, channels, size, size), torch.tensor([10.0, 500.0])), str(path),
                      input_names=["sample", "timestep"], output_names=["out_sample"], opset_version=17, dynamo=False,
                      dynamic_axes={"sample": {0: "batch", 2: "height", 3: "width"}, "timestep": {0: "batch"},
                                    "out_sample": {0: "batch", 2: "height", 3: "width"}})
    onnx.checker.check_model(onnx.load(path), full_check=True)


def finite(values: np.ndarray, runtime: str, timestep: float) -> np.ndarray:
    """The values; raises ValueError where one of them is NaN or infinite."""
    if not np.isfinite(values).all():
        raise ValueError(f"the network in {runtime} gives NaN or infinite values at timestep {timestep:g}; train it anew or "
                         "export an earlier checkpoint")
    return values


def parity(module, path: Path, channels: int, multiple: int) -> float:
    """Largest difference between torch and onnxruntime, relative to the largest output above 1, over sizes and batches.

    Raises ValueError where either gives a value that is not finite.
    """
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    generator = torch.Generator().manual_seed(1)
    worst = 0.0
    for batch, height, width, t in ((1, 4, 4, 0.0), (3, 8, 6, 17.25), (2, 6, 10, 999.0)):
        x = torch.randn(batch, channels, height * multiple, width * multiple, generator=generator)
        timestep = torch.full((batch,), t)
        with torch.no_grad():
            expected = finite(module(x, timestep).numpy(), "torch", t)
        found = finite(session.run(None, {"sample": x.numpy(), "timestep": timestep.numpy()})[0], "onnxruntime", t)
        worst = max(worst, float(np.abs(found - expected).max() / max(1.0, np.abs(expected).max())))
    return worst


def embedded_test(path: Path, channels: int, multiple: int) -> dict:
    """A seeded input and the output that onnxruntime gives here, for the command 'verify'."""
    size, t = 4 * multiple, 100.0
    x = np.random.default_rng(1).standard_normal((1, channels, size, size)).astype("<f4")
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    out = session.run(None, {"sample": x, "timestep": np.array([t], np.float32)})[0].astype("<f4")
    finite(out, "onnxruntime", t)
    encode = lambda array: base64.b64encode(array.tobytes()).decode()
    return {"seed": 1, "shape": list(x.shape), "timestep": t, "tolerance": TOLERANCE,
            "input": encode(x), "output": encode(out)}


def export(source: Path, out: Path, description: dict, tile: int, overlap: int, overwrite: bool = False) -> float:
    """Writes the model folder; files in an overwritten one that are not the model's stay. Returns the difference from torch.

    Raises ValueError, with nothing changed, where the network is not finite or differs from torch by more than TOLERANCE
    once exported, or where out exists and may not be overwritten.
    """
    with whole_folder(out, overwrite) as folder:
        return write_model(source, folder, description, tile, overlap)


def write_model(source: Path, folder: Path, description: dict, tile: int, overlap: int) -> float:
    module, config, scheduler, multiple, receptive_field = load(source)
    channels = config["in_channels"]
    for name in ("unet", "scheduler"):
        (folder / name).mkdir(exist_ok=True)
    path = folder / "unet" / "model.onnx"
    export_onnx(module, channels, 8 * multiple, path)
    difference = parity(module, path, channels, multiple)
    if not difference <= TOLERANCE:
        raise ValueError(f"the exported network differs from torch by {difference:.2e}; allowed is {TOLERANCE}")
    sumi = {"formatVersion": 1, **description, "tile": tile, "overlap": overlap, "sizeMultiple": multiple,
            "receptiveField": receptive_field, "normalization": {"lowPercentile": 1.0, "highPercentile": 99.8},
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "test": embedded_test(path, channels, multiple)}
    index = {"_class_name": "DDPMPipeline", "scheduler": ["diffusers", "DDPMScheduler"],
             "unet": ["diffusers" if receptive_field is None else "sumi_train.network", config["_class_name"]]}
    for name, content in (("unet/config.json", config), ("scheduler/scheduler_config.json", scheduler),
                          ("model_index.json", index), ("sumi.json", sumi)):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n")
    return difference


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="checkpoint.pt of a run, or a folder that diffusers saved")
    parser.add_argument("out", type=Path, help="model folder to write")
    parser.add_argument("--version", type=int, default=1, help="counts up with every change of the weights")
    parser.add_argument("--tile", type=int, default=64)
    parser.add_argument("--overlap", type=int, default=32)
    parser.add_argument("--overwrite", action="store_true", help="replace the model in an existing OUT")
    for key in ("description", "license", "citation", "training-data", "trained-for"):
        parser.add_argument(f"--{key}", default="")
    options = parser.parse_args(arguments)
    description = {"name": options.out.resolve().name, "version": options.version, "description": options.description,
                   "license": options.license, "citation": options.citation, "trainingData": options.training_data,
                   "trainedFor": options.trained_for}
    try:
        difference = export(options.source, options.out, description, options.tile, options.overlap, options.overwrite)
    except ValueError as refusal:
        raise SystemExit(f"{options.source}: {refusal}") from None
    print(f"{options.out}: torch and onnxruntime differ by {difference:.2e} (allowed {TOLERANCE})")


if __name__ == "__main__":
    main()
