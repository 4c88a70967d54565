# SPDX-License-Identifier: BSD-2-Clause
"""The tables of docs/quality.md."""

from collections.abc import Callable, Iterable

import numpy as np

from sumi_train import simulate
from sumi_train.bars import TIMED, TIMED_NOISE
from sumi_train.benchmark_images import CENTRAL, GAUSSIAN, LEVELS, MISSTATED, NATURAL, NUCLEI, PHOTOGRAPHS, SETS, WHOLE_NUCLEI, Noise, count
from sumi_train.contestants import BLUR, BM3D, FLIPS, INPUT, MEAN, SUPERVISED, SUPERVISED_NOISE, WHOLE_CROPS, Setup
from sumi_train.outside import CHAIN_CROPS, JAVA, N2V
from sumi_train.results import Cell, Results

MISSING = "not measured"


class Tables:
    def __init__(self, setup: Setup, results: Results):
        self.setup, self.results = setup, results
        self.model = setup.models[0].name
        self.sumi = MEAN.format(self.model)

    def cells(self, of: str, noise: Noise, name: str, only: Iterable[int] | None = None) -> list[Cell]:
        if name == SUPERVISED and not self.setup.supervised:
            return []
        found = self.results.of(of, noise.name, name, self.setup.made(name))
        only = self.whole(of, noise) if only is None else only
        return [cell for index, cell in found.items() if index in only]

    def whole(self, of: str, noise: Noise) -> set[int]:
        """The images that every method was run on which is to be, so that means are of the same ones; all of them once a run is through."""
        names = self.setup.names()
        return {index for index in range(count(of))
                if all((of, index, noise.name, name, self.setup.made(name)) in self.results for name in names if self.setup.takes(name, of, index, noise))}

    def label(self, of: str, noises: Iterable[Noise]) -> str:
        """The name of a set, and how many of its images were measured where it isn't all."""
        fewest = min(len(self.whole(of, noise)) for noise in noises)
        return of if fewest == count(of) else f"{of}, {fewest} of {count(of)}"

    def psnr(self, *what) -> str:
        cells = self.cells(*what)
        return f"{np.mean([cell.psnr for cell in cells]):.2f}" if cells else MISSING

    def both(self, *what) -> str:
        cells = self.cells(*what)
        return f"{self.psnr(*what)} / {np.mean([cell.ssim for cell in cells]):.3f}" if cells else MISSING

    def seconds(self, of: str, noises: Iterable[Noise], name: str, only=None) -> str:
        cells = [cell.seconds for noise in noises for cell in self.cells(of, noise, name, only)]
        return f"{np.median(cells):.2g}" if cells else ""

    def methods(self, of: str, noises: tuple[Noise, ...], names: list[str], only=None) -> str:
        """A row for each method."""
        rows = [[name, *(self.both(of, noise, name, only) for noise in noises), self.seconds(of, noises, name, only)] for name in names]
        return table(["method", *(noise.name for noise in noises), "seconds"], rows)

    def versus(self, sets: Iterable[str], noises: tuple[Noise, ...], names: list[str], value: Callable) -> str:
        """A row for each set, what the methods have there beside each other."""
        rows = [[self.label(of, noises), *(" / ".join(value(of, noise, name) for name in names) for noise in noises)] for of in sets]
        return table(["images", *(noise.name for noise in noises)], rows)


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def all_tables(setup: Setup, results: Results) -> str:
    tables = Tables(setup, results)
    flips, half = FLIPS.format(tables.model), len(LEVELS) // 2
    others = [FLIPS.format(model.name) for model in setup.models]
    names = [name for name in setup.names() if name != SUPERVISED and not (name in others and name != flips)]
    names = names if BM3D in names else names + [BM3D]
    versus = [INPUT, BLUR, BM3D, tables.sumi]
    words = f"{INPUT} / {BLUR} / BM3D / {tables.sumi}"
    photographs = [[photograph, *(" / ".join(tables.psnr(NATURAL, noise, name, (index,)) for name in versus) for noise in LEVELS)]
                   for index, photograph in enumerate(PHOTOGRAPHS)]
    chains = [INPUT, BM3D, tables.sumi, flips, *(form.format(tables.model) for form in JAVA)]
    timed = [[name, f"{cell.seconds:.2f}"] for name in setup.names() for cell in tables.cells(TIMED, TIMED_NOISE, name, (0,))]
    told = (Noise(sigma=20), *MISSTATED)
    parts = {
        "Real nuclei, Gaussian noise": tables.methods(NUCLEI, LEVELS[:half], names),
        "Real nuclei, camera noise": tables.methods(NUCLEI, LEVELS[half:], names),
        f"Simulated images, PSNR of {words}": tables.versus(simulate.KINDS, LEVELS, versus, tables.psnr),
        f"Photographs, PSNR of {words}": table(["image", *(noise.name for noise in LEVELS)], photographs),
        **{f"Every method, {noise.name}, PSNR": table(["method", *(tables.label(of, (noise,)) for of in SETS)], [[name, *(tables.psnr(of, noise, name) for of in SETS)]
                                                                        for name in (*names, *([SUPERVISED] if noise == SUPERVISED_NOISE else []))])
           for noise in CENTRAL},
        f"Told a wrong σ, PSNR of BM3D / {tables.sumi}": tables.versus((NUCLEI, "filaments", NATURAL), told, [BM3D, tables.sumi], tables.psnr),
        f"Noise2Void, on {len(WHOLE_CROPS)} crops of real nuclei of 256 x 256": tables.methods(WHOLE_NUCLEI, GAUSSIAN[1:], [INPUT, BM3D, N2V, tables.sumi], WHOLE_CROPS),
        f"Samples, on {len(CHAIN_CROPS)} crops of real nuclei": tables.methods(NUCLEI, CENTRAL, chains, CHAIN_CROPS),
        "Time at 512 x 512": table(["method", "seconds"], timed),
    }
    return "\n\n".join(f"### {title}\n\n{text}" for title, text in parts.items()) + "\n\n### Bars"
