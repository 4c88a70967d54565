# SPDX-License-Identifier: BSD-2-Clause
"""Writes two tiny models of diffusers, exported, with torch's output for seeded inputs, which the Java tests hold against.

Run in models/train: `python -m sumi_train.unet2d_golden`. Tensors are written as base64 of little-endian float32.
"""

import json
import platform
import shutil
import tempfile
from pathlib import Path

import diffusers
import onnx
import torch
from diffusers import DDPMScheduler, UNet2DModel

from sumi_train.export import export
from sumi_train.tiny import RESOURCES
from sumi_train.unet2d import load_unet
from sumi_train.unet_golden import encode

SIZES = dict(sample_size=16, block_out_channels=(4, 8), time_embedding_dim=16, layers_per_block=1, norm_num_groups=2,
             attn_norm_num_groups=2)
MODELS = {
    "unet2d-grey": dict(
        unet=dict(in_channels=1, out_channels=1, down_block_types=("DownBlock2D", "AttnDownBlock2D"),
                  up_block_types=("AttnUpBlock2D", "UpBlock2D")),
        scheduler=dict(), half=False, timesteps=(0.0, 17.25, 999.0)),
    "unet2d-rgb": dict(
        unet=dict(in_channels=3, out_channels=6, down_block_types=("DownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "UpBlock2D"),
                  time_embedding_type="learned", num_train_timesteps=50, resnet_time_scale_shift="scale_shift"),
        scheduler=dict(num_train_timesteps=50, prediction_type="v_prediction", variance_type="learned_range"), half=True,
        timesteps=(0, 17, 49)),
}


def save(folder: Path, recipe: dict) -> None:
    """What diffusers saves, with weights large enough to matter."""
    torch.manual_seed(0)
    unet = UNet2DModel(**SIZES, **recipe["unet"])
    for parameter in unet.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    (unet.half() if recipe["half"] else unet).save_pretrained(folder / "unet")
    DDPMScheduler(**recipe["scheduler"]).save_pretrained(folder / "scheduler")


def records(source: Path, channels: int, timesteps: tuple) -> list:
    """torch's output for a batch of two, of one size for each timestep."""
    module, whole_timesteps = load_unet(source)[0], load_unet(source)[4]
    generator = torch.Generator().manual_seed(1)
    made = []
    for height, t in zip((4, 8, 16), timesteps):
        sample = torch.randn(2, channels, height, 6, generator=generator)
        with torch.no_grad():
            output = module(sample, torch.full((2,), t, dtype=torch.int64 if whole_timesteps else torch.float32))
        made.append({"timestep": t, "shape": list(sample.shape), "sample": encode(sample), "output": encode(output)})
    return made


def make(name: str) -> None:
    recipe = MODELS[name]
    with tempfile.TemporaryDirectory() as temporary:
        source, folder = Path(temporary) / "source", Path(temporary) / name
        save(source, recipe)
        export(source, folder, {"name": name, "version": 1, "license": "CC0-1.0"}, 16, 8)
        golden = {"versions": {"diffusers": diffusers.__version__, "torch": torch.__version__, "onnx": onnx.__version__,
                               "python": platform.python_version()},
                  "calls": records(source, recipe["unet"]["in_channels"], recipe["timesteps"])}
        (folder / "torch.json").write_text(json.dumps(golden, indent=1) + "\n")
        shutil.rmtree(RESOURCES / name, ignore_errors=True)
        shutil.copytree(folder, RESOURCES / name)


def main() -> None:
    for name in MODELS:
        make(name)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
