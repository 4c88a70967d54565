# SPDX-License-Identifier: BSD-2-Clause
import numpy as np
import pytest
import torch

from sumi_train import halo

from networks import SMALL, random_network


@pytest.fixture
def network():
    return random_network(**SMALL)


def errors_of(network, halos, size=128):
    def predict(x, t):
        with torch.no_grad():
            return network(torch.from_numpy(x), torch.tensor([float(t)])).numpy()

    x = np.random.default_rng(1).standard_normal((1, 1, size, size)).astype(np.float32)
    found = halo.errors(predict, x, 100, 32, halos, network.size_multiple)
    return [float(np.abs(found[value]).max()) for value in halos]


def test_a_halo_of_the_receptive_field_gives_what_the_whole_image_gives(network):
    none, enough, more = errors_of(network, (0, network.receptive_field, network.receptive_field + 8))
    assert enough <= 1e-5 and more <= 1e-5
    assert none > 1e-3


def test_an_image_without_room_for_the_halo_is_refused(network):
    with pytest.raises(ValueError, match="needs an image larger than 88"):
        errors_of(network, (0, 25), size=88)


def test_a_row_gives_maximum_and_rms_and_the_error_of_x0():
    assert halo.row(100, 9, 16, [np.array([[3.0, -4.0, 0, 0]])], 0.5) == "| 100 | 9 (16 read) | 4.0e+00 | 2.5e+00 | 1.0e+00 | 6.2e-01 |"
