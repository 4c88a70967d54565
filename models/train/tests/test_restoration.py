# SPDX-License-Identifier: BSD-2-Clause
import sys

import numpy as np
import pytest
import tifffile

from sumi_train import restoration, restored, simulate
from sumi_train.restoration import BLURRED, CAMERA, SHARP, blur


def width_at_half(profile: np.ndarray) -> float:
    """Full width of a symmetric peak in the middle, px, by linear interpolation."""
    half = profile[len(profile) // 2:]
    first = int(np.argmax(half < half[0] / 2))
    return 2 * (first - 1 + (half[first - 1] - half[0] / 2) / (half[first - 1] - half[first]))


@pytest.mark.parametrize("width", [SHARP, BLURRED])
def test_the_psf_has_its_width_and_keeps_the_light(width):
    psf = restored.psf(width)
    assert psf.sum() == pytest.approx(1) and width_at_half(psf[restored.PSF_RADIUS]) == pytest.approx(width, rel=0.06)
    light = np.zeros((64, 64))
    light[30, 20] = 1000
    assert blur(light, width).sum() == pytest.approx(1000, rel=5e-3)  # its rings below 0 are cut off


@pytest.mark.parametrize("kind", list(simulate.STRUCTURES))
def test_a_pair_shows_one_place_sharp_and_blurred_with_noise(kind):
    sharp, low = (image.astype(float) for image in restoration.pair(kind, 0, simulate.TRAINING))
    assert sharp.shape == low.shape == (restoration.SIZE, restoration.SIZE)
    assert low.mean() == pytest.approx(sharp.mean(), rel=0.02)  # the same light
    smooth = lambda image: blur(image, 6.0)[16:-16, 16:-16].ravel()
    assert np.corrcoef(smooth(sharp), smooth(low))[0, 1] > 0.9
    again, test = restoration.pair(kind, 0, simulate.TRAINING), restoration.pair(kind, 0, simulate.TEST)
    assert np.array_equal(again[1], low) and not np.array_equal(test[0], sharp)


def test_files_that_are_missing_are_made(tmp_path):
    high, low = tmp_path / "high", tmp_path / "low"
    restoration.make(high, low, 1, simulate.TRAINING)
    names = sorted(f"{kind}-000.tif" for kind in simulate.STRUCTURES)
    assert sorted(p.name for p in high.iterdir()) == sorted(p.name for p in low.iterdir()) == names
    before = (low / names[0]).read_bytes()
    (low / names[1]).unlink()
    (high / names[0]).write_bytes(b"kept")
    restoration.make(high, low, 1, simulate.TRAINING)
    assert (low / names[0]).read_bytes() == before and (low / names[1]).exists() and (high / names[0]).read_bytes() == b"kept"


def test_deconvolution_sharpens_as_an_oracle_would_have_it():
    sharp, low = (image.astype(float) for image in restoration.pair("filaments", 0, simulate.TEST))
    result = restored.deconvolved(low, sharp)
    assert restored.psnr(result, sharp) > restored.psnr(low, sharp) + 2
    assert result.shape == low.shape and result.mean() == pytest.approx(low.mean(), rel=0.02)


FAKE = """#!{python}
import sys
from pathlib import Path
import numpy as np, tifffile
words = sys.argv[1:]
source, out = Path(words[1]), Path(words[2])
assert words[-3:] == ["--type", "float", "--skip-existing"], words
out.mkdir(parents=True, exist_ok=True)
for file in source.iterdir():
    tifffile.imwrite(out / file.name, tifffile.imread(source.parent / "high" / file.name if words[0] == "translate" else file).astype(np.float32))
    if "uncertainty" in words:
        tifffile.imwrite(out / file.name.replace(".tif", "-sd.tif"), np.ones((256, 256), np.float32))
sys.exit({code})
"""


def sumi(path, code=0):
    path.write_text(FAKE.format(python=sys.executable, code=code))
    path.chmod(0o755)
    return path


def test_the_table_has_every_method_and_what_the_command_line_wrote(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(restored, "ITERATIONS", (2,))
    monkeypatch.setattr(restored, "TESTED", 1)
    monkeypatch.setattr(restored, "OTHERS", (3.5,))
    monkeypatch.setattr(restored, "names", lambda kind: [f"{kind}-000.tif"])
    restoration.make(tmp_path / "test" / "high", tmp_path / "test" / "low", 1, simulate.TEST)
    restored.main([str(tmp_path), "--sumi", str(sumi(tmp_path / "sumi")), "--sheet", str(tmp_path / "sheet.png")])
    rows = {line.split(" | ")[0].strip("| "): line for line in capsys.readouterr().out.splitlines()}
    assert {restored.INPUT, restored.DENOISED, restored.DECONVOLVED, restored.BOTH, restored.MEAN, restored.SAMPLE, restored.UNCERTAINTY} <= set(rows)
    assert "inf" in rows[restored.MEAN]  # it was given the truth
    assert rows[restored.DENOISED].split("|")[2:] == rows[restored.INPUT].split("|")[2:]
    assert any(row.startswith("of the mean of 8 samples lie 100 % within 1 and 100 % within 2 SD of the truth; ") and row.endswith("multiplied by 0.00") for row in rows)
    other = next(row for row in rows if row.startswith("of another microscope, blur of 3.5 px in place of 5.0: input "))
    assert other.endswith("restored, mean inf")
    wide, narrow = (np.ptp(tifffile.imread(tmp_path / folder / "high" / "puncta-000.tif").astype(float)) for folder in ("test", "test-3.5"))
    assert wide > 1.3 * narrow  # what is blurred comes as bright, so what it was made of is brighter where the blur is wide
    assert (tmp_path / "sheet.png").stat().st_size > 0


def test_a_failed_command_ends_it(tmp_path):
    (tmp_path / "low").mkdir()
    with pytest.raises(SystemExit, match="this failed with exit code 3: .*sumi denoise"):
        restored.run(sumi(tmp_path / "sumi", 3), tmp_path / "low", tmp_path / "out", ("denoise",))


def test_too_few_pairs_are_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        restoration.main([str(tmp_path / "out"), "--count", "1"])
    assert "must be 2 or more" in capsys.readouterr().err and not (tmp_path / "out").exists()
