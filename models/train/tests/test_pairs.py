# SPDX-License-Identifier: BSD-2-Clause
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import tifffile
import torch
from networks import SMALL, random_network

from sumi_train import cli, data, diffusion, export, pairs, quantize, single_step
from sumi_train.network import LocalUNet
from sumi_train.objectives import Objective
from sumi_train.patches import NONE, Augmentation, Batch
from sumi_train.trainer import Settings, Trainer, Validation

QUICK = ["--widths", "8", "8", "8", "--patch-sizes", "16", "--epoch-steps", "3", "--samples", "2", "--warm-up", "2", "--steps", "6"]


def write(folder: Path, better: dict, condition: dict) -> tuple[Path, Path]:
    for name, images in (("high", better), ("low", condition)):
        for file, image in images.items():
            (folder / name / file).parent.mkdir(parents=True, exist_ok=True)
            tifffile.imwrite(folder / name / file, image)
    return folder / "high", folder / "low"


@pytest.fixture
def folders(tmp_path):
    """Three files of 64 x 64 pixels or more, one a stack of two in a subfolder; the better image is three times the other."""
    rng = np.random.default_rng(1)
    low = {"a.tif": rng.integers(100, 400, (64, 80)).astype(np.uint16), "b.tif": rng.integers(0, 200, (64, 64)).astype(np.uint16),
           "more/c.tif": rng.integers(0, 900, (2, 64, 64)).astype(np.uint16)}
    return write(tmp_path, {name: 3 * image for name, image in low.items()}, low)


def test_both_images_are_in_the_range_of_the_condition():
    rng = np.random.default_rng(2)
    condition, better = rng.uniform(100, 300, (40, 50)), rng.uniform(0, 2000, (40, 50))
    low, high = pairs.grey_range(condition)
    target, given = pairs.pair(better, condition)
    assert condition.min() < low < high < condition.max()  # of smoothed planes, which noise widens less
    np.testing.assert_allclose(target, (better - low) / (high - low), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(given, (condition - low) / (high - low), rtol=1e-5, atol=1e-5)


def test_the_range_is_that_of_java():
    """By hand: a spot of one pixel smoothed by the binomial 1 4 6 4 1 along both axes; beyond the edge the plane is mirrored."""
    plane = np.zeros((25, 25))
    plane[4, 4] = 256.0
    assert pairs.smooth(plane)[4, 4] == 36 and pairs.smooth(plane)[4, 6] == 6 and pairs.smooth(plane)[2, 2] == 1
    corner = np.zeros((9, 9))
    corner[0, 1] = 256.0
    assert pairs.smooth(corner)[0, 0] == 6 * 8  # 6 along y; along x the pixel and its mirror image
    low, high = pairs.grey_range(plane)
    assert low == 0 and high == pytest.approx(36 / data.CEILING)  # its peak lies over the percentile of the plane smoothed twice
    low, high = pairs.grey_range(np.full((9, 9), 50.0))
    assert low == 50 and high == pytest.approx(50 + 5e-5)


def test_pairs_are_found_by_their_names_and_kept_plane_by_plane(folders):
    said = []
    found = pairs.load(*folders, tell=said.append)
    assert [(p.name, p.pixels.shape) for p in found] == [("a", (2, 64, 80)), ("b", (2, 64, 64)), ("c", (2, 64, 64)), ("c", (2, 64, 64))]
    assert {p.source for p in found[2:]} == {str(folders[0] / "more" / "c.tif")} and not said
    tifffile.imwrite(folders[1] / "b.tif", np.full((64, 64), 7, np.uint16))
    assert [p.name for p in pairs.load(*folders, tell=said.append)] == ["a", "c", "c"] and "1 pairs" in said[0]


def test_images_without_a_partner_are_refused_by_name(folders):
    high, low = folders
    tifffile.imwrite(low / "a.tif", np.zeros((64, 64), np.uint16))
    with pytest.raises(ValueError, match="a.tif has 1 x 64 x 80 planes, rows and columns, but .*a.tif has 1 x 64 x 64"):
        pairs.load(high, low)
    (low / "a.tif").unlink()
    with pytest.raises(ValueError, match="needs one image of the same name in .*low, and there is none; add it, or leave the pair out with --exclude a"):
        pairs.load(high, low)
    assert [p.name for p in pairs.load(high, low, exclude=["a"])] == ["b", "c", "c"]
    for suffix in ("tif", "tiff"):
        tifffile.imwrite(low / f"a.{suffix}", np.zeros((64, 80), np.uint16))
    with pytest.raises(ValueError, match="there are 2"):
        pairs.load(high, low)
    with pytest.raises(ValueError, match="no PNG, TIFF or OME-Zarr"):
        pairs.load(low / "nowhere", low)


def test_patches_of_a_pair_are_of_one_place_turned_alike(folders):
    pictures = pairs.load(*folders)
    for how in (Augmentation(), NONE):
        better, condition = pairs.PairSampler(pictures, np.random.default_rng(3), how).batch(50, 16).patches.unbind(1)
        # the better image is linear in its condition, and stays so in every patch
        for x, y in zip(condition.flatten(1).numpy(), better.flatten(1).numpy()):
            assert np.corrcoef(x, y)[0, 1] > 0.9999 and np.polyfit(x, y, 1)[0] == pytest.approx(3, rel=1e-3)
        assert better.max() > 2  # nothing was cut off
    first, second = (pairs.PairSampler(pictures, np.random.default_rng(3)).batch(6, 32).patches for _ in range(2))
    assert torch.equal(first, second)


class Correlated:
    """Pixels of x_0 and of a condition: standard normal, and independent of one another but for their correlation rho."""

    def __init__(self, rng, rho=0.9):
        self.rng, self.rho = rng, rho

    def batch(self, count, size):
        condition, other = self.rng.standard_normal((2, count, size, size))
        x0 = self.rho * condition + np.sqrt(1 - self.rho ** 2) * other
        return Batch(torch.from_numpy(np.stack([x0, condition], axis=1)).float())


def bayes(t, table, variance):
    """The least loss of v at timesteps t where x_0 given its condition is normal of this variance."""
    a = diffusion.alphas_cumprod_at(t, table)
    return np.mean(1 / (1 / variance + a / (1 - a)) / (1 - a))


def test_a_network_learns_what_the_condition_tells_and_no_more():
    rng = np.random.default_rng(4)
    settings = Settings(Objective("v"), ((16, 16),), 5e-3, 0.0, warm_up=10, longest_average=0.9, steps=200)
    torch.manual_seed(1)
    run = Trainer(settings, LocalUNet(2, 1, **SMALL), Correlated(rng), rng)
    assert run.conditioned and run.channels == 1
    validation = Validation([], run, 1, 32, lambda pictures, rng, how: Correlated(rng))
    for _ in range(200):
        run.train_step()
    t = validation.t
    assert bayes(t, run.table, 1 - 0.9 ** 2) * 0.95 < validation(run) < bayes(t, run.table, 1.0) * 0.5


def test_the_network_sees_x_t_first_and_the_condition_as_it_is():
    rng = np.random.default_rng(5)
    run = Trainer(Settings(Objective("v"), ((16, 4),), steps=1), LocalUNet(2, 1, **SMALL), Correlated(rng), rng)
    batch, t = run.draw(16, 4)
    noise, seen = run.noise_like(batch), []
    run.losses(lambda sample, timestep: seen.append(sample) or torch.zeros(4, 1, 16, 16), batch, t, noise)
    a = torch.from_numpy(diffusion.alphas_cumprod_at(t, run.table)).float()
    assert torch.equal(seen[0][:, 1], batch.patches[:, 1])
    assert torch.allclose(seen[0][:, :1], diffusion.add_noise(batch.patches[:, :1], noise, a))


def test_a_folder_of_pairs_becomes_a_model_that_can_be_tuned(folders, tmp_path, capsys):
    high, low = map(str, folders)
    out = tmp_path / "run"
    cli.main(["train", high, str(out), "--low", low, *QUICK])
    said = capsys.readouterr().out
    assert "; v, weighting none" in said and "validation v " in said and "torch and onnxruntime differ" in said
    config = json.loads((out / "model" / "unet" / "config.json").read_text())
    assert (config["in_channels"], config["out_channels"]) == (2, 1)
    assert json.loads((out / "model" / "scheduler" / "scheduler_config.json").read_text())["prediction_type"] == "v_prediction"
    assert json.loads((out / "model" / "sumi.json").read_text())["description"] == "Trained with sumi-train for v, 6 steps, to restore images such as those of low"
    assert json.loads((out / "model" / "sumi.json").read_text())["trainingData"] == "3 images of the folder high, conditioned on those of low"
    assert {p.name for p in (out / "samples").iterdir()} == {"0000003.png", "0000006.png"}
    session = onnxruntime.InferenceSession(out / "model" / "unet" / "model.onnx", providers=["CPUExecutionProvider"])
    assert session.get_inputs()[0].shape[1] == 2
    cli.main(["train", high, str(out), "--resume", "--steps", "9"])
    assert "from step 6" in capsys.readouterr().out
    model = str(out / "model")
    cli.main(["train", high, str(tmp_path / "tuned"), "--low", low, "--init-from", model, *QUICK[4:]])
    assert json.loads((tmp_path / "tuned" / "model" / "unet" / "config.json").read_text()) == config


@pytest.mark.parametrize("arguments, sentence", [
    (["--low", "LOW", "--simulated", "x"], "--low and --simulated don't go together"),
    (["--low", "LOW", "--init-from", "PLAIN"], "restores no images: leave --low out"),
    (["--init-from", "CONDITIONED"], "restores images of low quality: give those with --low"),
    (["--init-from", "LABELLED"], "which takes 1 labels, and --labels has 0: begin with another model"),
])
def test_what_goes_with_no_pairs_is_refused(arguments, sentence, folders, tmp_path, capsys):
    names = {"LOW": folders[1]} | {name: conditioned(tmp_path / name, **sizes) for name, sizes in (
        ("PLAIN", {"in_channels": 1}), ("CONDITIONED", {}), ("LABELLED", {"in_channels": 1, "num_class_embeds": 2}))}
    with pytest.raises(SystemExit) as ended:
        cli.main(["train", str(folders[0]), str(tmp_path / "run"), *(str(names.get(word, word)) for word in arguments)])
    assert ended.value.code == 2 and sentence in capsys.readouterr().err


def conditioned(folder: Path, **sizes) -> Path:
    network = export.local(random_network(**{**SMALL, "in_channels": 2, **sizes}), Objective("v").scheduler())
    folder.mkdir()
    export.write_model(network, folder, {"name": "tiny", "version": 1}, 16, 8, False)
    return folder


def test_a_conditioned_network_is_no_denoiser_in_one_step_and_is_not_quantised(tmp_path):
    model = conditioned(tmp_path / "tiny")
    with pytest.raises(ValueError, match="given beside x_t; only a network of x_t alone becomes a denoiser"):
        single_step.build(model, 0.1)
    with pytest.raises(ValueError, match="only networks of x_t alone are quantised"):
        quantize.quantize(model, tmp_path / "tiny-int8", [], 1)
