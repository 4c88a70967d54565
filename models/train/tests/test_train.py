# SPDX-License-Identifier: BSD-2-Clause
import argparse

import numpy as np
import pytest
import tifffile
import torch
from PIL import Image

from sumi_train import data, diffusion, export, train

from networks import SMALL, random_network


def image(dtype=np.uint8, top=200, size=96, seed=1):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:size, :size]
    cells = sum(np.exp(-((x - a) ** 2 + (y - b) ** 2) / 60) for a, b in rng.uniform(0, size, (8, 2)))
    return (10 + (top - 10) * np.clip(cells, 0, 1)).astype(dtype)


@pytest.fixture
def folder(tmp_path):
    Image.fromarray(image()).save(tmp_path / "a.png")
    tifffile.imwrite(tmp_path / "b.tif", image(np.uint16, 4000, seed=2))
    tifffile.imwrite(tmp_path / "dim.tif", image(top=40))
    return tmp_path


def test_load_reads_8_and_16_bit_and_drops_dim_images(folder):
    assert [p.name for p in data.load(folder)] == ["a", "b"]
    assert len(data.load(folder, keep_dim=True)) == 3


def test_load_refuses_colour_and_empty_folders(folder, tmp_path_factory):
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(folder / "rgb.png")
    with pytest.raises(ValueError, match="rgb.png"):
        data.load(folder)
    with pytest.raises(ValueError, match="no PNG or TIFF"):
        data.load(tmp_path_factory.mktemp("empty"))


def test_split_is_by_group(folder):
    pictures = data.load(folder)
    training, held_out = data.split(pictures, [pictures[0].group])
    assert {p.group for p in training}.isdisjoint({p.group for p in held_out})
    with pytest.raises(ValueError, match="groups are"):
        data.split(pictures, ["1x1-dark"])


def test_patches_are_deterministic_and_in_range(folder):
    pictures = data.load(folder)
    first, second = (data.PatchSampler(pictures, np.random.default_rng(3)).batch(6, 32) for _ in range(2))
    assert torch.equal(first, second)
    assert first.shape == (6, 1, 32, 32)
    assert first.min() >= -1.7 and first.max() <= 1.8


def test_timestep_inverts_sigma_and_noise_has_its_variance():
    table = diffusion.linear_alphas_cumprod()
    for t in (0.0, 3.25, 500.5, 999.0):
        a = diffusion.alphas_cumprod_at(np.array([t]), table)[0]
        assert diffusion.timestep_of(np.sqrt((1 - a) / a), table) == pytest.approx(t, abs=1e-6)
    x = diffusion.add_noise(torch.zeros(1, 1, 64, 64), torch.randn(1, 1, 64, 64), torch.tensor([0.36]))
    assert x.std().item() == pytest.approx(0.8, abs=0.05)


def test_receptive_field_bounds_what_a_pixel_sees():
    network = random_network(**SMALL)
    size, far = 128, network.receptive_field + 1
    x = torch.randn(1, 1, size, size)
    y = x.clone()
    y[0, 0, 64, 64] += 10
    with torch.no_grad():
        change = (network(y, torch.tensor([5.0])) - network(x, torch.tensor([5.0])))[0, 0].abs()
    reached = torch.nonzero(change > 0) - 64
    assert reached.abs().max() < far
    assert change[64, 64] > 0


def options(folder, out, minutes):
    return argparse.Namespace(data=folder, out=out, minutes=minutes, hold_out=[], exclude=[], low_noise_share=0.5,
                              learning_rate=4e-4, seed=1, fp32=True, init_from=None)


def test_a_resumed_run_goes_on_as_if_never_stopped(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "BLOCK_OUT_CHANNELS", (8, 8))
    monkeypatch.setattr(train, "PATCH_BATCHES", ((16, 4),))
    monkeypatch.setattr(train.time, "monotonic", lambda: 0.0)  # the learning rate follows the clock
    pictures = data.load(folder)
    straight = train.Trainer(options(folder, tmp_path, 1), pictures)
    losses = [straight.train_step()[1].mean() for _ in range(6)]
    first = train.Trainer(options(folder, tmp_path, 1), pictures)
    for _ in range(3):
        first.train_step()
    first.save()
    second = train.Trainer(options(folder, tmp_path, 1), pictures)
    second.resume()
    assert second.step == 3
    assert [second.train_step()[1].mean() for _ in range(3)] == pytest.approx(losses[3:], rel=1e-5)


def test_training_lowers_the_loss(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "BLOCK_OUT_CHANNELS", (16, 16))
    monkeypatch.setattr(train, "PATCH_BATCHES", ((16, 16),))
    choice = options(folder, tmp_path, 10)
    choice.learning_rate, choice.low_noise_share = 3e-3, 0.0
    trainer = train.Trainer(choice, data.load(folder))
    losses = [trainer.train_step()[1].mean() for _ in range(150)]
    assert np.mean(losses[:5]) > 0.9
    assert np.mean(losses[-20:]) < 0.5


def test_a_run_begins_with_the_weights_of_a_model(folder, tmp_path, capsys):
    network = random_network(**SMALL)
    torch.save({"ema": network.state_dict(), "config": network.config}, tmp_path / "checkpoint.pt")
    export.export(tmp_path / "checkpoint.pt", tmp_path / "model", {"name": "model", "version": 1}, 64, 32)
    choice = options(folder, tmp_path, 1)
    choice.init_from = tmp_path / "model"
    trainer = train.Trainer(choice, data.load(folder))
    assert trainer.network.config == network.config
    for begun in (trainer.network, trainer.ema):
        assert all(torch.equal(value, network.state_dict()[name]) for name, value in begun.state_dict().items())
    with pytest.raises(SystemExit):
        train.parse_arguments(["--data", str(folder), "--out", str(tmp_path), "--init-from", str(folder)])
    assert "must be a model folder" in capsys.readouterr().err
