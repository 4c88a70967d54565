# SPDX-License-Identifier: BSD-2-Clause
"""What the benchmark measured, kept as JSON lines so that a run that was stopped goes on."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


@dataclass(frozen=True)
class Cell:
    """One result: PSNR in dB and SSIM (both at a data range of 255, as in the model cards) and seconds."""

    of: str
    index: int
    noise: str
    method: str
    made: str
    psnr: float
    ssim: float
    seconds: float

    @property
    def key(self) -> tuple:
        return self.of, self.index, self.noise, self.method, self.made


def cell(of: str, index: int, noise: str, method: str, made: str, clean: np.ndarray, result: np.ndarray, seconds: float) -> Cell:
    psnr = peak_signal_noise_ratio(clean, result, data_range=255)
    return Cell(of, index, noise, method, made, float(psnr), float(structural_similarity(clean, result, data_range=255)), seconds)


class Results:
    """Cells in a file, one a line; a line that was cut off while it was written is measured again."""

    def __init__(self, path: Path):
        self.path = path
        self.cells: dict[tuple, Cell] = {}
        self._groups: dict[tuple, dict[int, Cell]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text() if path.exists() else ""
        for line in text.splitlines():
            try:
                self._keep(Cell(**json.loads(line)))
            except json.JSONDecodeError:
                continue
        if text and not text.endswith("\n"):
            with path.open("a") as file:
                file.write("\n")

    def _keep(self, found: Cell) -> None:
        self.cells[found.key] = found
        self._groups.setdefault((found.of, found.noise, found.method, found.made), {})[found.index] = found

    def add(self, cells: list[Cell]) -> None:
        with self.path.open("a") as file:
            for found in cells:
                file.write(json.dumps(asdict(found)) + "\n")
                self._keep(found)

    def __contains__(self, key: tuple) -> bool:
        return key in self.cells

    def of(self, of: str, noise: str, method: str, made: str) -> dict[int, Cell]:
        """The cells of a method on a set at a noise, by image."""
        return self._groups.get((of, noise, method, made), {})
