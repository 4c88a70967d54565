# SPDX-License-Identifier: BSD-2-Clause
"""The bars that Sumi's mean mode is held to by the benchmark: each met, missed or not measured, with its figure."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sumi_train import simulate
from sumi_train.benchmark_images import LEVELS, NATURAL, NUCLEI, Noise, count
from sumi_train.contestants import BLUR, BM3D, INPUT, MEAN, SUPERVISED, SUPERVISED_NOISE, Setup
from sumi_train.results import Results

TIMED, TIMED_NOISE = "512 x 512", Noise(sigma=20)
STRONG = ("σ = 20", "σ = 50", "peak 20", "peak 5")


@dataclass(frozen=True)
class Bar:
    """Met where the figure is at least the least; a figure of None isn't measured."""

    name: str
    least: float
    figure: float | None
    unit: str = "dB"
    where: str = ""

    @property
    def verdict(self) -> str:
        return "not measured" if self.figure is None else "met" if self.figure >= self.least else "missed"


class Gains:
    """How far the mean mode of the model to prove is above another method, in dB of PSNR."""

    def __init__(self, setup: Setup, results: Results):
        self.setup, self.results = setup, results
        self.sumi = MEAN.format(setup.models[0].name)

    def each(self, of: str, noise: Noise, other: str) -> list[float]:
        """Of the images that both were measured on."""
        mine, theirs = (self.results.of(of, noise.name, name, self.setup.made(name)) if name != SUPERVISED or self.setup.supervised else {}
                        for name in (self.sumi, other))
        return [mine[index].psnr - theirs[index].psnr for index in sorted(mine.keys() & theirs.keys())]

    def mean(self, of: str, noise: Noise, other: str) -> float | None:
        gains = self.each(of, noise, other)
        return float(np.mean(gains)) if gains else None

    def fewer(self, of: str, noise: Noise, other: str) -> str:
        """Of how many images a mean is, where some of the set weren't measured yet."""
        measured = len(self.each(of, noise, other))
        return "" if measured == count(of) else f", {measured} of {count(of)} images"


def worst(gains: Iterable[tuple[float | None, str]]) -> tuple[float | None, str]:
    """The lowest of (figure, where); (None, "") where there is none at all."""
    return min((gain for gain in gains if gain[0] is not None), default=(None, ""))


def check(setup: Setup, results: Results) -> list[Bar]:
    gains = Gains(setup, results)
    bars = [Bar(f"over BM3D on real nuclei, {noise.name}", 1.0 if noise.name in STRONG else 0.3, gains.mean(NUCLEI, noise, BM3D)) for noise in LEVELS]
    for kind in simulate.KINDS:
        figure, where = worst((gains.mean(kind, noise, BM3D), f"{noise.name}{gains.fewer(kind, noise, BM3D)}") for noise in LEVELS)
        bars.append(Bar(f"over BM3D on simulated {kind}, worst level", 0.0, figure, where=where))
    for other in (INPUT, BLUR):
        figure, where = worst((gains.mean(of, noise, other), f"{of}, {noise.name}{gains.fewer(of, noise, other)}") for of in (NUCLEI, *simulate.KINDS) for noise in LEVELS)
        bars.append(Bar(f"over '{other}' on nuclei and every kind, worst of all", 0.0, figure, where=where))
    figure, where = worst((gain, f"{NATURAL}, {noise.name}") for noise in LEVELS for gain in gains.each(NATURAL, noise, INPUT))
    bars.append(Bar("over the input on photographs, worst single image", -0.1, figure, where=where))
    figure, where = worst((gains.mean(of, SUPERVISED_NOISE, SUPERVISED), f"{of}{gains.fewer(of, SUPERVISED_NOISE, SUPERVISED)}") for of in (NUCLEI, *simulate.KINDS))
    bars.append(Bar("over the supervised UNet at its own σ, worst set", -0.3, figure, where=where))
    seconds = [found.seconds for name in (BM3D, gains.sumi) for found in results.of(TIMED, TIMED_NOISE.name, name, setup.made(name)).values()]
    bars.append(Bar("times as fast as BM3D at 512 x 512", 3.0, seconds[0] / seconds[1] if len(seconds) == 2 else None, "times"))
    return bars


def report(bars: list[Bar]) -> str:
    """A Markdown table."""
    rows = ["| bar | at least | figure | |", "|---|---|---|---|"]
    for bar in bars:
        sign = "+" if bar.unit == "dB" else ""
        figure = "" if bar.figure is None else f"{bar.figure:{sign}.2f} {bar.unit}{f' ({bar.where})' if bar.where else ''}"
        rows.append(f"| {bar.name} | {bar.least:{sign}g} | {figure} | {'**missed**' if bar.verdict == 'missed' else bar.verdict} |")
    return "\n".join(rows)
