# SPDX-License-Identifier: BSD-2-Clause
import io
import zipfile

import numpy as np
import pytest
from bioimageio.spec import load_description
from networks import SMALL, random_network
from PIL import Image

from sumi_train import export, package, single_step

AUTHOR = "Ada Lovelace, University of London"
TEXTS = {"name": "tiny", "version": 3, "description": "A tiny network", "license": "CC-BY-4.0", "citation": "nobody", "trainingData": "none"}


@pytest.fixture
def files(tmp_path):
    """(model folder, grey image)."""
    with export.whole_folder(tmp_path / "tiny", False) as folder:
        export.write_model(export.local(random_network(**SMALL), export.SCHEDULER), folder, TEXTS, 16, 8, False)
        (folder / "README.md").write_text("# tiny\n\nA card.\n")
    pixels = np.random.default_rng(0).integers(0, 255, (130, 150)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "example.png")
    return tmp_path / "tiny", tmp_path / "example.png"


def test_a_package_passes_the_check_of_the_zoo_and_repeats_its_test(files, tmp_path):
    model, example = files
    out = tmp_path / "tiny.zip"
    package.main([str(model), str(out), "--author", AUTHOR, "--author", "Luigi Menabrea", "--example", str(example), "--sigma", "0.2"])
    described = load_description(out, perform_io_checks=True)
    assert described.validation_summary.status == "valid-format"
    assert [author.name for author in described.authors] == ["Ada Lovelace", "Luigi Menabrea"]
    assert (described.license, str(described.version)) == ("CC-BY-4.0", "3")
    with zipfile.ZipFile(out) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    noisy, denoised = (np.load(io.BytesIO(content[f"test-{name}.npy"])) for name in ("input", "output"))
    axes = described.inputs[0].axes
    assert [(extent - axis.size.min) % axis.size.step for extent, axis in zip(noisy.shape[2:], axes[2:])] == [0, 0]
    assert all(extent >= axis.size.min for extent, axis in zip(noisy.shape[2:], axes[2:]))
    np.testing.assert_allclose(single_step.run(content["denoiser.onnx"], package.scaled(noisy)), denoised, atol=1e-5)
    np.testing.assert_allclose(single_step.run(content["denoiser.onnx"], package.scaled(noisy), 0.2), denoised, atol=1e-5)
    assert content["tiny/unet/model.onnx"] == (model / "unet" / "model.onnx").read_bytes()
    assert b"A card." in content["README.md"] and b"# Validation" in content["README.md"]
    assert Image.open(io.BytesIO(content["cover.png"])).width == 512


@pytest.mark.parametrize("field, value, part", [("license", "do what you like", "license"), ("license", "", "license")])
def test_what_the_zoo_refuses_is_not_written(field, value, part, files, tmp_path):
    model, example = files
    text = (model / "sumi.json").read_text().replace('"CC-BY-4.0"', f'"{value}"')
    (model / "sumi.json").write_text(text)
    with pytest.raises(SystemExit, match=part):
        package.main([str(model), str(tmp_path / "tiny.zip"), "--author", AUTHOR, "--example", str(example)])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["example.png", "tiny"]


def test_faults_are_sentences(files, tmp_path):
    model, example = files
    arguments = [str(model), str(tmp_path / "tiny.zip"), "--author", AUTHOR, "--example"]
    with pytest.raises(SystemExit, match="none.png is missing"):
        package.main([*arguments, str(tmp_path / "none.png")])
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(tmp_path / "rgb.png")
    with pytest.raises(SystemExit, match="give a grey image"):
        package.main([*arguments, str(tmp_path / "rgb.png")])
    (tmp_path / "tiny.zip").touch()
    with pytest.raises(SystemExit, match="--overwrite"):
        package.main([*arguments, str(example)])
