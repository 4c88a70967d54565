# SPDX-License-Identifier: BSD-2-Clause
import numpy as np
import onnxruntime
import pytest

from sumi_train import tiny


@pytest.mark.parametrize("name, made", tiny.all_models().items())
def test_the_committed_file_is_what_the_script_makes(name, made):
    content = (tiny.RESOURCES / f"{name}.onnx").read_bytes()
    assert content == made.SerializeToString(deterministic=True)
    assert len(content) < 5000


def test_nothing_else_is_committed():
    assert {file.stem for file in tiny.RESOURCES.glob("*.onnx")} == set(tiny.all_models())


def test_a_sound_one_computes_what_it_says():
    session = onnxruntime.InferenceSession(tiny.network().SerializeToString(), providers=["CPUExecutionProvider"])
    x = np.random.default_rng(1).standard_normal((2, 1, 3, 5)).astype(np.float32)
    found = session.run(None, {"sample": x, "timestep": np.array([0, 500], np.float32)})[0]
    assert np.abs(found - (x / 2 + np.array([0, 0.5], np.float32).reshape(2, 1, 1, 1))).max() <= 1e-6
