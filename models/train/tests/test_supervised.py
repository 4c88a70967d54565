# SPDX-License-Identifier: BSD-2-Clause
import numpy as np
import pytest
import torch
from networks import SMALL, random_network
from PIL import Image

from sumi_train import diffusion, export, patches, simulate, supervised
from sumi_train.data import Picture
from sumi_train.trainer import Settings


def trainer(sigma, network):
    pixels = np.random.default_rng(0).random((64, 64)).astype(np.float32)
    rng = np.random.default_rng(1)
    torch.manual_seed(1)
    sampler = patches.PatchSampler([Picture("a", "g", pixels, 0.0)], rng)
    return supervised.OneLevel(sigma, Settings(patches=((16, 4),), steps=100, warm_up=1, learning_rate=3e-3), network, sampler, rng)


def test_every_patch_has_the_noise_of_the_one_level():
    one = trainer(20, random_network(**SMALL))
    batch, t = one.draw(16, 4)
    alphas = diffusion.alphas_cumprod_at(t, one.table)
    assert batch.patches.shape == (4, 1, 16, 16)
    np.testing.assert_allclose(np.sqrt((1 - alphas) / alphas), 2 * 20 / 255, rtol=1e-9)


def test_the_loss_falls():
    one = trainer(20, random_network(**SMALL))
    losses = [one.train_step()[1].mean() for _ in range(60)]
    assert np.mean(losses[-10:]) < 0.95 * np.mean(losses[:10])


def test_the_command_goes_on_where_it_stopped(tmp_path, capsys):
    with export.whole_folder(tmp_path / "tiny", False) as folder:
        export.write_model(export.local(random_network(**SMALL), export.SCHEDULER), folder, {"name": "tiny", "version": 1}, 16, 8, False)
    rng = np.random.default_rng(0)
    for folder in ("data", *(f"pool/{kind}" for kind in simulate.KINDS)):
        (tmp_path / folder).mkdir(parents=True)
        for i in range(2):
            Image.fromarray(rng.integers(0, 255, (160, 160)).astype(np.uint8)).save(tmp_path / folder / f"{i}.png")
    arguments = [str(tmp_path / "run"), "--data", str(tmp_path / "data"), "--simulated", str(tmp_path / "pool"), "--init-from", str(tmp_path / "tiny")]
    supervised.main([*arguments, "--minutes", "0.001"])
    first = int(capsys.readouterr().out.split(": ")[1].split()[0])
    supervised.main([*arguments, "--minutes", "0.01"])
    assert int(capsys.readouterr().out.split(": ")[1].split()[0]) > first >= 1
    with pytest.raises(SystemExit):
        supervised.main([*arguments, "--sigma", "0"])
    assert "--sigma is 0.0; it must be from 0.1 to 255" in capsys.readouterr().err
