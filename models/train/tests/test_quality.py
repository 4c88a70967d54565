# SPDX-License-Identifier: BSD-2-Clause
import sys

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio

from sumi_train import baselines, quality

MODEL = quality.Path(quality.__file__).parents[2] / "nuclei"


@pytest.fixture
def pair():
    y, x = np.mgrid[:48, :48]
    clean = 40 + 160 * (np.hypot(x - 24, y - 24) < 12).astype(np.float64)
    return clean, clean + 20 * np.random.default_rng(1).standard_normal(clean.shape)


def test_non_local_means_runs_at_its_best_strength(pair):
    clean, noisy = pair
    alone = [peak_signal_noise_ratio(clean, result, data_range=255) for result in baselines.non_local_means(noisy, 20)]
    found = quality.methods(MODEL)["non-local means, oracle strength"](noisy, 20, clean)
    assert peak_signal_noise_ratio(clean, found, data_range=255) == max(alone) and len(set(alone)) == 4


def test_without_bm3d_the_table_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "bm3d", None)  # its import fails
    table = quality.measure(MODEL, sigmas=(20, 40), count=1).splitlines()
    assert "| BM3D | not installed | not installed |" in table
    assert [row.split(" | ")[0] for row in table[2:]] == ["| noisy", "| Gaussian blur, oracle width",
                                                          "| non-local means, oracle strength", "| BM3D", "| Sumi nuclei, mean"]
