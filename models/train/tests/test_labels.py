# SPDX-License-Identifier: BSD-2-Clause
"""Class labels: the network, guidance, dropout, data, training and export."""

import json

import numpy as np
import onnxruntime
import pytest
import torch
from networks import SMALL, random_network
from PIL import Image
from test_unet2d import save

from sumi_train import export, labels, recognised, train_labels
from sumi_train.runtime_form import load_network

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


def test_patches_come_with_their_class_and_fill_the_range(tmp_path):
    classes = labels.load(pool(tmp_path), NAMES, 3)
    patches, drawn = labels.LabelledPatches(classes, np.random.default_rng(1)).batch(40, 16)
    assert patches.shape == (40, 1, 16, 16) and set(drawn.tolist()) == {0, 1}
    assert patches.amin((1, 2, 3)).eq(-1).all() and patches.amax((1, 2, 3)).eq(1).all()
    bright = (patches > 0).float().mean((1, 2, 3))
    assert bright[drawn == 0].min() > bright[drawn == 1].max()
    with pytest.raises(ValueError, match="blobs holds no PNG images"):
        labels.load(tmp_path, ["lines", "blobs"], 3)


def test_a_run_is_continued_and_draws_a_sheet_for_each_guidance(tmp_path, monkeypatch):
    monkeypatch.setattr(train_labels, "BLOCK_OUT_CHANNELS", (8, 8))
    monkeypatch.setattr(train_labels, "BATCH", 4)
    run = ["--data", str(pool(tmp_path / "pool")), "--labels", *NAMES, "--out", str(tmp_path / "run")]
    states = []
    for steps in (2, 5):
        monkeypatch.setattr(train_labels.Labelled, "progress", property(lambda going, steps=steps: going.step / steps))
        train_labels.main(run)
        states.append(torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True))
    assert [state["step"] for state in states] == [2, 5] and states[1]["config"]["num_class_embeds"] == 3
    assert states[1]["seconds"] > states[0]["seconds"] > 0
    assert int(states[1]["optimizer"]["state"][0]["step"]) == 5
    assert Image.open(tmp_path / "run" / "samples-4.png").size == (8 * train_labels.SIZE, 2 * train_labels.SIZE)
    assert exported(tmp_path / "run" / "checkpoint.pt", tmp_path / "out", labels=NAMES)


def test_a_discriminant_tells_lines_from_dots_and_not_noise_from_noise(tmp_path):
    rng = np.random.default_rng(1)
    patches = labels.LabelledPatches(labels.load(pool(tmp_path), NAMES, 3), rng)
    drawn = [patches.batch(count, 16) for count in (200, 50)]
    (seen, classes), (new, expected) = ((x[:, 0].numpy() + 0.3 * rng.standard_normal((len(x), 16, 16)), c.numpy()) for x, c in drawn)
    classify = recognised.discriminant(recognised.features(seen), classes)
    assert recognised.recognised(classify, new, expected, 2) == [1, 1]
    noise = rng.standard_normal((600, 16, 16))
    guess = recognised.discriminant(recognised.features(noise[:300]), np.arange(300) % 2)
    assert 0.3 < np.mean(recognised.recognised(guess, noise[300:], np.arange(300) % 2, 2)) < 0.7
