# SPDX-License-Identifier: BSD-2-Clause
"""Writes four tiny models of diffusers, exported, with torch's output for seeded inputs, which the Java tests hold against.

Of the one with classes also the end of a chain by classifier-free guidance, an image for each label; of the one that is
given an image, the condition, where chains of two schedulers make another image of it.

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
from diffusers import DDIMScheduler, DDPMScheduler, UNet2DModel

from sumi_train.export import export
from sumi_train.tiny import RESOURCES
from sumi_train.unet2d import load_unet, load_weights
from sumi_train.unet_golden import chain, encode

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
    "unet2d-labels": dict(
        unet=dict(in_channels=1, out_channels=1, down_block_types=("DownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "UpBlock2D"),
                  num_class_embeds=4),
        scheduler=dict(), half=False, timesteps=(0.0, 17.25, 999.0), labels=["filaments", "dense nuclei", "puncta"]),
    "unet2d-condition": dict(
        unet=dict(in_channels=2, out_channels=1, down_block_types=("DownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "UpBlock2D")),
        scheduler=dict(prediction_type="v_prediction"), half=False, timesteps=(0.0, 17.25, 999.0)),
}
# of the chain; the images begin with noise of the seed
GUIDANCE, STEPS, SEED, SIZE = 2.5, 20, 3, 16


def save(folder: Path, recipe: dict) -> None:
    """What diffusers saves, with weights large enough to matter."""
    torch.manual_seed(0)
    unet = UNet2DModel(**SIZES, **recipe["unet"])
    for parameter in unet.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    (unet.half() if recipe["half"] else unet).save_pretrained(folder / "unet")
    DDPMScheduler(**recipe["scheduler"]).save_pretrained(folder / "scheduler")


def guided_end(source: Path, labels: int) -> str:
    """The end of a DDPM chain, an image for each label; the last class of the network is that of no label."""
    unet = load_weights(source / "unet")
    classes, none = torch.arange(labels), torch.full((labels,), labels)

    def epsilon(sample, t):
        conditional, unconditional = (unet(sample, t, class_labels=each).sample for each in (classes, none))
        return unconditional + GUIDANCE * (conditional - unconditional)

    scheduler = DDPMScheduler.from_pretrained(source / "scheduler")
    scheduler.set_timesteps(STEPS)
    return encode(chain(epsilon, scheduler, SEED, (labels, 1, SIZE, SIZE), set())[1])


def translated_ends(source: Path) -> dict:
    """An image, and the ends of a DDPM and a DDIM chain conditioned on it, both unclipped; the noisy channel first, as in LDMSuperResolutionPipeline."""
    unet = load_weights(source / "unet")
    condition = torch.randn(1, 1, SIZE, SIZE, generator=torch.Generator().manual_seed(2))
    ends = {}
    for name, kind in (("ddpm", DDPMScheduler), ("ddim", DDIMScheduler)):
        scheduler = kind.from_pretrained(source / "scheduler", clip_sample=False)
        scheduler.set_timesteps(STEPS)
        ends[name] = encode(chain(lambda sample, t: unet(torch.cat((sample, condition), 1), t).sample, scheduler, SEED, (1, 1, SIZE, SIZE), set())[1])
    return {"steps": STEPS, "seed": SEED, "size": SIZE, "condition": encode(condition), "ends": ends}


def records(source: Path, channels: int, timesteps: tuple, classes: int | None) -> list:
    """torch's output for a batch of two, of one size for each timestep."""
    module, whole_timesteps = load_unet(source)[0], load_unet(source)[4]
    generator = torch.Generator().manual_seed(1)
    made = []
    for height, t in zip((4, 8, 16), timesteps):
        sample = torch.randn(2, channels, height, 6, generator=generator)
        with torch.no_grad():
            labels = () if classes is None else (torch.tensor([1, classes - 1]),)
            output = module(sample, torch.full((2,), t, dtype=torch.int64 if whole_timesteps else torch.float32), *labels)
        made.append(({"labels": labels[0].tolist()} if labels else {}) | {"timestep": t, "shape": list(sample.shape), "sample": encode(sample), "output": encode(output)})
    return made


def make(name: str) -> None:
    recipe = MODELS[name]
    with tempfile.TemporaryDirectory() as temporary:
        source, folder = Path(temporary) / "source", Path(temporary) / name
        save(source, recipe)
        labels = {"labels": recipe["labels"]} if "labels" in recipe else {}
        export(source, folder, {"name": name, "version": 1, "license": "CC0-1.0", **labels}, 16, 8)
        golden = {"versions": {"diffusers": diffusers.__version__, "torch": torch.__version__, "onnx": onnx.__version__,
                               "python": platform.python_version()},
                  "calls": records(source, recipe["unet"]["in_channels"], recipe["timesteps"], recipe["unet"].get("num_class_embeds"))}
        if labels:
            golden["chain"] = {"guidance": GUIDANCE, "steps": STEPS, "seed": SEED, "size": SIZE, "end": guided_end(source, len(recipe["labels"]))}
        if recipe["unet"]["in_channels"] > recipe["unet"]["out_channels"]:
            golden["translated"] = translated_ends(source)
        (folder / "torch.json").write_text(json.dumps(golden, indent=1) + "\n")
        shutil.rmtree(RESOURCES / name, ignore_errors=True)
        shutil.copytree(folder, RESOURCES / name)


def main() -> None:
    for name in MODELS:
        make(name)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
