# SPDX-License-Identifier: BSD-2-Clause
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from sumi_train import data, reading

RNG = np.random.default_rng(5)
BYTES = RNG.integers(0, 256, (9, 7), dtype=np.uint8)
WORDS = RNG.integers(0, 65536, (9, 7), dtype=np.uint16)


def write_grey_alpha_16(path, grey):
    """A PNG of grey and alpha of 16 bit, which Pillow can't write; its rows are filtered with "up", for the reader's sake."""
    rows = np.stack([grey, 65535 - grey], axis=-1).astype(">u2").view(np.uint8).reshape(len(grey), -1)
    filtered = np.diff(rows, axis=0, prepend=np.zeros_like(rows[:1]))
    pixels = b"".join(b"\2" + row.tobytes() for row in filtered)

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", grey.shape[1], grey.shape[0], 16, 4, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b""))


def palette(colours):
    image = Image.fromarray(BYTES)
    image.putpalette(colours)
    return image


def read(path):
    (plane,) = reading.read_planes(path)
    return plane


def test_a_palette_of_greys_is_applied(tmp_path):
    inverted = [255 - i for i in range(256) for _ in range(3)]
    palette(inverted).save(tmp_path / "p.png")
    assert np.array_equal(read(tmp_path / "p.png"), 255 - BYTES)
    palette(inverted).save(tmp_path / "p.png", transparency=3)
    assert np.array_equal(read(tmp_path / "p.png"), 255 - BYTES)


def test_a_palette_with_colours_is_refused_by_name(tmp_path):
    palette([value for i in range(256) for value in (i, 0, 0)]).save(tmp_path / "red.png")
    with pytest.raises(ValueError, match=r"red\.png: its palette has colours"):
        reading.read_planes(tmp_path / "red.png")


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colour_is_refused_by_name(mode, tmp_path):
    Image.fromarray(BYTES).convert(mode).save(tmp_path / "c.png")
    tifffile.imwrite(tmp_path / "c.tif", np.asarray(Image.open(tmp_path / "c.png")), photometric="rgb")
    for name in ("c.png", "c.tif"):
        with pytest.raises(ValueError, match=f"{name}: an image in colour"):
            reading.read_planes(tmp_path / name)


def test_alpha_is_dropped(tmp_path):
    Image.merge("LA", (Image.fromarray(BYTES), Image.fromarray(255 - BYTES))).save(tmp_path / "la.png")
    assert np.array_equal(read(tmp_path / "la.png"), BYTES)
    write_grey_alpha_16(tmp_path / "la16.png", WORDS)
    assert np.array_equal(read(tmp_path / "la16.png"), WORDS)
    for name in ("contig", "separate"):
        stacked = np.stack([WORDS, 65535 - WORDS], axis=-1 if name == "contig" else 0)
        tifffile.imwrite(tmp_path / "la.tif", stacked, photometric="minisblack", planarconfig=name, extrasamples=["unassalpha"])
        assert np.array_equal(read(tmp_path / "la.tif"), WORDS)


def test_16_bit_stays_16_bit(tmp_path):
    Image.fromarray(WORDS).save(tmp_path / "w.png")
    tifffile.imwrite(tmp_path / "w.tif", WORDS)
    assert np.array_equal(read(tmp_path / "w.png"), WORDS) and np.array_equal(read(tmp_path / "w.tif"), WORDS)


def test_a_stack_gives_its_planes_however_narrow(tmp_path):
    tifffile.imwrite(tmp_path / "s.tif", np.stack([WORDS, WORDS + 1])[:, :, :3], photometric="minisblack")
    first, second = reading.read_planes(tmp_path / "s.tif")
    assert np.array_equal(first, WORDS[:, :3]) and np.array_equal(second, (WORDS + 1)[:, :3])


def test_other_depths_are_refused_by_name(tmp_path):
    tifffile.imwrite(tmp_path / "f.tif", WORDS.astype(np.float64))
    Image.fromarray(BYTES > 9).save(tmp_path / "f.png")
    for name in ("f.tif", "f.png"):
        with pytest.raises(ValueError, match=f"{name}: .*needed are grey"):
            reading.read_planes(tmp_path / name)
