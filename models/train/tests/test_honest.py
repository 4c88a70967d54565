# SPDX-License-Identifier: BSD-2-Clause
import numpy as np
from PIL import Image

from sumi_train import honest


def test_light_is_measured_without_bias():
    clean, labels, brightness = honest.objects(10, 1.5, 12)
    assert set(labels.ravel()) == set(range(26)) and sorted(set(brightness[1:])) == [12, 24, 48, 96, 192]
    assert labels[0].max() == labels[-1].max() == 0, "no object is cut"
    rows = honest.linearity({"as it is": lambda noisy, sigma: noisy, "half": lambda noisy, sigma: honest.BACKGROUND + (noisy - honest.BACKGROUND) / 2},
                            10, 1.5, 4, 12, seeds=2)
    slopes = [float(row.split("|")[1]) for row in rows]
    assert abs(slopes[0] - 1) < 0.02 and abs(slopes[1] - 0.5) < 0.01


def test_a_shift_is_a_share_of_the_range():
    image = np.tile(np.linspace(0, 200, 64), (64, 1))
    shift, = honest.mean_shift(lambda noisy, sigma: noisy + 1, [image], 5)
    assert abs(shift - 100 / np.ptp(np.percentile(image, [1, 99.8]))) < 1e-9
    assert honest.mean_shift(lambda noisy, sigma: noisy, [np.full((64, 64), 7.0)], 5) == []


def test_what_is_left_of_a_blank_field():
    left = honest.blank({"all": lambda noisy, sigma: noisy, "none": lambda noisy, sigma: noisy * 0}, 20, 2)
    assert abs(left["all"] - 1) < 0.02 and left["none"] == 0


def test_clean_images_of_another_seed_are_others(tmp_path):
    for seed in (1, 2):
        honest.write_images(tmp_path / str(seed), seed, 1)
    first, second = (np.asarray(Image.open(tmp_path / str(seed) / "puncta-0.tif")) for seed in (1, 2))
    assert first.dtype == np.float32 and first.shape == (256, 256) and (first != second).any()
