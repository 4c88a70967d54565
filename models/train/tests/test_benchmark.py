# SPDX-License-Identifier: BSD-2-Clause
import importlib.util
import json
import sys
from dataclasses import replace

import numpy as np
import pytest

from sumi_train import bars, benchmark, benchmark_images, benchmark_tables, contestants, outside
from sumi_train.benchmark_images import CAMERAS, GAUSSIAN, LEVELS, NATURAL, NUCLEI, WHOLE_NUCLEI, Noise
from sumi_train.camera import Camera
from sumi_train.contestants import BLUR, BM3D, INPUT, MEAN, SUPERVISED, Contestants, Setup
from sumi_train.results import Cell, Results, cell
from sumi_train.timing import MODELS

SETUP = Setup((MODELS / "fluorescence", MODELS / "nuclei"), None)
SUMI = MEAN.format("fluorescence")


def found(of, index, noise, method, psnr, seconds=1.0):
    return Cell(of, index, noise.name, method, SETUP.made(method), psnr, 0.9, seconds)


def full(results):
    """Figures with which every bar is met but the supervised one, which isn't measured."""
    kinds = (NUCLEI, *benchmark_images.simulate.KINDS)
    results.add([found(of, index, noise, method, psnr) for of in kinds for index in (0, 1) for noise in LEVELS
                 for method, psnr in ((INPUT, 20), (BLUR, 25), (BM3D, 30), (SUMI, 31.0 + index))])
    results.add([found(NATURAL, 0, noise, method, psnr) for noise in LEVELS for method, psnr in ((INPUT, 20), (SUMI, 19.95))])
    results.add([found(bars.TIMED, 0, bars.TIMED_NOISE, BM3D, 30, 6.0), found(bars.TIMED, 0, bars.TIMED_NOISE, SUMI, 31, 1.5)])
    return results


@pytest.fixture
def results(tmp_path):
    return Results(tmp_path / "cache" / "results.jsonl")


def test_a_run_goes_on_where_it_was_stopped(results):
    tasks = benchmark.plan(SETUP, results)
    of, index, noise, names = next(task for task in tasks if task[0] == NUCLEI and task[2] == GAUSSIAN[0])
    results.add([found(of, index, noise, name, 30.0) for name in names[:2]])
    with results.path.open("a") as file:
        file.write('{"of": "real nuclei", "ind')  # stopped while it was writing
    again = Results(results.path)
    assert [task for task in benchmark.plan(SETUP, again) if task[:3] == (of, index, noise)] == [(of, index, noise, names[2:])]
    again.add([found(of, index, noise, names[2], 31.0)])
    assert len(Results(results.path).cells) == 3, "the cut line spoils no other"


def test_what_other_weights_made_is_measured_again(results, tmp_path):
    first, second = tmp_path / "a.pt", tmp_path / "b.pt"
    first.write_bytes(b"1"), second.write_bytes(b"2")
    setup = replace(SETUP, supervised=first)
    noise = contestants.SUPERVISED_NOISE
    results.add([Cell(NUCLEI, 0, noise.name, SUPERVISED, setup.made(SUPERVISED), 30, 0.9, 1)])

    def asked(setup):
        return any(task[:3] == (NUCLEI, 0, noise) and SUPERVISED in task[3] for task in benchmark.plan(setup, results))

    assert not asked(setup)
    assert asked(replace(SETUP, supervised=second))
    assert not asked(SETUP), "no checkpoint, no row"


def test_a_worker_measures_what_the_metrics_say():
    benchmark.open_worker(SETUP)
    noise = GAUSSIAN[2]
    noisy, blurred, sumi = benchmark.measure(NUCLEI, 0, noise, [INPUT, BLUR, SUMI])
    assert noisy.psnr == pytest.approx(20 * np.log10(255 / 20), abs=0.2)
    assert noisy.psnr + 5 < blurred.psnr < sumi.psnr and noisy.ssim < blurred.ssim < sumi.ssim
    assert (sumi.of, sumi.noise, sumi.made) == (NUCLEI, "σ = 20", json.loads((MODELS / "fluorescence" / "sumi.json").read_text())["sha256"][:8])


@pytest.mark.parametrize("noise", CAMERAS, ids=lambda noise: noise.name)
def test_peaks_are_photons_and_the_anscombe_path_is_right(noise):
    clean = np.full((200, 200), 255.0)
    camera = noise.camera(clean)
    noisy = noise.add(clean, 3)
    assert noisy.mean() == pytest.approx(255, abs=6 * 255 / noise.peak ** 0.5 / 200)
    assert noisy.var() == pytest.approx((noise.peak + 1) * (255 / noise.peak) ** 2, rel=0.05), "photon noise and one photon of reading"
    assert camera.stabilise(noisy).std() == pytest.approx(1, abs=0.06)
    assert camera.invert(camera.stabilise(noisy).mean()) == pytest.approx(255, rel=0.01), "the inverse is unbiased"


def test_the_inverse_is_continuous_and_the_offset_is_where_no_light_is():
    camera = Camera(2.0, -10.0, 3.0)
    values = camera.invert(np.linspace(0, 60, 6001))
    assert (np.diff(values) > 0).all() and np.abs(np.diff(values, 2)).max() < 0.02
    dark = camera.expose(np.full((300, 300), -10.0), np.random.default_rng(1))
    assert dark.std() == pytest.approx(3, rel=0.02) and camera.invert(camera.stabilise(dark).mean()) == pytest.approx(-10, abs=0.05)


def test_camera_noise_is_denoised_between_transform_and_inverse():
    noise, clean = CAMERAS[2], benchmark_images.clean_image("filaments", 0)
    noisy = noise.add(clean, 5)
    run = Contestants(SETUP).run
    assert np.array_equal(run(INPUT, noisy, noise, clean), noisy)
    told = cell("filaments", 0, noise.name, SUMI, "", clean, run(SUMI, noisy, noise, clean), 0).psnr
    blind = cell("filaments", 0, noise.name, SUMI, "", clean, run(SUMI, noisy, Noise(sigma=noisy.std() / 3), clean), 0).psnr
    assert told > blind + 0.5, "one sigma for the whole image does worse"


def test_a_misstated_sigma_reaches_the_method_but_not_the_noise():
    seen = []

    class Spy(Contestants):
        def _results(self, name, noisy, sigma):
            seen.append(sigma)
            yield noisy

    clean = benchmark_images.clean_image(NUCLEI, 1)
    assert np.array_equal(Noise(sigma=20).add(clean, 1), Noise(sigma=20, stated=1.2).add(clean, 1))
    Spy(SETUP).run(SUMI, clean + 1, Noise(sigma=20, stated=1.2), clean)
    assert seen == [24.0]


def test_flips_undo_themselves():
    image = np.arange(24.0 * 16).reshape(24, 16)
    assert np.allclose(contestants.flipped(lambda noisy, sigma: noisy + sigma, image, 1.0), image + 1)
    shifted = contestants.flipped(lambda noisy, sigma: np.roll(noisy, 1, axis=0), image, 1.0)
    assert not np.allclose(shifted, np.roll(image, 1, axis=0)) and shifted[8:16, 6:10] == pytest.approx(image[8:16, 6:10]), "a shift averages out"


def test_bars_are_met_by_good_figures(results):
    verdicts = {bar.verdict for bar in bars.check(SETUP, full(results))}
    assert verdicts == {"met", "not measured"}
    assert "| times as fast as BM3D at 512 x 512 | 3 | 4.00 times | met |" in bars.report(bars.check(SETUP, results))


@pytest.mark.parametrize("worse, missed", [
    (lambda: found(NUCLEI, 0, LEVELS[2], SUMI, 29.9), "over BM3D on real nuclei, σ = 20"),
    (lambda: found("faint", 1, LEVELS[7], SUMI, 27.0), "over BM3D on simulated faint, worst level"),
    (lambda: found("blank", 0, LEVELS[4], INPUT, 99.0), "over 'noisy' on nuclei and every kind, worst of all"),
    (lambda: found(NATURAL, 0, LEVELS[0], SUMI, 19.8), "over the input on photographs, worst single image"),
    (lambda: found(bars.TIMED, 0, bars.TIMED_NOISE, SUMI, 31, 2.5), "times as fast as BM3D at 512 x 512")])
def test_a_bar_is_missed_where_figures_say_so(results, worse, missed):
    full(results).add([worse()])
    report = bars.report(bars.check(SETUP, results))
    assert [line for line in report.splitlines() if "**missed**" in line and missed in line], report


def test_nothing_is_met_that_was_not_measured(results):
    assert {bar.verdict for bar in bars.check(SETUP, results)} == {"not measured"}


def test_tables_say_what_is_missing(results, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert BM3D not in SETUP.names()
    text = benchmark_tables.all_tables(SETUP, results)
    assert f"| {BM3D} | not measured | not measured |" in text and "| Noise2Void | not measured |" in text


def test_a_bar_of_a_few_images_is_of_their_mean(results):
    results.add([found(NUCLEI, index, LEVELS[0], method, psnr) for index, method, psnr in
                 ((0, SUMI, 31.0), (0, BM3D, 30.0), (1, SUMI, 30.0), (1, BM3D, 30.0), (2, BM3D, 90.0))])
    assert bars.check(SETUP, results)[0].figure == pytest.approx(0.5), "of the images that both were measured on"


def test_noise2void_runs_in_the_other_python_once(results, tmp_path, monkeypatch):
    script = tmp_path / "fake.py"  # in the place of careamics: gives the noisy image's mean
    script.write_text("import json, sys\nimport numpy as np\nnoisy = np.load(sys.argv[1])\nnp.save(sys.argv[2], np.full_like(noisy, noisy.mean()))\n"
                      "open(sys.argv[2].replace('.npy', '.json'), 'x').write(json.dumps({'seconds': 7.0}))\n")
    monkeypatch.setattr(outside.noise2void, "__file__", str(script))
    monkeypatch.setattr(outside, "N2V_NOISES", GAUSSIAN[1:2])
    outside.train_noise2void(sys.executable, results, tmp_path)
    cells = results.of(WHOLE_NUCLEI, "σ = 10", outside.N2V, "")
    clean = benchmark_images.clean_image(WHOLE_NUCLEI, 0)
    assert sorted(cells) == [0, 4, 8] and cells[0].seconds == 7
    assert cells[0].psnr == pytest.approx(20 * np.log10(255 / clean.std()), abs=0.05)
    outside.train_noise2void("no such Python", Results(results.path), tmp_path)  # nothing is missing, so nothing is started
    with pytest.raises(SystemExit, match="this failed"):
        outside.run([sys.executable, "-c", "raise SystemExit('no careamics')"])


def test_the_command_line_is_told_the_same_noise():
    clean = np.full((8, 8), -2.0)
    assert outside.told(Noise(sigma=20), clean) == ["--noise", "gaussian", "--sigma", "20"]
    assert outside.told(Noise(peak=51), clean) == ["--noise", "camera", "--gain", "5.0", "--offset", "-2.0", "--readnoise", "5.0"]


def test_a_page_keeps_what_is_around_its_tables(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{benchmark.BEGIN}\nold\n{benchmark.END}\nafter\n")
    benchmark.publish("new", page, benchmark.BEGIN, benchmark.END)
    assert page.read_text() == f"before\n{benchmark.BEGIN}\nnew\n{benchmark.END}\nafter\n"
