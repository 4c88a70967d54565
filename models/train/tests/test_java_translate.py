# SPDX-License-Identifier: BSD-2-Clause
"""`sumi translate` in mean mode, pixel by pixel as torch has it: grey range, noise, network, and back to grey values."""

import numpy as np
import pytest
import tifffile
import torch
from test_java_round_trip import needs_java, sumi
from test_pairs import conditioned

from sumi_train import diffusion, export, pairs
from sumi_train.noise import START, noise_field


@needs_java
@pytest.mark.parametrize("shape", [(48, 64), (41, 30)])
def test_java_restores_as_torch(shape, tmp_path):
    model = conditioned(tmp_path / "tiny")
    y, x = np.mgrid[:shape[0], :shape[1]]
    image = (300 + 40 * np.sin(x / 5) * np.cos(y / 7) + np.random.default_rng(1).normal(0, 9, shape)).round().astype(np.uint16)
    image[20, 10] = 900
    tifffile.imwrite(tmp_path / "in.tif", image)
    code, said = sumi("translate", tmp_path / "in.tif", tmp_path / "out.tif", "--model", model, "--mode", "mean", "--type", "float", "--seed", "3", "--tile", "128")
    assert code == 0, said

    low, high = pairs.grey_range(image)
    edges = [-extent % 8 for extent in shape]  # the network takes multiples of 4; Sumi mirrors what is missing
    condition = np.pad(2 * (image - low) / (high - low) - 1, [(0, edge) for edge in edges], mode="reflect")
    noise = np.pad(noise_field(3, START, (1, 1, *shape)), [(0, 0), (0, 0), *((0, edge) for edge in edges)], mode="reflect")
    x_t = torch.from_numpy(noise)
    with torch.no_grad():
        v = export.load(model).module(torch.cat([x_t, torch.from_numpy(condition).float()[None, None]], dim=1), torch.tensor([999.0]))
    a = diffusion.linear_alphas_cumprod()[-1]
    x0 = (a ** 0.5 * x_t - (1 - a) ** 0.5 * v)[0, 0, :shape[0], :shape[1]].numpy()
    expected = low + (x0 + 1) / 2 * (high - low)
    inner = tuple(slice(0, extent - 8) for extent in shape)  # what is mirrored may be laid otherwise
    np.testing.assert_allclose(tifffile.imread(tmp_path / "out.tif")[inner], expected[inner], atol=2e-4 * np.ptp(expected))
