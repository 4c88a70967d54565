# SPDX-License-Identifier: BSD-2-Clause
"""Compares one-evaluation denoising with BM3D, non-local means and Gaussian blur on held-out plates, in one run.

    python -m sumi_train.quality --model models/nuclei
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from sumi_train import baselines, data, diffusion

SIGMAS = (5, 10, 20, 40)
CROP = 256
BEGIN, END = "<!-- quality:begin -->", "<!-- quality:end -->"


def make_testset(folder: Path, groups: list[str], out: Path, per_group=(11, 1)) -> None:
    """Writes 256x256 crops of the least grainy images of each held-out group, stretched to 0..255."""
    pictures = data.load(folder)
    out.mkdir(parents=True, exist_ok=True)
    for group, count in zip(groups, per_group):
        members = sorted((p for p in pictures if p.group == group and p.grain < 0.008), key=lambda p: p.name)
        for i in np.linspace(0, len(members) - 1, count).round().astype(int):
            pixels = members[i].pixels
            y, x = ((extent - CROP) // 2 for extent in pixels.shape)
            crop = np.clip(pixels[y:y + CROP, x:x + CROP] * 255 + 0.5, 0, 255).astype(np.uint8)
            Image.fromarray(crop).save(out / f"{members[i].name}.png")


class Sumi:
    """mean mode: one evaluation of the network at the timestep whose noise is that of the image."""

    def __init__(self, model: Path, threads: int = 0):
        """threads of the network's own; 0: as many as ONNX Runtime takes by itself."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(model / "unet" / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.table = diffusion.linear_alphas_cumprod()
        normalization = json.loads((model / "sumi.json").read_text())["normalization"]
        self.percentiles = normalization["lowPercentile"], normalization["highPercentile"]

    def __call__(self, noisy: np.ndarray, sigma: float) -> np.ndarray:
        # as in Java: grey values are measured on the noisy image, smoothed because noise widens its percentiles
        low, high = np.percentile(gaussian_filter(noisy, 2 ** 0.5, mode="mirror"), self.percentiles)
        peak = gaussian_filter(noisy, 1.0, mode="mirror").max()
        high = max(high, low + (peak - low) / data.CEILING, low + 4 * sigma)
        y = 2 * (noisy - low) / (high - low) - 1
        t = diffusion.timestep_of(2 * sigma / (high - low), self.table)
        a = diffusion.alphas_cumprod_at(np.array([t]), self.table)[0]
        x = (np.sqrt(a) * y).astype(np.float32)
        epsilon = self.session.run(None, {"sample": x[None, None], "timestep": np.array([t], np.float32)})[0][0, 0]
        x0 = (x - np.sqrt(1 - a) * epsilon) / np.sqrt(a)
        return low + (x0 + 1) / 2 * (high - low)


def best(candidates, clean: np.ndarray) -> np.ndarray:
    """The image with the highest PSNR: which one it is, only an oracle knows."""
    return max(candidates, key=lambda image: peak_signal_noise_ratio(clean, image, data_range=255))


def methods(model: Path) -> dict:
    """Name -> function of (noisy, sigma, clean), or what the table says in its place."""
    sumi = Sumi(model)
    try:
        import bm3d
    except ImportError:
        bm3d = None
    return {
        "noisy": lambda noisy, sigma, clean: noisy,
        "Gaussian blur, oracle width": lambda noisy, sigma, clean: best(baselines.gaussian(noisy, sigma), clean),
        "non-local means, oracle strength": lambda noisy, sigma, clean: best(baselines.non_local_means(noisy, sigma), clean),
        "BM3D": (lambda noisy, sigma, clean: next(baselines.bm3d(noisy, sigma))) if bm3d else "not installed",
        f"Sumi {model.resolve().name}, mean": lambda noisy, sigma, clean: sumi(noisy, sigma),
    }


def with_noise(clean: list[np.ndarray], sigma: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """(image, noisy image), the same ones whenever it is asked."""
    rng = np.random.default_rng(sigma)
    return [(image, image + sigma * rng.standard_normal(image.shape)) for image in clean]


def score(method, sigma: int, clean: list[np.ndarray]) -> str:
    """Mean PSNR in dB / mean SSIM over the images, each with the same noise for every method."""
    scores = []
    for image, noisy in with_noise(clean, sigma):
        result = method(noisy, sigma, image)
        scores.append((peak_signal_noise_ratio(image, result, data_range=255),
                       structural_similarity(image, result, data_range=255)))
    return "{:.2f} / {:.3f}".format(*np.mean(scores, axis=0))


def load_testset(model: Path, count=None) -> list[np.ndarray]:
    """float64 [H, W] in 0..255: the first count (or all) crops of model/testset."""
    paths = sorted((model / "testset").glob("*.png"))[:count]
    if not paths:
        raise SystemExit(f"{model}/testset holds no PNG; make it with --make-testset")
    return [np.asarray(Image.open(path)).astype(np.float64) for path in paths]


def measure(model: Path, sigmas=SIGMAS, count=None) -> str:
    """The table as Markdown, over the first count (or all) crops of model/testset."""
    clean = load_testset(model, count)
    rows = [f"| method | {' | '.join(f'σ = {s}' for s in sigmas)} |", "|---" * (len(sigmas) + 1) + "|"]
    for name, method in methods(model).items():
        cells = [method if isinstance(method, str) else score(method, sigma, clean) for sigma in sigmas]
        rows.append(f"| {name} | {' | '.join(cells)} |")
        print(rows[-1], flush=True)
    return "\n".join(rows)


def publish(text: str, page: Path, begin: str, end: str) -> None:
    """Puts the text between the lines begin and end of a page."""
    before, after = page.read_text().split(begin)[0], page.read_text().split(end)[1]
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="model folder; its README.md gets the table")
    parser.add_argument("--make-testset", type=Path, metavar="DATA", help="make MODEL/testset from this folder first")
    parser.add_argument("--groups", nargs="*", default=["520x696-offset", "256x320-dark"], help="held-out groups")
    options = parser.parse_args(arguments)
    if options.make_testset:
        make_testset(options.make_testset, options.groups, options.model / "testset")
    publish(measure(options.model), options.model / "README.md", BEGIN, END)


if __name__ == "__main__":
    main()
