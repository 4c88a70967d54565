# SPDX-License-Identifier: BSD-2-Clause
"""Measures what a restoration of sumi_train.restoration makes of its test images, beside deconvolution and denoising, as a Markdown table.

    python -m sumi_train.restored OUT --sumi ../../sumi --sheet ../../docs/images/restored.jpg

Sumi restores and denoises by its command line; what it wrote to OUT/restored is kept. Richardson-Lucy is given the true PSF, the true offset and an
oracle that stops it at the best of several iterations, and its result is blurred to the resolution of the truth. PSNR in dB, the range
of each true image as its peak; pixels within EDGE of the border are left out. Then the same of OTHER microscopes, which blur less or more than the one
of the training, in OUT/test-WIDTH.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image
from scipy import fft
from skimage.metrics import peak_signal_noise_ratio
from skimage.restoration import richardson_lucy
from tqdm import tqdm

from sumi_train import simulate
from sumi_train.restoration import BLURRED, CAMERA, SHARP, TESTED, blur, make, names
from sumi_train.sheet import montage
from sumi_train.simulate import STRUCTURES
from sumi_train.simulate_optics import transfer

EDGE, PSF_RADIUS = 16, 16  # px
OTHERS = (3.5, 6.5)  # px, widths of the blur
ITERATIONS = (1, 2, 3, 6, 12, 25, 50, 100)
SAMPLES, STEPS = 8, 20
NORMAL_90 = 1.645  # SDs to each side that hold 90 % of a normal distribution
DENOISED, MEAN, SAMPLE, UNCERTAINTY = "denoised by fluorescence", "restored, mean", "restored, one sample", f"restored, mean of {SAMPLES} samples"
INPUT, DECONVOLVED, BOTH = "input", "Richardson-Lucy, oracle iterations", "denoised, then Richardson-Lucy, oracle iterations"
SHOWN, SHOWN_SIZE = (INPUT, DENOISED, DECONVOLVED, BOTH, MEAN, SAMPLE), 128
CAMERA_OPTIONS = ("--noise", "camera", "--gain", str(CAMERA.gain), "--offset", str(CAMERA.offset), "--readnoise", str(CAMERA.read_noise))


def commands(model: Path) -> dict[str, tuple[str, ...]]:
    """What Sumi's command line is asked for by each method."""
    restore = ("--model", str(model), "--steps", str(STEPS), "--samples", str(SAMPLES), "--mode")
    return {DENOISED: ("denoise", *CAMERA_OPTIONS), MEAN: ("translate", *restore, "mean"), SAMPLE: ("translate", *restore, "sample"),
            UNCERTAINTY: ("translate", *restore, "uncertainty")}


def run(sumi: Path, low: Path, out: Path, words: tuple[str, ...]) -> None:
    """Sumi on a folder of images; those in out already stay."""
    command = [str(sumi), words[0], str(low), str(out), *words[1:], "--type", "float", "--skip-existing"]
    code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    if code:
        raise SystemExit(f"this failed with exit code {code}: {' '.join(command)}")


def psf(width: float) -> np.ndarray:
    """The in-focus Airy pattern, [2 PSF_RADIUS + 1, the same], sum 1."""
    size = 8 * PSF_RADIUS
    whole = fft.fftshift(fft.irfft2(transfer(size, width, 0.0, True), (size, size)))
    middle = slice(size // 2 - PSF_RADIUS, size // 2 + PSF_RADIUS + 1)
    return whole[middle, middle] / whole[middle, middle].sum()


def deconvolved(image: np.ndarray, sharp: np.ndarray, width: float = BLURRED) -> np.ndarray:
    """The best of several numbers of iterations, as only one who has the sharp image can tell; all in grey values."""
    light = np.pad(np.maximum(image - CAMERA.offset, 1e-3), 2 * PSF_RADIUS, mode="reflect")
    inner = slice(2 * PSF_RADIUS, 2 * PSF_RADIUS + len(image))
    scale = light.max()
    results = (richardson_lucy(light / scale, psf(width), num_iter=count, clip=False) for count in ITERATIONS)
    return max((CAMERA.offset + blur(result * scale, SHARP)[inner, inner] for result in results), key=lambda result: psnr(result, sharp))


def inside(image: np.ndarray) -> np.ndarray:
    return image[EDGE:-EDGE, EDGE:-EDGE]


def psnr(result: np.ndarray, sharp: np.ndarray) -> float:
    return peak_signal_noise_ratio(inside(sharp), inside(result), data_range=np.ptp(sharp))


def read(path: Path) -> np.ndarray:
    return tifffile.imread(path).astype(np.float64)


def results(out: Path, name: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The sharp image and what every method makes of the other one."""
    sharp, low = read(out / "test" / "high" / name), read(out / "test" / "low" / name)
    made = {method: read(out / "restored" / method / name) for method in (DENOISED, MEAN, SAMPLE, UNCERTAINTY)}
    return sharp, {INPUT: low, DENOISED: made[DENOISED], DECONVOLVED: deconvolved(low, sharp), BOTH: deconvolved(made[DENOISED], sharp),
                   **{method: made[method] for method in (MEAN, SAMPLE, UNCERTAINTY)}}


def elsewhere(out: Path, sumi: Path, width: float) -> dict[str, float]:
    """Mean PSNR over all structures on images of another microscope."""
    test, made = out / f"test-{width}", out / f"restored-{width}"
    make(test / "high", test / "low", TESTED, simulate.TEST, width)
    run(sumi, test / "low", made, commands(out / "run" / "model")[MEAN])
    scores = {INPUT: [], DECONVOLVED: [], MEAN: []}
    for kind in tqdm(STRUCTURES, mininterval=5):
        for name in names(kind):
            sharp, low = read(test / "high" / name), read(test / "low" / name)
            for method, image in ((INPUT, low), (DECONVOLVED, deconvolved(low, sharp, width)), (MEAN, read(made / name))):
                scores[method].append(psnr(image, sharp))
    return {method: float(np.mean(values)) for method, values in scores.items()}


def deviations(out: Path, name: str) -> np.ndarray:
    """How many SDs the mean of samples is off, of each pixel."""
    folder = out / "restored" / UNCERTAINTY
    sharp, mean, sd = read(out / "test" / "high" / name), read(folder / name), read(folder / name.replace(".tif", "-sd.tif"))
    return inside(np.abs(sharp - mean) / np.maximum(sd, 1e-6)).ravel()


def sheet(columns: dict[str, list[np.ndarray]], path: Path) -> None:
    """Writes a picture with a line for each list and a column for each of its images, each column in the range of its last line, the truth."""
    rows = np.stack([[image[EDGE:EDGE + SHOWN_SIZE, EDGE:EDGE + SHOWN_SIZE] for image in images] for images in columns.values()])
    low, high = (np.percentile(rows[-1], percent, axis=(1, 2))[None, :, None, None] for percent in (1, 99.8))
    scaled = 2 * (rows - low) / (high - low) - 1
    Image.fromarray(montage(scaled.reshape(-1, SHOWN_SIZE, SHOWN_SIZE), rows.shape[1])).save(path)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder of sumi_train.restoration")
    parser.add_argument("--sumi", type=Path, required=True, help="Sumi's command line")
    parser.add_argument("--sheet", type=Path, help="picture to write: " + ", ".join(SHOWN) + ", truth")
    options = parser.parse_args(arguments)
    for method, words in commands(options.out / "run" / "model").items():
        run(options.sumi, options.out / "test" / "low", options.out / "restored" / method, words)
    print(f"| | {' | '.join(STRUCTURES)} | mean |")
    scores, shown, off = {}, {}, []
    for kind in tqdm(STRUCTURES, mininterval=5):
        for i, name in enumerate(names(kind)):
            sharp, made = results(options.out, name)
            for method, image in made.items():
                scores.setdefault(method, {}).setdefault(kind, []).append(psnr(image, sharp))
            off.append(deviations(options.out, name))
            for method in (*SHOWN, "truth") if i == 0 else ():
                shown.setdefault(method, []).append(made.get(method, sharp))
    print("|---" * (len(STRUCTURES) + 2) + "|")
    for method, of in scores.items():
        means = [np.mean(values) for values in of.values()]
        print(f"| {method} | {' | '.join(f'{mean:.2f}' for mean in (*means, np.mean(means)))} |")
    within = " and ".join(f"{100 * np.mean(np.concatenate(off) <= count):.0f} % within {count}" for count in (1, 2))
    print(f"of the {UNCERTAINTY.removeprefix('restored, ')} lie {within} SD of the truth; 90 % are within {NORMAL_90} SD once it is multiplied by "
          f"{np.percentile(np.concatenate(off), 90) / NORMAL_90:.2f}")
    for width in OTHERS:
        found = ", ".join(f"{method} {value:.2f}" for method, value in elsewhere(options.out, options.sumi, width).items())
        print(f"of another microscope, blur of {width} px in place of {BLURRED}: {found}")
    if options.sheet:
        sheet(shown, options.sheet)


if __name__ == "__main__":
    main()
