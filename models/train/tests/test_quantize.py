# SPDX-License-Identifier: BSD-2-Clause
import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from PIL import Image

from sumi_train import data, export, quantize

from networks import random_network

SIZES = dict(block_out_channels=(16, 32), layers_per_block=2, embedding_channels=16)


@pytest.fixture
def pictures(tmp_path):
    y, x = np.mgrid[:96, :96]
    Image.fromarray((20 + 200 * np.exp(-((x - 40) ** 2 + (y - 50) ** 2) / 200)).astype(np.uint8)).save(tmp_path / "a.png")
    return data.load(tmp_path)


@pytest.fixture
def model(tmp_path):
    network = random_network(**SIZES)
    torch.save({"ema": network.state_dict(), "config": network.config}, tmp_path / "checkpoint.pt")
    description = {"name": "model", "version": 3, "description": "Cells", "license": "CC0-1.0"}
    export.export(tmp_path / "checkpoint.pt", tmp_path / "model", description, 64, 32)
    return tmp_path / "model"


def run(folder, inputs):
    return onnxruntime.InferenceSession(folder / "unet" / "model.onnx", providers=["CPUExecutionProvider"]).run(None, inputs)[0]


def test_the_range_loses_least(pictures):
    values = np.append(np.random.default_rng(1).normal(size=200_000), [40.0])
    low, high = quantize.best_range(values)
    assert low <= 0 <= high < 40, "one far value is clipped rather than all others rounded"
    error = lambda limits: np.square(quantize.rounded(values, *limits) - values).mean()
    assert error((low, high)) < 0.9 * error((values.min(), values.max()))
    assert quantize.best_range(np.zeros(4))[1] > 0


def test_rounding_keeps_zero_and_steps_evenly():
    values = np.array([-1.0, 0.0, 0.004, 1.0, 7.0])
    assert quantize.rounded(values, -1.0, 1.55).tolist() == pytest.approx([-1.0, 0.0, 0.0, 1.0, 1.55])


def test_the_calibration_stays(model, pictures, tmp_path):
    file = model / "sumi.json"
    before = file.read_text()
    calibrated = {"factor": 1.3, "calibratedOn": "these"}
    file.write_text(json.dumps(json.loads(before) | {"uncertainty": calibrated}))
    try:
        quantize.quantize(model, tmp_path / "model-int8", pictures, version=5)
        assert json.loads((tmp_path / "model-int8" / "sumi.json").read_text())["uncertainty"] == calibrated
    finally:
        file.write_text(before)


def test_convolutions_but_the_first_and_last_are_in_8_bits_and_say_nearly_the_same(model, pictures, tmp_path):
    kept = quantize.quantize(model, tmp_path / "model-int8", pictures, version=5)
    graph = onnx.load(tmp_path / "model-int8" / "unet" / "model.onnx").graph
    weights = {node.input[1]: node.name for node in graph.node if node.op_type == "Conv"}
    types = {value.name: value.data_type for value in graph.initializer}
    assert {name for weight, name in weights.items() if weight in types} == set(kept), "those read float32 weights"
    assert len(weights) - len(kept) == 4 + 4 + 2, "middle, way up, samplers"
    sumi = json.loads((tmp_path / "model-int8" / "sumi.json").read_text())
    assert (sumi["precision"], sumi["version"], sumi["name"], sumi["license"], sumi["tile"]) == ("int8", 5, "model-int8", "CC0-1.0", 64)
    inputs = quantize.Patches(pictures).get_next()
    expected, found = run(model, inputs), run(tmp_path / "model-int8", inputs)
    error = np.sqrt(np.square(found - expected).mean()) / expected.std()
    assert 0 < error < 0.05


def test_the_name_and_the_kind_of_network_are_checked(model, pictures, tmp_path):
    with pytest.raises(ValueError, match="must be model-int8"):
        quantize.quantize(model, tmp_path / "small", pictures, version=1)
    config = model / "unet" / "config.json"
    config.write_text(config.read_text().replace("LocalUNet", "UNet2DModel"))
    with pytest.raises(ValueError, match="no LocalUNet"):
        quantize.quantize(model, tmp_path / "model-int8", pictures, version=1)
    assert not (tmp_path / "model-int8").exists()
