# SPDX-License-Identifier: BSD-2-Clause
"""Exports of networks that diffusers saved, made on the fly."""

import json
import random

import onnxruntime
import pytest
import torch
from diffusers import DDPMScheduler, UNet2DModel

from sumi_train import export

DESCRIPTION = {"name": "tiny", "version": 1}


def configuration(seed):
    """A small UNet2DModel: attention, channels, embeddings, sampling and normalisation differ with the seed."""
    draw = random.Random(seed)
    blocks, channels, groups = draw.choice((2, 3)), draw.choice((1, 1, 3)), draw.choice((4, 8))
    kinds = [draw.choice(("DownBlock2D", "AttnDownBlock2D")) for _ in range(blocks)]
    return dict(sample_size=16, in_channels=channels, out_channels=channels * draw.choice((1, 2)),
                block_out_channels=sorted(draw.choice((8, 16, 24)) for _ in range(blocks)), layers_per_block=draw.choice((1, 2)),
                down_block_types=kinds, up_block_types=[kind.replace("Down", "Up") for kind in reversed(kinds)],
                add_attention=draw.random() < 0.7, attention_head_dim=draw.choice((None, 8)), norm_num_groups=groups,
                attn_norm_num_groups=draw.choice((None, groups)), time_embedding_type=draw.choice(("positional", "positional", "learned")),
                num_train_timesteps=1000, freq_shift=draw.choice((0, 1)), flip_sin_to_cos=draw.random() < 0.5,
                resnet_time_scale_shift=draw.choice(("default", "scale_shift")), downsample_type=draw.choice(("conv", "resnet")),
                upsample_type=draw.choice(("conv", "resnet")), act_fn=draw.choice(("silu", "gelu")), center_input_sample=draw.random() < 0.3)


def save(folder, half=False, scheduler=None, saving=None, **sizes):
    """A network and a scheduler as diffusers saves them."""
    torch.manual_seed(0)
    unet = UNet2DModel(**{**configuration(0), **sizes})
    for parameter in unet.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    (unet.half() if half else unet).save_pretrained(folder / "unet", **(saving or {}))
    DDPMScheduler(**(scheduler or {})).save_pretrained(folder / "scheduler")
    return folder


def exported(source, tmp_path):
    assert export.export(source, tmp_path / "out", DESCRIPTION, 16, 8) <= 1e-4
    return onnxruntime.InferenceSession(str(tmp_path / "out" / "unet" / "model.onnx"), providers=["CPUExecutionProvider"])


def refused(source, tmp_path):
    with pytest.raises(ValueError) as refusal:
        export.export(source, tmp_path / "out", DESCRIPTION, 16, 8)
    assert not (tmp_path / "out").exists()
    return str(refusal.value)


@pytest.mark.parametrize("seed", range(10))
def test_a_random_small_network_agrees_with_torch(seed, tmp_path):
    sizes = configuration(seed)
    session = exported(save(tmp_path / "in", half=seed % 3 == 0, **sizes), tmp_path)
    assert session.get_inputs()[1].type == ("tensor(int64)" if sizes["time_embedding_type"] == "learned" else "tensor(float)")
    assert json.loads((tmp_path / "out" / "sumi.json").read_text())["sizeMultiple"] == 2 ** (len(sizes["block_out_channels"]) - 1)


@pytest.mark.parametrize("saving", [dict(safe_serialization=False), dict(variant="fp16"), dict(variant="fp16", safe_serialization=False)])
def test_weights_are_found_by_any_name(saving, tmp_path):
    exported(save(tmp_path / "in", half="variant" in saving, saving=saving), tmp_path)


def test_v_prediction_and_a_learned_variance_are_kept(tmp_path):
    kept = dict(prediction_type="v_prediction", variance_type="learned_range", num_train_timesteps=50)
    exported(save(tmp_path / "in", scheduler=kept, in_channels=1, out_channels=2, time_embedding_type="learned", num_train_timesteps=50),
             tmp_path)
    written = json.loads((tmp_path / "out" / "scheduler" / "scheduler_config.json").read_text())
    assert {key: written[key] for key in kept} == kept
    assert json.loads((tmp_path / "out" / "unet" / "config.json").read_text())["out_channels"] == 2


@pytest.mark.parametrize("out_channels, variance", [(1, "fixed_small"), (2, "learned_range")])
def test_channels_that_are_not_made_are_a_condition(out_channels, variance, tmp_path):
    session = exported(save(tmp_path / "in", scheduler={"variance_type": variance}, in_channels=2, out_channels=out_channels), tmp_path)
    assert session.get_inputs()[0].shape[1] == 2 and session.get_outputs()[0].shape[1] == out_channels


def test_a_pipeline_in_one_folder_is_found(tmp_path):
    source = save(tmp_path / "in")
    for part in ("unet", "scheduler"):
        for file in (source / part).iterdir():
            file.rename(source / file.name)
        (source / part).rmdir()
    exported(source, tmp_path)


@pytest.mark.parametrize("sizes, part", [(dict(class_embed_type="timestep"), "classes in another form than by their index (class_embed_type is timestep)"),
                                         (dict(time_embedding_type="fourier"), "time_embedding_type is fourier"),
                                         (dict(in_channels=1, out_channels=3), "gives 3 channels for 1; Sumi takes as many")])
def test_what_sumi_cannot_hold_is_refused_by_name(sizes, part, tmp_path):
    assert part in refused(save(tmp_path / "in", **sizes), tmp_path)


def test_another_class_a_missing_file_and_broken_weights_are_refused(tmp_path):
    source = save(tmp_path / "in")
    config = (source / "unet" / "config.json").read_text()
    (source / "unet" / "config.json").write_text(config.replace("UNet2DModel", "UNet2DConditionModel"))
    assert "class UNet2DConditionModel" in refused(source, tmp_path)
    (source / "unet" / "config.json").write_text(config)
    weights = source / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    assert "can't be read by diffusers" in refused(source, tmp_path)
    weights.unlink()
    assert "can't be read by diffusers" in refused(source, tmp_path)
    (source / "scheduler" / "scheduler_config.json").unlink()
    assert "neither scheduler/scheduler_config.json nor" in refused(source, tmp_path)
