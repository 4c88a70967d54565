# SPDX-License-Identifier: BSD-2-Clause
import json
from pathlib import Path

import onnx
import onnxruntime
import pytest
import torch

from sumi_train import export

from networks import SMALL, random_network

DESCRIPTION = {"name": "tiny", "version": 1}


def saved(network, folder):
    """A checkpoint of the network, as a run leaves it."""
    torch.save({"ema": network.state_dict(), "config": network.config}, folder / "checkpoint.pt")
    return folder / "checkpoint.pt"


@pytest.fixture
def checkpoint(tmp_path):
    return saved(random_network(**SMALL), tmp_path)


def test_export_writes_a_folder_that_agrees_with_torch(tmp_path):
    network = random_network(**SMALL)
    out = tmp_path / "tiny"
    assert export.export(saved(network, tmp_path), out, DESCRIPTION, 64, 32) <= 1e-4
    sumi = json.loads((out / "sumi.json").read_text())
    assert sumi["sizeMultiple"] == 4 and sumi["receptiveField"] == network.receptive_field
    assert {p.name for p in out.rglob("*") if p.is_file()} == {"sumi.json", "model_index.json", "config.json", "model.onnx",
                                                               "scheduler_config.json"}


def test_export_takes_what_diffusers_saved(tmp_path):
    from diffusers import DDPMScheduler, UNet2DModel
    torch.manual_seed(0)
    UNet2DModel(sample_size=16, in_channels=1, out_channels=1, block_out_channels=(16, 32), layers_per_block=1, norm_num_groups=8,
                attention_head_dim=8, down_block_types=("DownBlock2D", "AttnDownBlock2D"),
                up_block_types=("AttnUpBlock2D", "UpBlock2D")).save_pretrained(tmp_path / "in" / "unet")
    DDPMScheduler().save_pretrained(tmp_path / "in" / "scheduler")
    assert export.export(tmp_path / "in", tmp_path / "out", DESCRIPTION, 16, 8) <= 1e-4
    assert json.loads((tmp_path / "out" / "sumi.json").read_text())["receptiveField"] is None


def test_the_calibration_of_a_model_goes_with_it(checkpoint, tmp_path):
    export.export(checkpoint, tmp_path / "first", DESCRIPTION, 64, 32)
    file = tmp_path / "first" / "sumi.json"
    assert "uncertainty" not in json.loads(file.read_text())
    file.write_text(json.dumps(json.loads(file.read_text()) | {"uncertainty": {"factor": 1.3}}))
    (tmp_path / "first" / "checkpoint.pt").write_bytes(checkpoint.read_bytes())
    export.main([str(tmp_path / "first"), str(tmp_path / "second")])
    assert json.loads((tmp_path / "second" / "sumi.json").read_text())["uncertainty"] == {"factor": 1.3}


def test_in_float16_only_the_inside_is(tmp_path):
    network = random_network(**SMALL)
    out = tmp_path / "tiny-fp16"
    difference = export.export(saved(network, tmp_path), out, {"name": "tiny-fp16", "version": 1}, 64, 32, half=True)
    assert 1e-6 < difference <= export.HALF_TOLERANCE
    session = onnxruntime.InferenceSession(str(out / "unet" / "model.onnx"), providers=["CPUExecutionProvider"])
    assert {value.type for value in [*session.get_inputs(), *session.get_outputs()]} == {"tensor(float)"}
    weights = [value.data_type for value in onnx.load(out / "unet" / "model.onnx").graph.initializer if value.name.endswith("weight")]
    assert weights and set(weights) == {onnx.TensorProto.FLOAT16}
    sumi = json.loads((out / "sumi.json").read_text())
    assert sumi["precision"] == "float16" and sumi["test"]["tolerance"] == export.HALF_TOLERANCE
    x = torch.zeros(1, 1, 16, 16).numpy()
    a, b = (session.run(None, {"sample": x, "timestep": torch.tensor([t]).numpy()})[0] for t in (999.2, 999.4))
    assert (a != b).any()


def test_a_network_of_diffusers_in_float16(tmp_path):
    resource = Path(__file__).parents[3] / "src" / "test" / "resources" / "models" / "unet2d-grey"
    from diffusers import DDPMScheduler, UNet2DModel
    torch.manual_seed(0)
    UNet2DModel.from_config(UNet2DModel.load_config(resource / "unet")).save_pretrained(tmp_path / "in" / "unet")
    DDPMScheduler().save_pretrained(tmp_path / "in" / "scheduler")
    assert export.export(tmp_path / "in", tmp_path / "out-fp16", {"name": "out-fp16", "version": 1}, 16, 8, half=True) <= export.HALF_TOLERANCE


def test_what_overflows_float16_is_refused(tmp_path):
    network = random_network(**SMALL)
    torch.nn.init.constant_(network.conv_in.weight, 1e5)
    with pytest.raises(ValueError, match="torch's float16 gives NaN"):
        export.export(saved(network, tmp_path), tmp_path / "big-fp16", {"name": "big-fp16", "version": 1}, 64, 32, half=True)
    assert not (tmp_path / "big-fp16").exists()


@pytest.mark.parametrize("name, half", [("tiny", True), ("tiny-fp16", False)])
def test_the_name_says_the_precision(name, half, checkpoint, tmp_path):
    with pytest.raises(ValueError, match="ends in -fp16"):
        export.export(checkpoint, tmp_path / name, {"name": name, "version": 1}, 64, 32, half=half)


def test_export_that_differs_writes_nothing(checkpoint, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "parity", lambda *_: 0.01)
    with pytest.raises(ValueError, match="differs from torch"):
        export.export(checkpoint, tmp_path / "out", DESCRIPTION, 64, 32)
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint.pt"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_network_that_is_not_finite_is_refused_and_nothing_is_written(value, tmp_path):
    network = random_network(**SMALL)
    torch.nn.init.constant_(network.conv_out.bias, value)
    with pytest.raises(ValueError, match="torch gives NaN or infinite values at timestep 0;"):
        export.export(saved(network, tmp_path), tmp_path / "out", DESCRIPTION, 64, 32)
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint.pt"]


def test_a_network_that_is_not_finite_in_onnxruntime_alone_is_refused(checkpoint, tmp_path, monkeypatch):
    class Session:
        def __init__(self, *_, **__):
            pass

        def run(self, _, feeds):
            return [feeds["sample"] * float("nan")]

    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    with pytest.raises(ValueError, match="onnxruntime gives NaN"):
        export.export(checkpoint, tmp_path / "out", DESCRIPTION, 64, 32)
    assert not (tmp_path / "out").exists()


def test_an_existing_folder_is_kept_unless_overwritten(checkpoint, tmp_path, monkeypatch):
    out = tmp_path / "out"
    export.export(checkpoint, out, DESCRIPTION, 64, 32)
    (out / "README.md").write_text("the card")
    first = (out / "sumi.json").read_text()
    with pytest.raises(ValueError, match="--overwrite"):
        export.export(checkpoint, out, DESCRIPTION, 128, 32)
    monkeypatch.setattr(export, "embedded_test", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export.export(checkpoint, out, DESCRIPTION, 128, 32, overwrite=True)
    assert (out / "sumi.json").read_text() == first
    monkeypatch.undo()
    export.export(checkpoint, out, DESCRIPTION, 128, 32, overwrite=True)
    assert json.loads((out / "sumi.json").read_text())["tile"] == 128
    assert (out / "README.md").read_text() == "the card"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["checkpoint.pt", "out"]


def test_a_folder_that_is_no_model_is_not_overwritten(checkpoint, tmp_path):
    with pytest.raises(ValueError, match="no sumi.json"):
        export.export(checkpoint, tmp_path, DESCRIPTION, 64, 32, overwrite=True)


def test_the_command_refuses_in_a_sentence(checkpoint, tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(SystemExit, match="out exists; --overwrite"):
        export.main([str(checkpoint), str(tmp_path / "out")])


def test_what_is_no_checkpoint_is_refused_in_a_sentence(tmp_path):
    for content in (b"", b"no checkpoint", b"cos\nsystem\n(S'true'\ntR."):
        (tmp_path / "checkpoint.pt").write_bytes(content)
        with pytest.raises(SystemExit, match="checkpoint.pt: is no whole checkpoint"):
            export.main([str(tmp_path / "checkpoint.pt"), str(tmp_path / "out")])
    with pytest.raises(SystemExit, match="none.pt is missing"):
        export.main([str(tmp_path / "none.pt"), str(tmp_path / "out")])
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint.pt"]
