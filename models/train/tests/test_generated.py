# SPDX-License-Identifier: BSD-2-Clause
import numpy as np
import pytest
import torch
from PIL import Image

from sumi_train import data, generated
from sumi_train.sheet import ddpm_samples

from networks import SMALL, random_network

MODEL = generated.Path(generated.__file__).parents[2] / "nuclei"


@pytest.fixture
def folder(tmp_path):
    """Bright, dark and large images, told apart by their group, and one that is named."""
    rng = np.random.default_rng(1)
    for name, size, offset in (("dark", 96, 0), ("bright", 96, 20), ("large", 128, 0), ("named", 96, 0)):
        Image.fromarray((offset + 200 * rng.random((size, size)) ** 6).astype(np.uint8)).save(tmp_path / f"{name}.png")
    return tmp_path


def test_real_images_are_training_images(folder):
    training, held_out = data.load_split(folder, ["128x128-dark"], ["named"])
    assert [p.name for p in training] == ["bright", "dark"] and [p.name for p in held_out] == ["large"]
    with pytest.raises(ValueError, match="called typo"):
        data.load_split(folder, [], ["typo"])
    with pytest.raises(ValueError, match="every image is held out"):
        data.load_split(folder, ["128x128-dark"], ["named", "dark", "bright"])


def test_an_image_does_not_depend_on_its_batch():
    network = random_network(**SMALL)
    together = ddpm_samples(network, 3, 16, 5, seed=4)
    assert np.abs(together[2:] - ddpm_samples(network, 1, 16, 5, seed=4, first=2)).max() < 1e-5
    assert not np.allclose(together[0], together[1])


def test_power_spectrum_puts_white_noise_flat_and_a_wave_in_its_ring():
    white = np.random.default_rng(2).standard_normal((64, 64, 64))
    assert generated.power_spectrum(white)[1:] == pytest.approx(np.ones(31), abs=0.2)
    wave = np.broadcast_to(np.sin(2 * np.pi * 5 * np.arange(64) / 64), (1, 64, 64))
    assert generated.power_spectrum(wave).argmax() == 5


def test_a_network_that_is_not_finite_is_refused():
    with pytest.raises(SystemExit, match="NaN"):
        generated.generate(lambda x, t: x * torch.nan, 8, 2, 1)


def test_the_command_says_what_it_costs_and_is_repeatable(folder, tmp_path_factory, capsys):
    out = tmp_path_factory.mktemp("out")
    arguments = ["--model", str(MODEL), "--data", str(folder), "--hold-out", "128x128-dark", "--exclude", "named",
                 "--count", "8", "--steps", "2", "--out"]
    generated.main(arguments + [str(out / "a")])
    generated.main(arguments + [str(out / "b")])
    told = capsys.readouterr().out
    assert "drawn from 2 training images; 1 are held out, 1 excluded" in told
    assert told.index("8 images of 64x64, 2 steps: 2 network calls of 8, about") < told.index("| generated |")
    assert (out / "a" / "generated.png").read_bytes() == (out / "b" / "generated.png").read_bytes()
    assert (out / "a" / "statistics.png").exists()
