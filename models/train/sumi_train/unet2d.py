# SPDX-License-Identifier: BSD-2-Clause
"""Reads the UNet2DModel and the scheduler of a folder that diffusers saved, as far as a Sumi model can hold them."""

import json
from pathlib import Path

import torch

from sumi_train.objectives import image_channels


class OutputOnly(torch.nn.Module):
    """A diffusers UNet2DModel as a function of tensors to one."""

    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, class_labels=None):
        return self.unet(sample, timestep, class_labels).sample


def read_config(folder: Path, part: str, file: str) -> tuple[Path, dict]:
    """(folder of the part, its configuration); older pipelines keep all parts in one folder."""
    for place in (folder / part, folder):
        if (place / file).is_file():
            return place, json.loads((place / file).read_text())
    raise ValueError(f"has neither {part}/{file} nor {file}; give the folder that diffusers' save_pretrained wrote")


def check(config: dict, scheduler: dict) -> None:
    """Raises ValueError, naming the field, where the network needs more than a sample, a timestep of a DDPM chain and a class."""
    name = config.get("_class_name", "UNet2DModel")
    if name != "UNet2DModel":
        raise ValueError(f"holds a network of the class {name}; exported are UNet2DModel and Sumi's own")
    if config.get("class_embed_type") is not None:
        raise ValueError(f"takes classes in another form than by their index (class_embed_type is {config['class_embed_type']}), which Sumi can't "
                         "give; train it with num_class_embeds alone")
    if config.get("time_embedding_type", "positional") == "fourier":
        raise ValueError("takes noise levels instead of timesteps (time_embedding_type is fourier), which Sumi can't give")
    channels = config.get("in_channels", 3)
    if image_channels(config, scheduler) > channels:
        raise ValueError(f"gives {config.get('out_channels', 3)} channels for {channels}; Sumi takes as many, twice as many where "
                         "the variance is learned, or fewer where the others are a condition")


def load_weights(folder: Path):
    """The network in float32, whatever precision its weights were saved in."""
    from diffusers import UNet2DModel
    variants = sorted({file.name.split(".")[1] for file in folder.glob("diffusion_pytorch_model.*.*") if file.name.count(".") == 2
                       and not file.name.endswith(".json")})
    whole = any(folder.glob("diffusion_pytorch_model.safetensors")) or any(folder.glob("diffusion_pytorch_model.bin"))
    try:
        unet = UNet2DModel.from_pretrained(folder, variant=None if whole or not variants else variants[0], low_cpu_mem_usage=False)
    except (OSError, RuntimeError, TypeError) as fault:
        raise ValueError(f"can't be read by diffusers ({str(fault).splitlines()[0]})") from fault
    return unet.float().eval()


def load_unet(source: Path):
    """(module, unet config, scheduler config, size multiple, whether it takes whole timesteps only) of a folder."""
    place, config = read_config(source, "unet", "config.json")
    scheduler = read_config(source, "scheduler", "scheduler_config.json")[1]
    check(config, scheduler)
    unet = load_weights(place)
    blocks = len(unet.config.block_out_channels)
    whole_timesteps = unet.config.time_embedding_type == "learned"
    # what diffusers leaves out of the file are its defaults; Sumi reads these two
    config = {**config, "in_channels": unet.config.in_channels, "out_channels": unet.config.out_channels}
    return OutputOnly(unet), config, scheduler, 2 ** (blocks - 1), whole_timesteps
