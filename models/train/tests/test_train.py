# SPDX-License-Identifier: BSD-2-Clause
import csv
import json
from dataclasses import replace

import numpy as np
import pytest
import tifffile
import torch
from PIL import Image

from sumi_train import cli, data, diffusion, export, patches, train
from sumi_train.cost import measure
from sumi_train.network import LocalUNet
from sumi_train.objectives import Objective
from sumi_train.trainer import Settings, Trainer, Validation

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
    with pytest.raises(ValueError, match="no PNG, TIFF or OME-Zarr"):
        data.load(tmp_path_factory.mktemp("empty"))


def test_split_is_by_group(folder):
    pictures = data.load(folder)
    training, held_out = data.split(pictures, [pictures[0].group])
    assert {p.group for p in training}.isdisjoint({p.group for p in held_out})
    with pytest.raises(ValueError, match="groups are"):
        data.split(pictures, ["1x1-dark"])


def test_patches_are_deterministic_and_in_range(folder):
    pictures = data.load(folder)
    first, second = (patches.PatchSampler(pictures, np.random.default_rng(3)).batch(6, 32).patches for _ in range(2))
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


SETTINGS = Settings(patches=((16, 4),), steps=100)


def trainer(pictures, settings=SETTINGS, seed=1, simulated=None):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    sampler = patches.MixedSampler(pictures, simulated, 0.6, rng) if simulated else patches.PatchSampler(pictures, rng)
    network = LocalUNet(out_channels=settings.objective.out_channels(1), block_out_channels=(8, 8), embedding_channels=16)
    return Trainer(settings, network, sampler, rng)


@pytest.mark.parametrize("mixed", [False, True])
def test_a_resumed_run_goes_on_as_if_never_stopped(mixed, folder, tmp_path):
    pictures = data.load(folder)
    simulated = {"kind": pictures[:1], "other": pictures[1:]} if mixed else None
    straight = trainer(pictures, simulated=simulated)
    losses = [straight.train_step()[1].mean() for _ in range(6)]
    first = trainer(pictures, simulated=simulated)
    for _ in range(3):
        first.train_step()
    first.save(tmp_path / "checkpoint.pt")
    second = trainer(pictures, simulated=simulated, seed=2)
    second.resume(tmp_path / "checkpoint.pt")
    assert second.step == 3
    assert [second.train_step()[1].mean() for _ in range(3)] == pytest.approx(losses[3:], rel=1e-5)


def test_a_checkpoint_of_another_network_is_refused(folder, tmp_path):
    trainer(data.load(folder)).save(tmp_path / "checkpoint.pt")
    other = trainer(data.load(folder), replace(SETTINGS, objective=Objective("learned-variance")))
    with pytest.raises(ValueError, match="no whole checkpoint of this run"):
        other.resume(tmp_path / "checkpoint.pt")


@pytest.mark.parametrize("prediction", ["epsilon", "v", "learned-variance"])
def test_training_lowers_the_loss_and_its_validation(prediction, folder):
    pictures = data.load(folder)
    run = trainer(pictures, Settings(Objective(prediction), ((16, 16),), 3e-3, 0.0, warm_up=20, steps=150))
    validation = Validation(pictures, run, 1, 32)
    before, cost = validation(run), measure(run)
    losses = [run.train_step()[1].mean() for _ in range(150)]
    assert np.mean(losses[-20:]) < 0.75 * np.mean(losses[:3])  # v = 0 predicts much of the noise already
    assert validation(run) < 0.7 * before
    assert cost.parameters == sum(p.numel() for p in run.network.parameters()) and cost.gflop > 0 and 0 < cost.seconds < 10


def test_what_it_costs_changes_nothing(folder):
    measured, plain = (trainer(data.load(folder)) for _ in range(2))
    measure(measured)
    losses = []
    for run in (measured, plain):
        torch.manual_seed(5)
        losses.append(run.train_step()[1])
    assert np.array_equal(*losses)


def test_augmentations_can_be_turned_off_and_set(folder):
    (picture, *_) = data.load(folder)
    corner = 2 * picture.pixels - 1
    plain = patches.PatchSampler([picture], np.random.default_rng(1), patches.NONE).patch(96)[0]
    assert np.allclose(plain, np.clip(corner, -1.2, 1.4), atol=1e-6)
    bright = patches.PatchSampler([picture], np.random.default_rng(1), replace(patches.NONE, gain=(0.5, 0.5), offset=(0.2, 0.2))).patch(96)[0]
    assert np.allclose(bright, 2 * (np.clip(picture.pixels, -0.1, 1.2) * 0.5 + 0.2) - 1, atol=1e-6)
    flipped = patches.PatchSampler([picture], np.random.default_rng(1), replace(patches.NONE, flip=1.0)).patch(96)[0]
    assert np.allclose(flipped, plain.flip(0, 1))
    with pytest.raises(ValueError, match="power is 2 to 1; it must rise"):
        patches.Augmentation(power=(2, 1))


QUICK = ["--widths", "8", "8", "--patch-sizes", "16", "--epoch-steps", "3", "--samples", "2", "--device", "cpu"]


def model_of(folder, network):
    torch.save({"ema": network.state_dict(), "config": network.config}, folder / "checkpoint.pt")
    export.export(folder / "checkpoint.pt", folder / "begun", {"name": "begun", "version": 1}, 64, 32)
    return folder / "begun"


def test_a_folder_becomes_a_model_and_the_run_goes_on(folder, tmp_path_factory, capsys):
    out = tmp_path_factory.mktemp("runs") / "run"
    cli.main(["train", str(folder), str(out), *QUICK, "--steps", "6", "--objective", "v", "--validation-share", "0.5"])
    said = capsys.readouterr().out
    assert "1 images to train on, 1 to validate with" in said and "GFLOP" in said and "torch and onnxruntime differ" in said
    assert json.loads((out / "model" / "scheduler" / "scheduler_config.json").read_text())["prediction_type"] == "v_prediction"
    assert {p.name for p in (out / "samples").iterdir()} == {"0000003.png", "0000006.png"}
    rows = list(csv.DictReader((out / "losses.csv").open()))
    assert [row["step"] for row in rows] == ["0", "3", "6"] and all(float(row["validation"]) > 0 for row in rows)
    cli.main(["train", str(folder), str(out), "--resume", "--steps", "9"])
    assert "from step 6" in capsys.readouterr().out
    assert [row["step"] for row in csv.DictReader((out / "losses.csv").open())] == ["0", "3", "6", "9"]
    for arguments, sentence in ((["--resume", "--seed", "2"], "--seed was 1 when the run began and can't change"), ([], "go on with the run in it with --resume")):
        with pytest.raises(SystemExit) as ended:
            cli.main(["train", str(folder), str(out), *arguments])
        assert ended.value.code == 2 and sentence in capsys.readouterr().err


def test_fine_tuning_begins_with_a_models_weights_and_keeps_them_where_they_are_best(folder, tmp_path_factory, capsys):
    base = tmp_path_factory.mktemp("runs")
    network = random_network(**SMALL)
    begun = model_of(base, network)
    # weights so far off that a rate of 1e-8 improves nothing that shows; the best is then the first or as good
    cli.main(["train", str(folder), str(base / "run"), *QUICK[3:], "--init-from", str(begun), "--steps", "3", "--learning-rate", "1e-8", "--fp32"])
    trained = export.load(base / "run" / "model").module.state_dict()
    assert all(torch.allclose(value, network.state_dict()[name], atol=1e-4) for name, value in trained.items())
    for extra, sentence in ((["--objective", "v"], "was trained for epsilon; leave --objective out"), (["--widths", "8"], "leave one of them out")):
        with pytest.raises(SystemExit) as ended:
            cli.main(["train", str(folder), str(base / "other"), "--init-from", str(begun), *extra])
        assert ended.value.code == 2 and sentence in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["train", str(folder), str(base / "other"), "--init-from", str(folder)])
    assert "must be a model folder" in capsys.readouterr().err


def test_it_ends_early_where_validation_does_not_improve(folder, tmp_path_factory, capsys, monkeypatch):
    out, losses = tmp_path_factory.mktemp("runs") / "run", iter([1.0, 0.9, 0.95, 0.97])
    monkeypatch.setattr(train.Validation, "__call__", lambda self, trainer: next(losses))
    cli.main(["train", str(folder), str(out), *QUICK, "--samples", "0", "--steps", "300", "--patience", "2", "--fp32"])
    said = capsys.readouterr().out
    assert "ended at step 9: no better validation loss for 2 epochs" in said and "validation L_simple 0.90000 at step 3" in said
    assert [row["step"] for row in csv.DictReader((out / "losses.csv").open())] == ["0", "3", "6", "9"]


@pytest.mark.parametrize("arguments, code, sentence", [
    (["--simulated-share", "60"], 2, "it must be over 0 and at most 1"),
    (["--minutes", "0"], 2, "--minutes is 0.0; it must be 0.01 or more"),
    (["--patch-sizes", "50"], 2, "sizes are multiples of 8"),
    (["--zoom", "2", "1"], 2, "zoom is 2 to 1"),
    (["--resume"], 2, "holds no run"),
    (["--patch-sizes", "128"], 1, "has 96 x 96 pixels, and a patch 128; leave it out with --exclude"),
    (["--channel", "2"], 1, "so no channel 2"),
    (["--patience", "3", "--validation-share", "0"], 1, "--patience needs images to validate with"),
    (["--exclude", "a", "b"], 1, "no image with a maximum of 50"),
])
def test_what_is_wrong_is_said_and_leaves_nothing(arguments, code, sentence, folder, tmp_path_factory, capsys):
    out = tmp_path_factory.mktemp("runs") / "run"
    with pytest.raises(SystemExit) as ended:
        cli.main(["train", str(folder), str(out), *arguments])
    message = capsys.readouterr().err + (ended.value.code if isinstance(ended.value.code, str) else "")
    assert sentence in message and not out.exists()
    assert ended.value.code == 2 if code == 2 else isinstance(ended.value.code, str)  # python prints it and ends with 1


@pytest.mark.parametrize("command", list(cli.COMMANDS))
def test_every_command_tells_its_options(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0 and f"usage: sumi-train {command}" in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["tune"])
    assert ended.value.code == 2 and "invalid choice: 'tune'" in capsys.readouterr().err
