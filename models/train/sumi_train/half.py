# SPDX-License-Identifier: BSD-2-Clause
"""A network that computes in float16, for GPUs."""

import copy

import torch


class Half(torch.nn.Module):
    """The network in float16 between a sample and an output of float32.

    The timestep stays float32 up to the sines that it becomes: float16 could not tell 999.2 from 999.4.
    Numbers above 65504 become infinite inside.
    """

    def __init__(self, module: torch.nn.Module):
        super().__init__()
        self.module = copy.deepcopy(module).half()

    def forward(self, sample, timestep, *class_labels):
        return self.module(sample.half(), timestep, *class_labels).float()
