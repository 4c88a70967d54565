# SPDX-License-Identifier: BSD-2-Clause
"""Several channels together: reading, patches, training."""

import json

import numpy as np
import pytest
import tifffile
import torch
from PIL import Image

from sumi_train import cli, data, patches

from networks import SMALL, random_network
from test_train import QUICK, folder, image, model_of  # noqa: F401 (folder is a fixture)


def two_channels(folder):
    """Two files of two channels, each channel an image of its own."""
    for name, seed in (("a", 3), ("b", 5)):
        both = np.stack([image(np.uint16, 4000, seed=seed), image(np.uint16, 900, seed=seed + 1)])
        tifffile.imwrite(folder / f"{name}.ome.tif", both, metadata={"axes": "CYX"})
    return folder


def test_channels_are_read_stretched_and_varied_together(tmp_path):
    pictures = data.load(two_channels(tmp_path), channel="all")
    assert [(p.channels, p.pixels.shape) for p in pictures] == [(2, (2, 96, 96))] * 2
    for channel in (1, 2):
        alone = data.load(tmp_path, channel=channel)
        assert np.array_equal(alone[0].pixels, pictures[0].pixels[channel - 1]) and alone[0].channels == 1
    together = patches.PatchSampler(pictures[:1], np.random.default_rng(4)).batch(8, 32).patches
    for channel in (1, 2):  # the same place, turns and grey values, whether alone or not
        alone = patches.PatchSampler(data.load(tmp_path, channel=channel)[:1], np.random.default_rng(4)).batch(8, 32).patches
        assert torch.allclose(together[:, channel - 1], alone[:, 0], atol=1e-5)


def test_a_network_of_several_channels_is_trained_and_exported(tmp_path, tmp_path_factory, capsys):
    out = tmp_path_factory.mktemp("runs")
    folder = str(two_channels(tmp_path))
    cli.main(["train", folder, str(out / "run"), *QUICK, "--steps", "6", "--channel", "all"])
    config = json.loads((out / "run" / "model" / "unet" / "config.json").read_text())
    assert (config["in_channels"], config["out_channels"]) == (2, 2)
    assert Image.open(out / "run" / "samples" / "0000006.png").size[1] == 2 * 64
    cli.main(["train", folder, str(out / "run"), "--resume", "--steps", "9"])
    with pytest.raises(SystemExit, match="takes 2 channels and the images have 1; begin with another model"):
        cli.main(["train", folder, str(out / "other"), "--channel", "1", "--init-from", str(model_of(out, random_network(**SMALL, in_channels=2, out_channels=2)))])
    assert not (out / "other").exists()
    tifffile.imwrite(tmp_path / "c.ome.tif", np.stack([image(np.uint16, 900, seed=n) for n in range(3)]), metadata={"axes": "CYX"})
    with pytest.raises(SystemExit, match="has 3 channels and .* 2; all images need as many"):
        cli.main(["train", folder, str(out / "other"), "--channel", "all", "--validation-share", "0"])


@pytest.mark.parametrize("arguments, sentence", [
    (["--channel", "0"], "--channel is 0; it must be 1 or more, or all"),
    (["--channel", "first"], "invalid channel value: 'first'"),
    (["--channel", "all", "--low", "x"], "--channel all: --low has images of one channel alone"),
    (["--channel", "all"], "has 1 channel; 2 to 4 are taken together"),
])
def test_channels_that_cannot_be_are_refused(arguments, sentence, folder, tmp_path_factory, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["train", str(folder), str(tmp_path_factory.mktemp("runs") / "run"), *arguments])
    assert sentence in capsys.readouterr().err + str(ended.value.code)
