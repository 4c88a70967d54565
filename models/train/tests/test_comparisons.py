# SPDX-License-Identifier: BSD-2-Clause
from dataclasses import replace

import numpy as np
import pytest

from sumi_train import data, finetune, recipes, simulate
from sumi_train.objectives import Objective


def picture():
    return data.Picture("a", "a", np.random.default_rng(1).random((32, 32), np.float32), 0.0)


def test_recipes_take_their_time_of_the_processor_and_a_finished_one_is_kept(tmp_path, monkeypatch, capsys):
    small = replace(recipes.SHIPPED, patches=((16, 2),), objective=Objective(weighting="min-snr"))
    monkeypatch.setattr(recipes, "RECIPES", {"Small one": recipes.Recipe(small, (8, 8))})
    monkeypatch.setattr(recipes.data, "load_split", lambda *_: ([picture()], []))
    monkeypatch.setattr(recipes.simulate, "load", lambda _: {"kind": [picture()]})
    monkeypatch.setattr(recipes, "evaluate", lambda model, count: {"real": [float((model / "sumi.json").exists())] * 4, "simulated": [30.5] * 4})
    arguments = [str(tmp_path), "--data", "x", "--simulated", "y", "--minutes", "0.01", "--only", "Small one"]
    recipes.main(arguments)
    first = capsys.readouterr().out
    steps = int(first.splitlines()[-1].split("|")[2])
    assert first.splitlines()[-1] == f"| Small one | {steps} | " + " | ".join(["1.00"] * 4 + ["30.50"] * 4) + " |" and steps > 1
    monkeypatch.setattr(recipes, "train", lambda *_: pytest.fail("trained again"))
    recipes.main(arguments)
    assert capsys.readouterr().out == first


def test_muscle_is_periodic_in_range_and_tested_on_images_of_its_own():
    image = finetune.image(0, simulate.TRAINING)
    assert np.array_equal(image, finetune.image(0, simulate.TRAINING)) and not np.allclose(image, finetune.image(0, simulate.TEST))
    assert image.shape == (256, 256) and image.min() == 0 and image.max() <= data.CEILING + 1e-6
    power = np.abs(np.fft.rfft2(image - image.mean())) ** 2
    frequency = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.rfftfreq(256)[None])
    band = power[(frequency > 1 / 25) & (frequency < 1 / 5)]
    # what repeats stands out; of a random texture the strongest of so many is some 15 times the median
    assert band.max() > 100 * np.median(band)
