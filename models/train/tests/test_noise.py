# SPDX-License-Identifier: BSD-2-Clause
import base64
from statistics import NormalDist

import numpy as np
import pytest

from sumi_train import unet_golden
from sumi_train.noise import START, noise_field, normal_quantile, philox


@pytest.mark.parametrize("counter, key, expected", [
    ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
     (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
])
def test_philox_gives_its_authors_known_answers(counter, key, expected):
    assert tuple(int(word) for word in philox(counter, key)) == expected


def test_normal_quantile_agrees_with_the_standard_library():
    p = np.array([1e-10, 1e-4, 0.074, 0.076, 0.3, 0.5, 0.7, 0.924, 0.926, 1 - 1e-9])
    assert normal_quantile(p) == pytest.approx([NormalDist().inv_cdf(v) for v in p], rel=1e-12)


def test_noise_is_that_of_its_place_whatever_the_batch_and_the_size():
    whole = noise_field(3, 7, (2, 2, 9, 11))
    assert np.array_equal(noise_field(3, 7, (1, 2, 5, 6), first_sample=1), whole[1:, :, :5, :6])
    assert not np.array_equal(whole[0], whole[1]) and not np.array_equal(whole, noise_field(3, START, whole.shape))


def test_a_short_golden_chain_agrees_with_onnxruntime():
    golden = unet_golden.make(unet_golden.MODEL, shape=(1, 1, 16, 16), steps=3, count=2)
    assert [(record["step"], record["timestep"]) for record in golden["chain"]] == [(0, 666), (2, 0)]
    assert golden["chain"][-1]["previous"] == golden["end"]
    start = np.frombuffer(base64.b64decode(golden["chain"][0]["sample"]), "<f4")
    assert np.array_equal(start.reshape(golden["shape"]), noise_field(1, START, golden["shape"]))
