# SPDX-License-Identifier: BSD-2-Clause
import numpy as np
import pytest
from PIL import Image

from sumi_train import kinds, simulate


class Ideal:
    """Knows the images."""

    def __init__(self, path):
        self.gain = 0.0 if path.name == "lazy" else 0.9

    def __call__(self, noisy, sigma):
        smooth = np.full_like(noisy, noisy.mean())
        return noisy + self.gain * (smooth - noisy)


def test_every_kind_is_a_row_and_every_model_a_number(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(kinds, "Sumi", Ideal)
    monkeypatch.setattr(kinds, "images", lambda kind, count: count * [np.full((64, 64), 100.0)])
    kinds.main(["lazy", "better", "--count", "2", "--sheet", str(tmp_path / "sheet.png")])
    assert Image.open(tmp_path / "sheet.png").size == (4 * 64, len(kinds.SHOWN) * 64), "truth, noisy, two models"
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("| lazy / better | σ = 5 |")
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| crops of real nuclei", *(f"| {kind}" for kind in simulate.KINDS)]
    lazy, better = (float(value) for value in lines[2].split(" | ")[3].split(" / "))
    assert lazy == pytest.approx(22.11, abs=0.1), "noise of 20 grey values"
    assert better == pytest.approx(lazy + 20, abs=1), "a tenth of it"


def test_images_are_real_crops_or_held_out_ones():
    assert [image.shape for image in kinds.images(None, 2)] == [(256, 256), (256, 256)]
    assert np.array_equal(kinds.images("puncta", 1)[0], 255.0 * simulate.held_out_images("puncta", 1)[0])


def test_the_count_is_checked(capsys):
    with pytest.raises(SystemExit):
        kinds.main(["x", "--count", "13"])
    assert "from 1 to 12" in capsys.readouterr().err
