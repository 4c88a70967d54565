# SPDX-License-Identifier: BSD-2-Clause
import numpy as np
import pytest
import torch
from PIL import Image
from scipy.ndimage import gaussian_filter, label

from sumi_train import data, patches, simulate, simulate_bodies, simulate_lines
from sumi_train.simulate_draw import Canvas, star, texture
from sumi_train.simulate_optics import Optics, surroundings, through, to_training_range, transfer


def rng(seed=1):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("kind", simulate.KINDS)
def test_every_kind_is_finite_in_range_and_the_same_for_the_same_seed(kind):
    for index, size in ((0, 64), (1, 75)):
        image = simulate.scene(kind, size, simulate.generator(kind, 3, index))
        assert image.dtype == np.float32 and image.shape == (size, size)
        assert np.isfinite(image).all() and image.min() >= 0 and image.max() <= data.CEILING + 1e-6
        assert np.array_equal(image, simulate.scene(kind, size, simulate.generator(kind, 3, index)))
        assert not np.array_equal(image, simulate.scene(kind, size, simulate.generator(kind, 4, index)))


def full_width(profile):
    """Full width at half maximum of a peak, between pixels."""
    half, top = profile.max() / 2, profile.argmax()
    left = top - np.interp(half, profile[:top + 1], np.arange(top + 1))
    right = np.interp(-half, -profile[top:], np.arange(len(profile) - top))
    return left + right


@pytest.mark.parametrize("airy", [True, False])
@pytest.mark.parametrize("width", [2.5, 4.0, 6.0])
def test_a_point_in_focus_is_as_wide_as_stated_and_keeps_its_light(width, airy):
    planes = np.zeros((1, 96, 96))
    planes[0, 48, 48] = 5
    image = through(planes, Optics(width, (0.0,), (1.0,), airy))
    assert full_width(image[48]) == pytest.approx(width, rel=0.06)
    assert full_width(image[:, 48]) == pytest.approx(width, rel=0.06)
    assert image.sum() == pytest.approx(5, rel=0.01)


@pytest.mark.parametrize("airy", [True, False])
def test_defocus_spreads_light_and_takes_none(airy):
    planes = np.zeros((1, 128, 128))
    planes[0, 64, 64] = 1
    sharp, blurred = (through(planes, Optics(3.0, (w,), (1.0,), airy)) for w in (0.0, 2.0))
    assert blurred.max() < 0.3 * sharp.max()
    assert blurred.sum() == pytest.approx(1, rel=0.02)
    assert transfer(128, 3.0, 2.0, airy)[0, 0] == pytest.approx(1)


def test_depths_out_of_focus_are_summed_with_their_weights():
    planes = np.zeros((2, 64, 64))
    planes[:, 32, 32] = 1
    both = through(planes, Optics(3.0, (0.0, 1.0), (1.0, 0.25), True))
    apart = [through(planes * np.array(keep)[:, None, None], Optics(3.0, (0.0, 1.0), (1.0, 0.25), True)) for keep in ((1, 0), (0, 1))]
    assert np.allclose(both, sum(apart), atol=1e-6)  # each is no darker than 0, so they differ by rounding at most
    assert apart[1].sum() == pytest.approx(0.25, rel=0.02)


def test_scatter_keeps_light_and_place():
    canvas = Canvas(32, 2, 1.0)
    canvas.scatter(np.array([[10.25, 20.75], [31.5, 0.0]]), np.array([4.0, 2.0]), np.array([0, 1]))
    first, second = canvas.planes
    assert first.sum() == pytest.approx(4) and second.sum() == pytest.approx(2)
    y, x = np.mgrid[:32, :32]
    assert (first * y).sum() / 4 == pytest.approx(10.25) and (first * x).sum() / 4 == pytest.approx(20.75)
    assert second[31, 0] == second[0, 0] == pytest.approx(1)  # it wraps around


def test_a_stamp_larger_than_the_canvas_loses_nothing():
    canvas = Canvas(16, 1, 1.0)
    canvas.stamp(np.ones((41, 41)), np.array([3.2, 9.9]), 0)
    assert canvas.planes.sum() == 41 * 41


def test_a_star_without_roughness_is_a_disc():
    q, distance = star(rng(), 20.0, 0.0)
    assert (q < 1).sum() == pytest.approx(np.pi * 400, rel=0.02)
    assert np.array_equal(q < 1, distance > 0) and distance.max() == pytest.approx(20, abs=1)


def test_texture_has_mean_0_sd_1_and_nothing_finer_than_asked():
    coarse = texture(rng(), 128, 1.0, 16.0)
    assert abs(coarse.mean()) < 1e-9 and coarse.std() == pytest.approx(1)
    power = np.abs(np.fft.rfft2(coarse)) ** 2
    assert power[:, 16:].sum() < 1e-5 * power.sum()  # 16 cycles in 128 px is a period of 8 px


def test_the_number_of_puncta_is_the_number_asked_for():
    counts = []
    for seed in range(12):
        canvas = Canvas(256, 1, 1.0)
        simulate_bodies.spots(canvas, rng(seed), 12, 0.0)
        counts.append(label(canvas.planes[0] > 0, np.ones((3, 3)))[1])
    assert max(counts) == 12 and counts.count(12) >= 6  # fewer where two meet, never more


def test_a_wide_spot_is_a_smooth_gaussian_of_its_width_and_light():
    canvas = Canvas(64, 1, 1.0)
    simulate_bodies.spots(canvas, rng(3), 1, 2.5)
    image = through(canvas.planes, Optics(2.0, (0.0,), (1.0,), False))
    middle = np.unravel_index(image.argmax(), image.shape)
    image = np.roll(image, (32 - middle[0], 32 - middle[1]), (0, 1))
    y, x = np.mgrid[:64, :64] - np.stack([32, 32])[:, None, None]
    assert 0.5 * 2.5 - 0.2 < np.sqrt((image * (x ** 2 + y ** 2)).sum() / image.sum() / 2) < 1.5 * 2.5 + 0.5
    assert label(image > 0.5 * image.max())[1] == 1
    assert image.sum() == pytest.approx(canvas.planes.sum(), rel=1e-3)


def light(draw, seed, size=192):
    canvas = Canvas(size, 2, 1.0)
    draw(canvas, rng(seed))
    return canvas.planes[0]


def thinness(image):
    """Share of the lit pixels that are gone after an erosion of 4 px."""
    lit = image > 0.1 * np.percentile(image[image > 0], 95)
    wide = gaussian_filter(lit.astype(float), 4) > 0.9
    return 1 - wide.sum() / lit.sum()


def test_filaments_are_thin_and_bodies_are_not():
    for seed in range(3):
        assert thinness(light(simulate_lines.single_filaments, seed)) > 0.95
        assert thinness(light(simulate_bodies.single_cells, seed)) < 0.7


def test_a_tissue_has_closed_walls():
    canvas = Canvas(128, 2, 1.0)
    centres = simulate_lines.seeds(canvas, rng(), 30)
    nearest, second, distance = simulate_lines.voronoi(canvas, rng(), centres, 30)
    assert distance.min() >= 0 and (nearest != second).all()
    right, below = nearest[:, 1:] != nearest[:, :-1], nearest[1:] != nearest[:-1]
    assert distance[:, 1:][right].max() < 3 and distance[1:][below].max() < 3  # where cells meet, there is the wall


def test_vesicles_can_be_rings():
    q, distance = star(rng(), 10.0, 0.0)
    canvas = Canvas(128, 1, 1.0)
    generator = rng(0)
    dark = 0
    for _ in range(12):
        canvas.planes[:] = 0
        simulate_bodies.vesicles(canvas, generator)
        image = through(canvas.planes, Optics(1.5, (0.0,), (1.0,), False)) > 0.2 * canvas.planes.max()
        holes, count = label(~image)
        dark += count > 1  # a dark region apart from the background
    assert dark >= 6


def test_structures_are_in_the_image_however_small_it_is(monkeypatch):
    seen = []
    monkeypatch.setattr(simulate, "surroundings", lambda light, generator: seen.append(light) or light)
    for kind in simulate.STRUCTURES:
        for index in range(6):
            simulate.scene(kind, 32, simulate.generator(kind, 1, index))
            cut = seen[-1][simulate.MARGIN:simulate.MARGIN + 32, simulate.MARGIN:simulate.MARGIN + 32]
            assert np.ptp(cut) > 0.03 * np.ptp(seen[-1])


def test_blank_is_blank_and_faint_is_faint():
    for index in range(8):
        assert np.ptp(simulate.scene("blank", 48, simulate.generator("blank", 1, index))) == 0
        faint = simulate.scene("faint", 48, simulate.generator("faint", 1, index))
        assert 0 < np.ptp(faint) <= 0.15 * data.CEILING + 1e-6


def test_haze_has_less_fine_detail_than_the_structures_it_is_made_of():
    def detail(kind):
        images = [simulate.scene(kind, 128, simulate.generator(kind, 1, i)) for i in range(6)]
        return np.median([np.std(image - gaussian_filter(image, 2)) / image.std() for image in images])
    assert detail("haze") < 0.6 * min(detail("filaments"), detail("puncta"))


def test_the_range_is_that_of_the_denoiser_without_clipping():
    spot = np.zeros((64, 64))
    spot[5, 5] = 10
    assert to_training_range(spot).max() == pytest.approx(data.CEILING)  # fewer than 0.2 % of the pixels
    ramp = np.tile(np.linspace(3, 5, 64), (64, 1))
    assert np.percentile(to_training_range(ramp), data.HIGH_PERCENTILE) == pytest.approx(1) and to_training_range(ramp).min() == 0
    assert not to_training_range(surroundings(np.zeros((64, 64)), rng(2)) * 0).any()


def test_held_out_images_are_no_training_images_whatever_the_seed():
    held_out = simulate.held_out_images("puncta", 3, 64)
    assert len(held_out) == 3 and not np.array_equal(held_out[0], held_out[1])
    for seed in range(4):
        for index in range(3):
            pool = simulate.scene("puncta", 64, simulate.generator("puncta", seed, index))
            assert not any(np.array_equal(pool, image) for image in held_out)
    assert np.array_equal(held_out[1], simulate.held_out_images("puncta", 2, 64)[1])


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pool")
    simulate.main([str(folder), "--count", "2", "--size", "48", "--seed", "5"])
    return folder


def test_the_command_goes_on_where_it_stopped(pool, capsys):
    lost, kept = simulate.path_of(pool, "cells", 1), simulate.path_of(pool, "cells", 0)
    before, untouched = lost.read_bytes(), kept.stat().st_mtime_ns
    lost.unlink()
    simulate.main([str(pool), "--count", "2", "--size", "48", "--seed", "5"])
    assert capsys.readouterr().out.startswith("1 images to make, about ")
    assert lost.read_bytes() == before and kept.stat().st_mtime_ns == untouched
    assert Image.open(pool / "sheet.jpg").height > 11 * 48
    with pytest.raises(SystemExit, match="choose another folder"):
        simulate.main([str(pool), "--count", "2", "--size", "48", "--seed", "6"])


def test_a_pool_is_read_as_it_was_made(pool, tmp_path):
    pictures = simulate.load(pool)
    assert list(pictures) == list(simulate.KINDS)
    for kind, members in pictures.items():
        made = simulate.scene(kind, 48, simulate.generator(kind, 5, 1))
        assert len(members) == 2 and np.allclose(members[1].pixels, made, atol=1e-5)
    with pytest.raises(ValueError, match="no image of the kind filaments; make them with"):
        simulate.load(tmp_path)


def flat(value):
    return data.Picture("flat", "", np.full((32, 32), value, np.float32), 0.0)


def test_the_share_of_simulated_patches_is_as_stated_and_kinds_come_equally_often(monkeypatch):
    monkeypatch.setattr(patches.PatchSampler, "patch", lambda self, size: torch.full((1, size, size), float(self.pictures[0].pixels[0, 0])))
    simulated = {"few": [flat(1)], "many": [flat(2)] * 50}
    drawn = patches.MixedSampler([flat(0)], simulated, 0.6, rng()).batch(4000, 2).patches[:, 0, 0, 0].numpy()
    shares = [(drawn == value).mean() for value in (0, 1, 2)]
    assert shares == pytest.approx([0.4, 0.3, 0.3], abs=0.03)
