# SPDX-License-Identifier: BSD-2-Clause
"""Networks small enough for a test."""

import torch

from sumi_train.network import LocalUNet

SMALL = dict(block_out_channels=(8, 8, 8), layers_per_block=1, embedding_channels=16)


def random_network(**sizes):
    torch.manual_seed(0)
    network = LocalUNet(**sizes).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return network
