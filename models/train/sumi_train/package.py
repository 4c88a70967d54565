# SPDX-License-Identifier: BSD-2-Clause
"""Packs a model folder for the BioImage Model Zoo: a .zip with an rdf.yaml (format 0.5), which is still a model of Sumi.

    sumi-train package models/fluorescence fluorescence.zip --author "Ada Lovelace, University of London" \\
        --example models/nuclei/testset/2d53d7ec0c579fff.png

In it: ``rdf.yaml``; the denoiser in one step of ``single_step``, which tools of the zoo run at the stated noise level --sigma; its
test tensors; a cover; the model card; and, in a folder of the model's name, the model itself, so that `sumi models add` takes the
same file.
"""

import argparse
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import tifffile
from bioimageio.spec import InvalidDescr, ValidationContext, load_description, save_bioimageio_yaml_only
from bioimageio.spec.common import FileDescr, RelativeFilePath
from bioimageio.spec.model import v0_5 as rdf
from PIL import Image

from sumi_train import single_step

PERCENTILES = 1.0, 99.8
CROP = 256
PAPER = {"text": "Ho, Jain, Abbeel 2020, Denoising Diffusion Probabilistic Models", "doi": "10.48550/arxiv.2006.11239"}
FILES = ("unet/model.onnx", "unet/config.json", "scheduler/scheduler_config.json", "sumi.json", "model_index.json", "README.md")
VALIDATION = """

# Validation

`test-input.npy` and `test-output.npy` are what this package gave where it was made; `bioimageio test rdf.yaml` repeats it, and
`sumi models add PACKAGE.zip` runs the test of the model inside. How good it is on held-out images is said above, where its author measured it.

# Use

Image analysis tools run `denoiser.onnx`: one evaluation for noise of SD {sigma:g} times the range from percentile 1 to 99.8 of the
image. Noise that is much weaker or stronger needs its own `--sigma` at packing, or Sumi, which measures it: `sumi models add PACKAGE.zip`.
The output runs from 0 to 1 where the input ran over that range; it isn't clipped.
"""


def example(path: Path, multiple: int) -> np.ndarray:
    """float32 [1, 1, H, W] in 0..1: the middle of the first plane, at most CROP pixels a side. Raises ValueError where it is none."""
    pixels = tifffile.imread(path) if path.suffix.lower() in (".tif", ".tiff") else np.asarray(Image.open(path))
    while pixels.ndim > 2 and pixels.shape[-1] not in (3, 4):
        pixels = pixels[0]
    if pixels.ndim != 2 or min(pixels.shape) < multiple:
        raise ValueError(f"{path} is of the shape {' x '.join(map(str, pixels.shape))}; give a grey image of {multiple} pixels a side or more")
    height, width = (min(extent, CROP) // multiple * multiple for extent in pixels.shape)
    y, x = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return pixels[y:y + height, x:x + width].astype(np.float32)[None, None]


def with_noise(clean: np.ndarray, sigma: float) -> np.ndarray:
    """Of the stated noise level, so that cover and test show what the denoiser is for; seeded."""
    low, high = np.percentile(clean, PERCENTILES)
    return (clean + sigma * (high - low) * np.random.default_rng(1).standard_normal(clean.shape)).astype(np.float32)


def scaled(image: np.ndarray) -> np.ndarray:
    """As the preprocessing of rdf.yaml: percentiles 1 and 99.8 become 0 and 1."""
    low, high = np.percentile(image, PERCENTILES)
    return ((image - low) / (high - low + 1e-6)).astype(np.float32)


def cover(noisy: np.ndarray, denoised: np.ndarray, path: Path) -> None:
    """Left half noisy, right half denoised."""
    half = noisy.shape[-1] // 2
    both = np.concatenate([noisy[0, 0, :, :half], denoised[0, 0, :, half:]], axis=1)
    Image.fromarray(np.uint8(255 * np.clip(both, 0, 1))).resize((512, 512 * both.shape[0] // both.shape[1])).save(path)


def axes(multiple: int, receptive_field: int | None) -> tuple[list, list]:
    """(of the input, of the output): batch, channel, y, x; a tile's margin of the receptive field is cut off the output."""
    batch, channel = rdf.BatchAxis(), rdf.ChannelAxis(channel_names=["intensity"])
    inputs, outputs = [batch, channel], [batch, channel]
    halo = -(-(receptive_field or 4 * multiple) // multiple) * multiple
    for name in ("y", "x"):
        least = -(-(2 * halo + multiple) // multiple) * multiple
        inputs.append(rdf.SpaceInputAxis(id=name, size=rdf.ParameterizedSize(min=least, step=multiple)))
        outputs.append(rdf.SpaceOutputAxisWithHalo(id=name, halo=halo, size=rdf.SizeReference(tensor_id="noisy", axis_id=name)))
    return inputs, outputs


def describe(folder: Path, sumi: dict, authors: list[str], sigma: float) -> rdf.ModelDescr:
    """The rdf.yaml of the files that lie in folder."""
    with ValidationContext(root=folder):
        return describe_here(sumi, authors, sigma)


def describe_here(sumi: dict, authors: list[str], sigma: float) -> rdf.ModelDescr:
    inputs, outputs = axes(sumi["sizeMultiple"], sumi["receptiveField"])
    file = lambda name: FileDescr(source=RelativeFilePath(name))
    grey = rdf.IntervalOrRatioDataDescr(type="float32", range=(None, None), unit="arbitrary unit")
    scale = rdf.ScaleRangeDescr(kwargs=rdf.ScaleRangeKwargs(axes=("channel", "y", "x"), min_percentile=PERCENTILES[0], max_percentile=PERCENTILES[1]))
    return rdf.ModelDescr(
        format_version=rdf.ModelDescr.implemented_format_version, type="model", name=f"{sumi['name']} denoiser",
        description=sumi["description"][:1000], license=sumi["license"], version=str(sumi["version"]),
        authors=[author(text) for text in authors], cite=[rdf.CiteEntry(**PAPER)],
        tags=["denoising", "image-restoration", "diffusion", "unet", "fluorescence", "2d", "onnx", "sumi"],
        documentation=file("README.md"), covers=[file("cover.png")], attachments=[file(f"{sumi['name']}/{name}") for name in FILES],
        inputs=[rdf.InputTensorDescr(id="noisy", axes=inputs, data=grey, preprocessing=[scale], test_tensor=file("test-input.npy"),
                                     description=f"a plane with noise of SD {sigma:g} times its range")],
        outputs=[rdf.OutputTensorDescr(id="denoised", axes=outputs, data=grey, test_tensor=file("test-output.npy"),
                                       description="the clean plane, 0 to 1 over the range of the input")],
        weights=rdf.WeightsDescr(onnx=rdf.OnnxWeightsDescr(source=RelativeFilePath("denoiser.onnx"), opset_version=17)),
        config=rdf.Config(**{"sumi": {"sigma": sigma, "trainingData": sumi["trainingData"], "citation": sumi["citation"]}}))


def author(text: str) -> rdf.Author:
    name, _, affiliation = (piece.strip() for piece in text.partition(","))
    return rdf.Author(name=name, affiliation=affiliation or None)


def package(model: Path, out: Path, authors: list[str], sigma: float, image: Path) -> rdf.ModelDescr:
    """Writes the .zip. Raises ValueError, with nothing written, where it would not pass the zoo's own check."""
    sumi = json.loads((model / "sumi.json").read_text())
    denoiser = single_step.build(model, sigma).SerializeToString()
    noisy = with_noise(example(image, sumi["sizeMultiple"]), sigma)
    denoised = single_step.run(denoiser, scaled(noisy))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in FILES:
            (folder / sumi["name"] / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / sumi["name"] / name).write_bytes((model / name).read_bytes())
        (folder / "denoiser.onnx").write_bytes(denoiser)
        (folder / "README.md").write_text((model / "README.md").read_text() + VALIDATION.format(sigma=sigma))
        np.save(folder / "test-input.npy", noisy)
        np.save(folder / "test-output.npy", denoised)
        cover(scaled(noisy), denoised, folder / "cover.png")
        save_bioimageio_yaml_only(describe(folder, sumi, authors, sigma), folder / "rdf.yaml")
        return write_zip(folder, out)


def write_zip(folder: Path, out: Path) -> rdf.ModelDescr:
    """Puts the files into out, once the zoo's own check has read them there. Raises ValueError where it refuses them."""
    with tempfile.TemporaryDirectory(dir=out.resolve().parent, prefix=f".{out.name}.") as temporary:
        partial = Path(temporary) / out.name
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    archive.write(file, file.relative_to(folder))
        checked = load_description(partial, perform_io_checks=True)
        if isinstance(checked, InvalidDescr):
            raise ValueError(f"would not be a package of the zoo: {checked.validation_summary.format()}")
        partial.replace(out)
    return checked


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="model folder")
    parser.add_argument("out", type=Path, help=".zip to write")
    parser.add_argument("--author", action="append", required=True, help="'NAME, AFFILIATION'; once for each")
    parser.add_argument("--sigma", type=float, default=0.1, help="SD of the noise over the image's range, for tools that can't give it (default: %(default)s)")
    parser.add_argument("--example", type=Path, required=True, help="a grey image with little noise; cover and test show it with noise of --sigma")
    parser.add_argument("--overwrite", action="store_true", help="replace OUT where it exists")
    options = parser.parse_args(arguments)
    if options.out.suffix != ".zip":
        parser.error(f"OUT is {options.out}; its name must end in .zip")
    if options.out.exists() and not options.overwrite:
        raise SystemExit(f"{options.out} exists; --overwrite replaces it")
    try:
        described = package(options.model, options.out, options.author, options.sigma, options.example)
    except FileNotFoundError as missing:
        raise SystemExit(f"{missing.filename} is missing") from None
    except ValueError as refusal:
        raise SystemExit(f"{options.model}: {refusal}") from None
    print(f"{options.out}: {described.name}, format {described.format_version}, {described.validation_summary.status}")


if __name__ == "__main__":
    main()
