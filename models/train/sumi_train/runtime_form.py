# SPDX-License-Identifier: BSD-2-Clause
"""A LocalUNet rewritten for ONNX Runtime's CPU provider: the same function of the same weights, in operations that it is quick at.

On x86 that provider keeps tensors in blocks of 16 channels (8 without AVX-512). What follows is measured in docs/benchmarks.md:

- A convolution of one image is dealt out to the threads by rows and sets of four blocks, and a last, smaller set counts as a whole
  one: of 80 channels, one thread gets 64 and the other 16. Two convolutions, of 64 and of 16, are dealt out evenly.
- ConvTranspose knows no blocks, and its output stays without them up to the next downsampling. A pointwise convolution does;
  its output can be read with the channels last, and there the pixels that neighbours in a row come from lie together.
- FiLM for all blocks is one matrix product, instead of one and some slices for each.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import onnx
import torch
from torch import nn

from sumi_train.network import LocalUNet

CHANNEL_SET = 64


def filled(layer: nn.Module, weight: torch.Tensor, bias: torch.Tensor | None = None) -> nn.Module:
    """The layer with these values."""
    state = {"weight": weight.detach().clone()}
    layer.load_state_dict(state if bias is None else {**state, "bias": bias.detach().clone()})
    return layer


class SplitConv2d(nn.Module):
    """A convolution whose output channels come from two: as many whole sets as there are, and the rest."""

    def __init__(self, conv: nn.Conv2d):
        super().__init__()
        rest = conv.out_channels % CHANNEL_SET
        sizes = conv.out_channels - rest, rest
        self.parts = nn.ModuleList(
            filled(nn.Conv2d(conv.in_channels, len(bias), conv.kernel_size, conv.stride, conv.padding), weight, bias)
            for weight, bias in zip(conv.weight.split(sizes), conv.bias.split(sizes)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([part(x) for part in self.parts], dim=1)


def split(conv: nn.Conv2d) -> nn.Module:
    """The convolution in two parts, or itself where one set is enough or all are whole."""
    return SplitConv2d(conv) if conv.out_channels > CHANNEL_SET and conv.out_channels % CHANNEL_SET else conv


class Upsampler(nn.Module):
    """ConvTranspose2d of kernel and stride 2 as a pointwise convolution to four pixels, which are then laid in place."""

    def __init__(self, transposed: nn.ConvTranspose2d):
        super().__init__()
        self.channels = transposed.out_channels
        weight = transposed.weight.permute(2, 3, 1, 0)  # row and column of the pixel, its channel, input channel
        self.pixels = filled(nn.Conv2d(transposed.in_channels, 4 * self.channels, 1), weight.flatten(0, 2)[:, :, None, None],
                             transposed.bias.repeat(4))
        # changes no value, but makes blocks of channels of it again
        self.identity = filled(nn.Conv2d(self.channels, self.channels, 1, groups=self.channels, bias=False),
                               torch.ones(self.channels, 1, 1, 1))

    def forward(self, x: torch.Tensor, height: int, width: int) -> torch.Tensor:
        pairs = self.pixels(x).permute(0, 2, 3, 1).reshape(-1, height // 2, width // 2, 2, 2 * self.channels)
        return self.identity(pairs.transpose(2, 3).reshape(-1, height, width, self.channels).permute(0, 3, 1, 2))


class RuntimeUNet(LocalUNet):
    """What a LocalUNet is exported as; splits: whether convolutions are split, which ones in 8-bit integers gain nothing by."""

    def __init__(self, network: LocalUNet, splits: bool = True):
        super().__init__(**network.config)
        self.load_state_dict(network.state_dict())
        films = [block.film for block in self.blocks]
        self.film_sizes = [size for film in films for size in 2 * [film.out_features // 2]]
        self.films = filled(nn.Linear(self.embedding_channels, sum(self.film_sizes)), torch.cat([film.weight for film in films]),
                            torch.cat([film.bias for film in films]))
        # 1 + scale, shift
        self.register_buffer("ones", torch.cat([torch.full((size,), 1.0 - i % 2) for i, size in enumerate(self.film_sizes)]))
        for block in self.blocks:
            block.film = None
            if splits:
                block.conv1, block.conv2 = split(block.conv1), split(block.conv2)
        if splits:
            self.downsamplers = nn.ModuleList(split(conv) for conv in self.downsamplers)
        self.upsamplers = nn.ModuleList(Upsampler(transposed) for transposed in self.upsamplers)
        self.train(network.training)

    def modulation(self, embedding):
        parts = (self.films(embedding) + self.ones)[:, :, None, None].split(self.film_sizes, dim=1)
        return list(zip(parts[::2], parts[1::2]))

    def upsample(self, level, x, height, width):
        return self.upsamplers[level](x, height, width)


def restore(network: LocalUNet, weights: Mapping[str, torch.Tensor]) -> LocalUNet:
    """Fills a network with the weights of its RuntimeUNet, or with its own, by their names; returns it.

    Raises KeyError with the name of one that is missing.
    """
    state = dict(weights)
    names = {module: name for name, module in network.named_modules()}
    for kind in ("weight", "bias"):
        for module, name in names.items():
            if isinstance(module, nn.Conv2d) and f"{name}.parts.0.{kind}" in weights:
                state[f"{name}.{kind}"] = torch.cat([weights[f"{name}.parts.{part}.{kind}"] for part in range(2)])
        if f"films.{kind}" in weights:
            sizes = [block.film.out_features for block in network.blocks]
            for block, values in zip(network.blocks, weights[f"films.{kind}"].split(sizes)):
                state[f"{names[block.film]}.{kind}"] = values
    for upsampler in network.upsamplers:
        name = names[upsampler]
        if f"{name}.pixels.weight" in weights:
            pixels = weights[f"{name}.pixels.weight"].reshape(2, 2, upsampler.out_channels, upsampler.in_channels)
            state[f"{name}.weight"] = pixels.permute(3, 2, 0, 1)
            state[f"{name}.bias"] = weights[f"{name}.pixels.bias"][:upsampler.out_channels]
    network.load_state_dict({name: state[name] for name in network.state_dict()})
    return network


def is_local(folder: Path) -> bool:
    """Whether the network of a model folder is a LocalUNet."""
    config = folder / "unet" / "config.json"
    return config.is_file() and json.loads(config.read_text()).get("_class_name") == "LocalUNet"


def load_network(model: Path) -> LocalUNet:
    """The torch network of a model folder, with the weights of its model.onnx, which keeps torch's names of the parameters.

    Raises ValueError where some are missing: torch writes equal ones once, such as zeros of a network that was hardly trained.
    """
    config = json.loads((model / "unet" / "config.json").read_text())
    network = LocalUNet(**{key: value for key, value in config.items() if not key.startswith("_")})
    graph = onnx.load(model / "unet" / "model.onnx").graph
    try:
        return restore(network, {i.name: torch.from_numpy(onnx.numpy_helper.to_array(i).copy()) for i in graph.initializer}).eval()
    except KeyError as missing:
        raise ValueError(f"holds a unet/model.onnx without weights called {missing.args[0]}; the network was hardly trained, or is not of sumi-train train") from None
