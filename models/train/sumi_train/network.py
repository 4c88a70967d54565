# SPDX-License-Identifier: BSD-2-Clause
"""The local noise predictor: a UNet without normalisation over space and without attention.

Every output pixel depends on a bounded neighbourhood of the input, so tiles with a halo of
``LocalUNet.receptive_field`` give what the whole image would have given.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F


def timestep_embedding(timesteps: torch.Tensor, dim: int, max_period: float = 10000.0) -> torch.Tensor:
    """Sinusoidal embedding (Vaswani et al. 2017, section 3.5) of fractional timesteps.

    timesteps: float [N]. Returns float [N, dim]: the cosines, then the sines.
    """
    half = dim // 2
    exponent = torch.arange(half, dtype=torch.float32, device=timesteps.device) / half
    angles = timesteps.float()[:, None] * torch.exp(-math.log(max_period) * exponent)[None]
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class ResidualBlock(nn.Module):
    """x + conv(SiLU(FiLM_t(conv(SiLU(x))))), zero-initialised at its end, so that it starts as the identity."""

    def __init__(self, channels: int, embedding: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.film = nn.Linear(embedding, 2 * channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        for layer in (self.film, self.conv2):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def modulation(self, embedding: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The factor (1 + scale) and the shift of FiLM_t, each [N, channels, 1, 1]."""
        scale, shift = self.film(embedding)[:, :, None, None].chunk(2, dim=1)
        return 1 + scale, shift

    def forward(self, x: torch.Tensor, factor: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
        return x + self.conv2(F.silu(self.conv1(F.silu(x)) * factor + shift))


class LocalUNet(nn.Module):
    """Predicts the noise epsilon in x_t.

    sample: float [N, in_channels, H, W], H and W multiples of ``size_multiple``.
    timestep: float [N], fractions allowed. class_labels: int64 [N], 0 to num_class_embeds - 1, where there are classes.
    Returns float [N, out_channels, H, W].
    """

    def __init__(self, in_channels=1, out_channels=1, block_out_channels=(48, 80, 128, 160),
                 layers_per_block=2, embedding_channels=192, num_class_embeds=None):
        super().__init__()
        self.config = dict(in_channels=in_channels, out_channels=out_channels,
                           block_out_channels=list(block_out_channels),
                           layers_per_block=layers_per_block, embedding_channels=embedding_channels)
        if num_class_embeds is not None:
            self.config["num_class_embeds"] = num_class_embeds
            self.class_embedding = nn.Embedding(num_class_embeds, embedding_channels)
        self.embedding_channels = embedding_channels
        self.time = nn.Sequential(nn.Linear(embedding_channels, embedding_channels), nn.SiLU(),
                                  nn.Linear(embedding_channels, embedding_channels), nn.SiLU())
        widths = list(block_out_channels)

        def blocks(channels):
            return nn.ModuleList(ResidualBlock(channels, embedding_channels) for _ in range(layers_per_block))

        self.conv_in = nn.Conv2d(in_channels, widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList(blocks(c) for c in widths[:-1])
        self.downsamplers = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in zip(widths, widths[1:]))
        self.mid_block = blocks(widths[-1])
        self.upsamplers = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in zip(widths, widths[1:]))
        self.up_blocks = nn.ModuleList(blocks(c) for c in widths[:-1])
        self.conv_out = nn.Conv2d(widths[0], out_channels, 3, padding=1)
        nn.init.zeros_(self.conv_out.weight)
        nn.init.zeros_(self.conv_out.bias)

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor, class_labels: torch.Tensor | None = None) -> torch.Tensor:
        modulation = iter(self.modulation(self.embed(timestep_embedding(timestep, self.embedding_channels).to(sample.dtype), class_labels)))
        x = self.conv_in(sample)
        skips = []
        for blocks, downsampler in zip(self.down_blocks, self.downsamplers):
            for block in blocks:
                x = block(x, *next(modulation))
            skips.append(x)
            x = downsampler(x)
        for block in self.mid_block:
            x = block(x, *next(modulation))
        for level in reversed(range(len(skips))):
            height, width = (extent // 2 ** level for extent in sample.shape[2:])
            x = self.upsample(level, x, height, width) + skips[level]
            for block in self.up_blocks[level]:
                x = block(x, *next(modulation))
        return self.conv_out(F.silu(x))

    def embed(self, sines: torch.Tensor, class_labels: torch.Tensor | None) -> torch.Tensor:
        """What all blocks see of timestep and class, [N, embedding_channels]; the class is added as diffusers' UNet2DModel does."""
        if "num_class_embeds" not in self.config:
            return self.time(sines)
        return self.time[-1](self.time[:-1](sines) + self.class_embedding(class_labels))

    def modulation(self, embedding: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Factor and shift of every block, in the order of ``blocks``."""
        return [block.modulation(embedding) for block in self.blocks]

    def upsample(self, level: int, x: torch.Tensor, height: int, width: int) -> torch.Tensor:
        """x of the level below -> [N, channels, height, width] of this one."""
        return self.upsamplers[level](x)

    @property
    def blocks(self) -> list[ResidualBlock]:
        """In the order in which forward comes to them."""
        levels = [*self.down_blocks, self.mid_block, *reversed(self.up_blocks)]
        return [block for level in levels for block in level]

    @property
    def size_multiple(self) -> int:
        """Height and width must be multiples of this many pixels."""
        return 2 ** (len(self.config["block_out_channels"]) - 1)

    @property
    def receptive_field(self) -> int:
        """Pixels to each side on which an output pixel can depend, an upper bound whatever its place on the grid."""
        levels = len(self.config["block_out_channels"])
        per_block_list = 2 * self.config["layers_per_block"]
        convolutions = 2 + sum((1 if level == levels - 1 else 2) * per_block_list * 2 ** level
                               for level in range(levels))
        return convolutions + self.size_multiple - 1
