# SPDX-License-Identifier: BSD-2-Clause
"""The methods of the benchmark by name, and where each of them runs."""

import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sumi_train import baselines, diffusion
from sumi_train.benchmark_images import CENTRAL, GAUSSIAN, MISSTATED, NATURAL, NUCLEI, WHOLE_NUCLEI, Noise
from sumi_train.quality import Sumi, best

INPUT, BLUR, BM3D = "noisy", "Gaussian blur, oracle width", "BM3D"
MEAN, FLIPS = "Sumi {}, mean", "Sumi {}, mean of 8 flips and rotations"
SUPERVISED = "supervised UNet for σ = 20"
SUPERVISED_NOISE = Noise(sigma=20)
WHOLE_CROPS = (0, 4, 8)  # that Noise2Void is trained on
BLIND = (INPUT, BLUR, "median, oracle size")  # see no noise model, and raw pixels
CLASSICAL = {INPUT: baselines.same, BLUR: baselines.gaussian, "median, oracle size": baselines.median,
             "non-local means, oracle strength": baselines.non_local_means, "total variation, oracle weight": baselines.total_variation,
             "wavelets (BayesShrink)": baselines.wavelet, BM3D: baselines.bm3d}


@dataclass(frozen=True)
class Setup:
    """What is compared: model folders, the first of them the one to prove, and a checkpoint of sumi_train.supervised or None."""

    models: tuple[Path, ...]
    supervised: Path | None

    def names(self) -> list[str]:
        """Of all methods, BM3D only where it is installed."""
        names = [name for name in CLASSICAL if name != BM3D or importlib.util.find_spec("bm3d")]
        names += [form.format(model.name) for model in self.models for form in (MEAN, FLIPS)]
        return names + ([SUPERVISED] if self.supervised else [])

    def model(self, name: str) -> Path | None:
        """The model of a method of Sumi's."""
        return next((model for model in self.models if name.startswith(f"Sumi {model.name},")), None)

    def made(self, name: str) -> str:
        """What tells the weights of a method from others of its name."""
        if name == SUPERVISED:
            return digest(self.supervised)
        model = self.model(name)
        return weights(model) if model else ""

    def takes(self, name: str, of: str, index: int, noise: Noise) -> bool:
        """Whether a method runs on an image at a noise; on images but nuclei all of them at two levels only."""
        proven = self.models[0].name
        if of == WHOLE_NUCLEI:
            return noise in GAUSSIAN[1:] and index in WHOLE_CROPS and name in (INPUT, BM3D, MEAN.format(proven))
        if noise in MISSTATED:
            return of in (NUCLEI, "filaments", NATURAL) and name in (BM3D, MEAN.format(proven))
        if name == SUPERVISED:
            return of != NATURAL and noise == SUPERVISED_NOISE
        if name in (FLIPS.format(model.name) for model in self.models[1:]):
            return False
        return of == NUCLEI or noise in CENTRAL or name in (INPUT, BLUR, BM3D, MEAN.format(proven))


@lru_cache(maxsize=8)
def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


@lru_cache(maxsize=8)
def weights(model: Path) -> str:
    return json.loads((model / "sumi.json").read_text())["sha256"][:8]


def flipped(denoise: Callable, noisy: np.ndarray, sigma: float) -> np.ndarray:
    """The mean over the eight flips and rotations of the image, each turned back."""
    results = []
    for turns in range(4):
        results.append(np.rot90(denoise(np.ascontiguousarray(np.rot90(noisy, turns)), sigma), -turns))
        mirrored = np.ascontiguousarray(np.rot90(noisy, turns)[:, ::-1])
        results.append(np.rot90(denoise(mirrored, sigma)[:, ::-1], -turns))
    return np.mean(results, axis=0)


class Supervised:
    """The network that sumi_train.supervised made: one pass at its one noise level, in the range 0..255."""

    def __init__(self, checkpoint: Path):
        from sumi_train import export
        self.network = export.load(checkpoint).module
        table = diffusion.linear_alphas_cumprod()
        self.t = diffusion.timestep_of(2 * SUPERVISED_NOISE.sigma / 255, table)
        self.alpha = diffusion.alphas_cumprod_at(np.array([self.t]), table)[0]

    def __call__(self, noisy: np.ndarray, sigma: float) -> np.ndarray:
        import torch

        x = torch.from_numpy(np.sqrt(self.alpha) * (2 * noisy / 255 - 1)).float()
        with torch.no_grad():
            epsilon = self.network(x[None, None], torch.tensor([self.t]).float())[0, 0]
        x0 = (x - np.sqrt(1 - self.alpha) * epsilon) / np.sqrt(self.alpha)
        return 255 * (x0.numpy().astype(np.float64) + 1) / 2


class Contestants:
    """The methods, opened when first asked for."""

    def __init__(self, setup: Setup, threads: int = 1):
        self.setup, self.threads = setup, threads
        self.opened = {}

    def _open(self, name: str, create: Callable):
        if name not in self.opened:
            self.opened[name] = create()
        return self.opened[name]

    def _results(self, name: str, noisy: np.ndarray, sigma: float) -> Iterator[np.ndarray]:
        if name in CLASSICAL:
            yield from CLASSICAL[name](noisy, sigma)
        elif name == SUPERVISED:
            yield self._open(name, lambda: Supervised(self.setup.supervised))(noisy, sigma)
        else:
            model = self.setup.model(name)
            sumi = self._open(str(model), lambda: Sumi(model, self.threads))
            yield flipped(sumi, noisy, sigma) if name == FLIPS.format(model.name) else sumi(noisy, sigma)

    def run(self, name: str, noisy: np.ndarray, noise: Noise, clean: np.ndarray) -> np.ndarray:
        """Denoised, float64 [H, W]; camera noise through the Anscombe transform, except for the methods that ignore it.

        Of several strengths the one nearest to clean is taken: who chooses by eye can come no nearer.
        """
        camera = noise.camera(clean)
        if camera is None or name in BLIND:
            return best(self._results(name, noisy, noise.stated * noise.sigma), clean)
        return best(map(camera.invert, self._results(name, camera.stabilise(noisy), noise.stated)), clean)
