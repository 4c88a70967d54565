# SPDX-License-Identifier: BSD-2-Clause
"""Class labels: the network, guidance, dropout, data, training and export."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from networks import SMALL, random_network
from PIL import Image
from test_unet2d import save

from sumi_train import cli, export, labels, recognised
from sumi_train.network import LocalUNet
from sumi_train.objectives import Objective
from sumi_train.patches import NONE
from sumi_train.runtime_form import load_network
from sumi_train.trainer import Settings, Trainer, Validation

NAMES = ["lines", "dots"]


def checkpoint(folder, **sizes):
    network = random_network(**SMALL, **sizes)
    torch.save({"config": network.config, "ema": network.state_dict()}, folder / "checkpoint.pt")
    return folder / "checkpoint.pt", network


def exported(source, out, **texts):
    export.export(source, out, {"name": out.name, "version": 1, **texts}, 16, 8)
    return onnxruntime.InferenceSession(str(out / "unet" / "model.onnx"), providers=["CPUExecutionProvider"])


def pool(folder):
    """A folder for each name, with images of lines and of dots."""
    rng = np.random.default_rng(0)
    for name in NAMES:
        (folder / name).mkdir(parents=True)
        for i in range(2):
            image = np.zeros((40, 40), np.uint16)
            image[::4, ::1 if name == "lines" else 4] = 40000
            Image.fromarray(np.roll(image.repeat(3, 0).repeat(3, 1), rng.integers(12), 0)).save(folder / name / f"{i}.png")
    return folder


def test_the_class_changes_what_is_predicted_and_is_embedded_as_in_diffusers():
    network = random_network(**SMALL, num_class_embeds=3)
    x, t = torch.randn(1, 1, 8, 8), torch.tensor([7.0])
    first, second = (network(x, t, torch.tensor([label])) for label in (0, 1))
    assert not torch.allclose(first, second, atol=1e-3)
    with torch.no_grad():
        network.class_embedding.weight[1] = network.class_embedding.weight[0]
    assert torch.equal(network(x, t, torch.tensor([1])), first)


@pytest.mark.parametrize("form", ["local", "diffusers"])
def test_both_kinds_of_network_are_exported_with_labels(form, tmp_path):
    if form == "local":
        source, network = checkpoint(tmp_path, num_class_embeds=3)
    else:
        source = save(tmp_path / "in", num_class_embeds=3, in_channels=1, out_channels=1)
        network = export.load(source).module
    session = exported(source, tmp_path / "out", labels=NAMES)
    assert [(i.name, i.type) for i in session.get_inputs()][2:] == [("class_labels", "tensor(int64)")]
    assert json.loads((tmp_path / "out" / "sumi.json").read_text())["labels"] == NAMES
    assert json.loads((tmp_path / "out" / "unet" / "config.json").read_text())["num_class_embeds"] == 3
    x, t, classes = torch.randn(3, 1, 16, 16), torch.full((3,), 12.5), torch.tensor([2, 0, 1])
    found = session.run(None, {"sample": x.numpy(), "timestep": t.numpy(), "class_labels": classes.numpy()})[0]
    with torch.no_grad():
        assert np.abs(found - network(x, t, classes).numpy()).max() < 1e-4


def test_the_network_of_an_exported_model_is_read_back(tmp_path):
    source, network = checkpoint(tmp_path, num_class_embeds=3)
    exported(source, tmp_path / "out", labels=NAMES)
    back = load_network(tmp_path / "out")
    x, t, classes = torch.randn(1, 1, 8, 8), torch.tensor([7.0]), torch.tensor([2])
    assert torch.allclose(back(x, t, classes), network(x, t, classes), atol=1e-6)


@pytest.mark.parametrize("classes, names", [(None, NAMES), (4, NAMES), (1, NAMES)])
def test_labels_that_are_not_those_of_the_classes_are_refused(classes, names, tmp_path):
    source, _ = checkpoint(tmp_path, **({} if classes is None else {"num_class_embeds": classes}))
    with pytest.raises(ValueError, match="is given 2 labels; needed are"):
        exported(source, tmp_path / "out", labels=names)
    assert not (tmp_path / "out").exists()


def test_guidance_goes_from_no_label_over_the_label_and_beyond():
    network = lambda x, t, label: x + label[:, None, None, None].float()
    x, t, classes = torch.zeros(2, 1, 1, 1), torch.zeros(2), torch.tensor([1, 2])
    for guidance, expected in ((0, [4, 4]), (1, [1, 2]), (3, [-5, -2])):
        assert labels.guided(network, classes, 4, guidance)(x, t).flatten().tolist() == expected


def test_a_tenth_of_the_labels_is_dropped():
    dropped = labels.drop(torch.zeros(20000, dtype=torch.int64), 7, np.random.default_rng(1))
    assert 0.09 < (dropped == 7).float().mean() < 0.11 and set(dropped.unique().tolist()) == {0, 7}


def bright(patches):
    return (patches > 0).float().mean((1, 2, 3))


def test_patches_come_with_their_class_and_classes_are_equally_frequent(tmp_path):
    pictures = labels.load(pool(tmp_path), NAMES, exclude=["0"])
    assert [(p.label, Path(p.source).parent.name) for p in pictures] == [(0, "lines"), (1, "dots")]
    pictures += [pictures[1]] * 5
    patches, classes = labels.LabelledSampler(pictures, np.random.default_rng(1), NONE).batch(200, 16)
    assert patches.shape == (200, 1, 16, 16) and 0.4 < classes.float().mean() < 0.6
    assert bright(patches[classes == 0]).min() > bright(patches[classes == 1]).max()
    with pytest.raises(ValueError, match="blobs: no PNG, TIFF or OME-Zarr in it"):
        labels.load(tmp_path, ["lines", "blobs"])


def test_training_drops_labels_and_validation_does_not(tmp_path):
    rng = np.random.default_rng(1)
    pictures = labels.load(pool(tmp_path), NAMES)
    run = Trainer(Settings(patches=((16, 4),), steps=1), LocalUNet(**SMALL, num_class_embeds=3), labels.LabelledSampler(pictures, rng), rng)
    drawn = torch.cat([run.draw(16, 50)[0].classes for _ in range(4)])
    assert 0.03 < (drawn == 2).float().mean() < 0.2 and set(drawn.tolist()) == {0, 1, 2}
    assert set(Validation(pictures, run, 1, 32, labels.LabelledSampler).batch.classes.tolist()) == {0, 1}


def test_a_trained_network_makes_what_it_is_asked_for(tmp_path):
    """Lines are three times as bright as dots on the whole, and the network's first guess from pure noise shows it."""
    pictures = labels.load(pool(tmp_path), NAMES)
    rng = np.random.default_rng(1)
    torch.manual_seed(1)
    settings = Settings(Objective("v"), ((16, 16),), 5e-3, 0.0, warm_up=10, longest_average=0.9, steps=120)
    run = Trainer(settings, LocalUNet(**SMALL, num_class_embeds=3), labels.LabelledSampler(pictures, rng, NONE), rng)
    for _ in range(120):
        run.train_step()
    x = torch.randn(2, 1, 48, 48)
    with torch.no_grad():
        x0 = -run.ema(x, torch.full((2,), 999.0), torch.tensor([0, 1]))  # v at the last timestep is -x_0
    lines, dots = (float(image.mean()) for image in x0)
    means = [np.mean([2 * p.pixels.mean() - 1 for p in pictures if p.label == label]) for label in (0, 1)]
    assert lines - dots == pytest.approx(means[0] - means[1], rel=0.3)


def test_folders_of_classes_become_a_model_with_labels(tmp_path, capsys):
    data, out = str(pool(tmp_path / "pool")), tmp_path / "run"
    quick = ["--widths", "8", "8", "--patch-sizes", "16", "--epoch-steps", "3", "--samples", "4", "--warm-up", "2"]
    cli.main(["train", data, str(out), "--labels", *NAMES, "--steps", "6", *quick])
    assert json.loads((out / "model" / "sumi.json").read_text())["labels"] == NAMES
    assert json.loads((out / "model" / "unet" / "config.json").read_text())["num_class_embeds"] == 3
    assert Image.open(out / "samples" / "0000006.png").size == (4 * 64, 2 * 64)
    cli.main(["train", data, str(out), "--resume", "--steps", "9"])
    assert "from step 6" in capsys.readouterr().out
    cli.main(["train", data, str(tmp_path / "tuned"), "--labels", *NAMES, "--init-from", str(out / "model"), "--steps", "3", *quick[3:]])
    assert json.loads((tmp_path / "tuned" / "model" / "sumi.json").read_text())["labels"] == NAMES


@pytest.mark.parametrize("arguments, code, sentence", [
    (["--labels", "lines"], 2, "--labels has lines alone; two or more are needed"),
    (["--labels", "lines", "all"], 2, 'none of them "all"'),
    (["--labels", "lines", "lines"], 2, "all different"),
    (["--labels", "lines", "../dots"], 2, '--labels has "../dots"'),
    (["--labels", *NAMES, "--low", "x"], 2, "--low and --labels don't go together"),
    (["--labels", *NAMES, "--simulated", "x"], 2, "--labels and --simulated don't go together"),
    (["--labels", "lines", "blobs"], 1, "blobs: no PNG"),
    (["--labels", *NAMES, "--exclude", "0", "--validation-share", "0.5"], 1, "are held out; more are needed"),
])
def test_labels_that_cannot_be_are_refused(arguments, code, sentence, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["train", str(pool(tmp_path / "pool")), str(tmp_path / "run"), *arguments])
    assert sentence in capsys.readouterr().err + str(ended.value.code) and not (tmp_path / "run").exists()
    assert ended.value.code == 2 if code == 2 else isinstance(ended.value.code, str)


def test_patches_for_the_classifier_fill_the_range(tmp_path):
    patches, classes = recognised.stretched_patches(recognised.load(pool(tmp_path), NAMES, 3), np.random.default_rng(1), 40, 16)
    assert patches.shape == (40, 16, 16) and set(classes) == {0, 1}
    assert (patches.min((1, 2)) == -1).all() and (patches.max((1, 2)) == 1).all()
    with pytest.raises(ValueError, match="blobs holds no PNG images"):
        recognised.load(tmp_path, ["lines", "blobs"], 3)


def test_a_discriminant_tells_lines_from_dots_and_not_noise_from_noise(tmp_path):
    rng = np.random.default_rng(1)
    images = recognised.load(pool(tmp_path), NAMES, 3)
    drawn = [recognised.stretched_patches(images, rng, count, 16) for count in (200, 50)]
    (seen, classes), (new, expected) = ((x + 0.3 * rng.standard_normal(x.shape), c) for x, c in drawn)
    classify = recognised.discriminant(recognised.features(seen), classes)
    assert recognised.recognised(classify, new, expected, 2) == [1, 1]
    noise = rng.standard_normal((600, 16, 16))
    guess = recognised.discriminant(recognised.features(noise[:300]), np.arange(300) % 2)
    assert 0.3 < np.mean(recognised.recognised(guess, noise[300:], np.arange(300) % 2, 2)) < 0.7
