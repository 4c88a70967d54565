# SPDX-License-Identifier: BSD-2-Clause
import json
import re
import sys

import numpy as np
import pytest
import tifffile
from PIL import Image
from scipy.stats import norm

from sumi_train import distances, samples, sampling
from sumi_train.distances import CONTRAST, Distance, Distribution, distance, distributions, kid, log_power, nucleus_areas

MODEL = sampling.Path(sampling.__file__).parents[2] / "nuclei"
SUMI = """#!{python}
import sys
import numpy as np, tifffile
out = sys.argv[2]
options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
open({log!r}, "a").write(" ".join(sys.argv[1:]) + "\\n")
if options["--steps"] == "13":
    sys.exit(2)
rng = np.random.default_rng(int(options["--seed"]))
y, x = np.mgrid[:64, :64]
centres = rng.uniform(8, 56, (int(options["--count"]), 2))
images = [10 + 200 * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / 50) + rng.standard_normal((64, 64)) for cy, cx in centres]
tifffile.imwrite(out, np.array(images, np.float32))
"""


@pytest.fixture
def sumi(tmp_path):
    """A stand-in for the command line that draws discs, and the log of its calls."""
    log = tmp_path / "log"
    script = tmp_path / "sumi"
    script.write_text(SUMI.format(python=sys.executable, log=str(log)))
    script.chmod(0o755)
    return script, log


def disc(radius: float, bright: float = 0.5, dark: float = -0.8) -> np.ndarray:
    y, x = np.mgrid[:64, :64] - 31.5
    return np.where(np.hypot(y, x) < radius, bright, dark).astype(np.float32)


def test_images_are_made_once_and_the_first_ones_stay_when_more_are_asked_for(sumi, tmp_path):
    script, log = sumi
    few = samples.samples(script, samples.Chain("ddim", 5, 16), "nuclei", tmp_path / "cache")
    more = samples.samples(script, samples.Chain("ddim", 5, 32), "nuclei", tmp_path / "cache")
    assert more.shape == (32, 64, 64) and (more[:16] == few).all() and not np.allclose(more[16:], few)
    calls = log.read_text().splitlines()
    assert len(calls) == 2 and "--count 16 --width 64 --height 64 --sampler ddim --steps 5 --seed 1" in calls[0] and "--seed 2" in calls[1]
    assert few.max() == pytest.approx(2 * 210 / 255 - 1, abs=0.05)  # what is shown as 0 to 255 is -1 to 1 again


def test_a_run_that_fails_and_a_file_that_does_not_fit_are_named(sumi, tmp_path):
    with pytest.raises(SystemExit, match="exit code 2: .*--steps 13"):
        samples.samples(sumi[0], samples.Chain("ddim", 13, 16), "nuclei", tmp_path)
    (tmp_path / "ddim-5").mkdir()
    tifffile.imwrite(tmp_path / "ddim-5" / "1.tif", np.zeros((3, 64, 64), np.float32), photometric="minisblack")
    with pytest.raises(SystemExit, match="1.tif: .*delete it"):
        samples.samples(sumi[0], samples.Chain("ddim", 5, 16), "nuclei", tmp_path)


def test_the_distance_of_two_normal_distributions_is_that_of_their_quantiles():
    quantiles = (np.arange(400) + 0.5) / 400
    a, b = (Distribution(norm.ppf(quantiles, *p), np.eye(400)) for p in ((0, 1), (0.5, 1)))
    assert a.distance(b) == pytest.approx(0.5) and a.distance(a) == 0
    doubled = np.where(np.arange(400) < 200, 2, 0)  # each image of the lower half twice
    assert a.distance(b, doubled) > 1
    found = distance([a], [b])
    assert found.low < 0.5 == pytest.approx(found.value) and found.high - found.low == pytest.approx(4 * (2 / 400) ** 0.5, rel=0.15)
    with pytest.raises(ValueError, match="no nucleus"):
        a.distance(Distribution(np.array([]), np.zeros((3, 0))))


def test_an_interval_narrows_with_more_images():
    rng = np.random.default_rng(1)
    few, many = ([Distribution(rng.standard_normal(n) + shift, np.eye(n)) for shift in (0, 1)] for n in (25, 400))
    few, many = (distance([a], [b]) for a, b in (few, many))
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(4, rel=0.3)


def test_power_is_the_variance_of_white_noise_and_has_a_smallest_value():
    white = 0.1 * np.random.default_rng(2).standard_normal((50, 64, 64))
    assert (10 ** log_power(white)).mean() == pytest.approx(0.01, rel=0.02)
    assert log_power(np.ones((1, 64, 64))) == pytest.approx(np.log10(distances.SMALLEST_POWER))


def test_nuclei_are_counted_and_measured_but_not_in_empty_fields():
    assert nucleus_areas(disc(10)) == pytest.approx([np.pi * 100], rel=0.03)
    two = np.hstack([disc(10)[:, 16:48], disc(6)[:, 16:48]])
    assert sorted(nucleus_areas(two)) == pytest.approx([np.pi * 36, np.pi * 100], rel=0.05)
    grain = 0.02 * np.random.default_rng(3).standard_normal((64, 64)).astype(np.float32) - 0.8
    assert len(nucleus_areas(grain)) == 0 and len(nucleus_areas(np.zeros((64, 64)))) == 0
    assert len(nucleus_areas(disc(10, -0.8 + 1.3 * CONTRAST))) == 1 and len(nucleus_areas(disc(10, -0.8 + 0.9 * CONTRAST))) == 0
    assert len(nucleus_areas(disc(2))) == 0  # too small


def test_a_set_brighter_larger_and_fuller_than_another_is_as_far_as_it_is_so():
    small, large = np.stack([disc(8)] * 4), np.stack([disc(12)] * 4)
    a, b, c = (distributions(images) for images in (small, large, small + 0.25))
    assert a["area"][0].distance(b["area"][0]) == pytest.approx(np.pi * (144 - 64), rel=0.1)
    assert a["intensity"][0].distance(c["intensity"][0]) == pytest.approx(0.25, abs=0.005)
    assert a["count"][0].distance(b["count"][0]) == 0
    pairs = np.concatenate([small, np.full((4, 64, 64), -0.8, np.float32)])
    assert a["count"][0].distance(distributions(pairs)["count"][0]) == 0.5
    assert distances.STATISTICS.keys() == a.keys() and len(a["power"]) == 31


def test_kid_is_about_zero_for_images_of_one_kind_and_grows_with_the_difference():
    rng = np.random.default_rng(4)

    def discs(largest):
        return np.stack([disc(r) for r in rng.uniform(5, largest, 40)]) + (0.05 * rng.standard_normal((40, 64, 64))).astype(np.float32)

    same, near, far = (np.mean([kid(discs(largest), discs(15)) for _ in range(5)]) for largest in (15, 20, 25))
    assert abs(same) < near / 3 and near < far / 2
    constant = np.zeros((4, 64, 64), np.float32)
    assert kid(constant, constant) == 0


def row(*values):
    return {name: Distance(value, value - 1, value + 1) for name, value in zip(distances.STATISTICS, values)}


def test_the_choice_is_the_cheapest_that_is_as_good_as_the_best_everywhere():
    floor = row(1, 1, 1, 1)
    cheap, middle, dear, other = (samples.Chain(s, n, 4) for s, n in (("ddim", 5), ("ddim", 10), ("ddim", 50), ("unipc", 10)))
    rows = {dear: row(10, 10, 10, 10), cheap: row(10, 10, 10, 12), middle: row(10.5, 11, 11, 11)}
    assert [sampling.misses(r, rows) for r in rows.values()] == [0, 1, 0]
    assert sampling.choose(rows, floor) == middle
    assert sampling.choose(rows | {other: row(10.4, 11, 11, 11)}, floor) == other  # as many steps, but nearer
    assert sampling.choose({dear: row(10, 20, 10, 10), cheap: row(20, 10, 20, 10)}, floor) == dear  # none is everywhere


def test_the_command_measures_draws_and_chooses(sumi, tmp_path, monkeypatch, capsys):
    chains = (samples.Chain("ddim", 5, 32), samples.Chain("ddim", 10, 32), samples.Chain("ddpm", 20, 16))
    monkeypatch.setattr(sampling, "CHAINS", chains)
    monkeypatch.setattr(sampling, "HALF", 32)
    monkeypatch.setattr(distances, "RESAMPLES", 20)
    (tmp_path / "data").mkdir()
    for i in range(3):
        Image.fromarray(np.uint8(np.vstack([np.hstack([disc(6 + i) * 100 + 100] * 2)] * 2))).save(tmp_path / "data" / f"{i}.png")
    arguments = ["--model", str(MODEL), "--data", str(tmp_path / "data"), "--cache", str(tmp_path / "cache"), "--sumi", str(sumi[0])]
    for out in "ab":
        sampling.main([*arguments, "--out", str(tmp_path / out)])
    told = re.split(r"(?=\| images)", capsys.readouterr().out)
    tables = ["".join(line for line in text.splitlines(True) if line[0] == "|") for text in told[1:]]
    assert tables[0] == tables[1] and len(sumi[1].read_text().splitlines()) == 5
    names = [line.split(" | ")[0] for line in tables[0].splitlines()[2:]]
    assert names == ["| real, 32 others", "| real, 16 others", "| ddim, 5 steps", "| ddim, 10 steps", "| ddpm, 20 steps"]
    assert all(re.search(r"chosen: ddim, 5 steps", text) for text in told[1:])
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["nuclei-" + json.loads((MODEL / "sumi.json").read_text())["sha256"][:8]]
    for name in ("samples.png", "distances.png"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
