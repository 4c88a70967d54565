# SPDX-License-Identifier: BSD-2-Clause
import uuid
from pathlib import Path

import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image

from sumi_train import data, reading

STACK = np.random.default_rng(6).integers(100, 4000, (2, 3, 20, 18), dtype=np.uint16)  # z, c, y, x


def ome(path, array=STACK, axes="ZCYX"):
    tifffile.imwrite(path, array, ome=True, metadata={"axes": axes})
    return path


def ome_zarr(folder, version):
    group = zarr.open_group(folder, mode="w", zarr_format=3 if version == "0.5" else 2)
    group.create_array("full", data=STACK[None])
    scales = {"multiscales": [{"version": version, "axes": [{"name": name} for name in "tzcyx"], "datasets": [{"path": "full"}]}]}
    group.attrs.update({"ome": scales} if version == "0.5" else scales)
    return folder


def test_a_channel_of_an_ome_tiff_gives_its_planes(tmp_path):
    path = ome(tmp_path / "a.ome.tif")
    assert np.array_equal(reading.read_planes(path, 2), STACK[:, 1])
    with pytest.raises(ValueError, match="a.ome.tif has 3 channels; choose one with --channel 1 to 3"):
        reading.read_planes(path)
    with pytest.raises(ValueError, match="so no channel 4"):
        reading.read_planes(path, 4)
    tifffile.imwrite(tmp_path / "grey.tif", STACK[:, 0])
    with pytest.raises(ValueError, match="grey.tif has 1 channel, so no channel 2"):
        reading.read_planes(tmp_path / "grey.tif", 2)


def test_an_imagej_hyperstack_is_read_by_its_axes(tmp_path):
    tifffile.imwrite(tmp_path / "h.tif", STACK, imagej=True, metadata={"axes": "ZCYX"})
    assert np.array_equal(reading.read_planes(tmp_path / "h.tif", 3), STACK[:, 2])


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_a_channel_of_an_ome_zarr_gives_its_planes(version, tmp_path):
    folder = ome_zarr(tmp_path / "a.zarr", version)
    assert reading.files_in(tmp_path) == [folder] == reading.files_in(folder)
    assert np.array_equal(reading.read_planes(folder, 1), STACK[:, 0])


def test_a_zarr_without_an_image_is_refused(tmp_path):
    zarr.open_group(tmp_path / "plate.zarr", mode="w")
    with pytest.raises(ValueError, match="plate.zarr holds no OME-Zarr image at its top"):
        reading.read_planes(tmp_path / "plate.zarr")


def test_32_bit_keeps_its_values_however_small(tmp_path):
    values = (STACK[0] / 1e6).astype(np.float32)
    tifffile.imwrite(tmp_path / "f.tif", values, photometric="minisblack")
    assert np.array_equal(reading.read_planes(tmp_path / "f.tif"), values)
    (first, *_) = data.load(tmp_path)
    assert np.percentile(first.pixels, [1, 99.8]) == pytest.approx([0, 1], abs=1e-4)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused_with_their_plane(bad, tmp_path):
    values = STACK[0].astype(np.float32)
    values[1, 5, 5] = bad
    tifffile.imwrite(tmp_path / "f.tif", values, photometric="minisblack")
    with pytest.raises(ValueError, match="NaN or infinite values in plane 2"):
        reading.read_planes(tmp_path / "f.tif")


def test_a_broken_file_is_refused_by_name(tmp_path):
    for name in ("b.tif", "b.png"):
        (tmp_path / name).write_bytes(b"no image")
        with pytest.raises(ValueError, match=f"{name} can't be read"):
            reading.read_planes(tmp_path / name)


def test_flat_and_dim_planes_are_left_out_and_said(tmp_path):
    stack = STACK[:, 0].copy()
    stack[0] = 700
    tifffile.imwrite(tmp_path / "a.tif", np.stack([*stack, stack[1] // 100]), photometric="minisblack")
    said = []
    assert len(data.load(tmp_path, tell=said.append)) == 1
    assert said == ["left out: 1 images with a maximum below 50, 1 of a single value"]
    Image.fromarray(np.full((20, 20), 90, np.uint8)).save(tmp_path / "b.png")
    with pytest.raises(ValueError, match="more than one value"):
        data.load(tmp_path, exclude=["a"])


def test_a_stack_goes_whole_to_one_side_of_the_split(tmp_path):
    for i in range(6):
        tifffile.imwrite(tmp_path / f"{i}.tif", np.roll(STACK[:, 0], i), photometric="minisblack")
    pictures = data.load(tmp_path)
    for seed in range(5):
        training, validation = data.split_share(pictures, 0.3, seed)
        assert len(training) == 8 and len(validation) == 4
        assert {p.source for p in training}.isdisjoint(p.source for p in validation)
    assert {p.group for p in pictures if p.name == "0"} == {"20x18-offset"}
    one = [p for p in pictures if p.name == "3"]
    assert data.split_share(one, 0.3, 1) == (one, [])


def several_files(folder):
    """An image of three planes in z, a file for each, that OME-XML joins."""
    folder.mkdir(exist_ok=True)
    ids = [f"urn:uuid:{uuid.UUID(int=z + 1)}" for z in range(3)]
    places = "".join(f'<TiffData IFD="0" FirstZ="{z}" FirstC="0" FirstT="0" PlaneCount="1"><UUID FileName="z{z}.ome.tif">{ids[z]}</UUID></TiffData>'
                     for z in range(3))
    for z, plane in enumerate(np.concatenate([STACK[:, 0], STACK[:1, 1]])):
        xml = (f'<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="{ids[z]}"><Image ID="Image:0">'
               '<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="18" SizeY="20" SizeZ="3" SizeC="1" SizeT="1" BigEndian="false">'
               f'<Channel ID="Channel:0:0" SamplesPerPixel="1"/>{places}</Pixels></Image></OME>')
        tifffile.imwrite(folder / f"z{z}.ome.tif", plane, description=xml, metadata=None)
    return folder


def test_an_image_of_several_files_is_read_once_and_whole(tmp_path):
    folder = several_files(tmp_path / "images")
    planes = [reading.read_planes(folder / f"z{z}.ome.tif") for z in range(3)]
    assert np.array_equal(planes[0], np.concatenate([STACK[:, 0], STACK[:1, 1]])) and [len(p) for p in planes[1:]] == [0, 0]
    pictures = data.load(folder)
    assert len(pictures) == 3 and {Path(p.source).name for p in pictures} == {"z0.ome.tif"}
    (folder / "z2.ome.tif").unlink()
    with pytest.raises(ValueError, match="some are missing: 2 of 3 planes are there"):
        data.load(folder)
