# SPDX-License-Identifier: BSD-2-Clause
"""Times the command line from its start to its first result, and what takes that time; prints a Markdown table.

    python -m sumi_train.startup

Each row does what the row above it does, and more. Medians of RUNS, taking turns. Build first: `./sumi --version`.
"""

import statistics
import subprocess
from tempfile import TemporaryDirectory

from sumi_train.timing import MODELS, alternate

ROOT = MODELS.parent
RUNS = 9


def run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    with TemporaryDirectory() as folder:
        stages = {
            "a JVM that does nothing, `java -version`": ["java", "-version"],
            "the script, the classes, the command line, `sumi --version`": ["./sumi", "--version"],
            "ONNX Runtime unpacked and loaded, the network loaded and called at 32 x 32, `sumi models verify nuclei`":
                ["./sumi", "models", "verify", "nuclei"],
            "a 360 x 360 image read, its noise estimated, denoised and written, `sumi denoise example.tif out.tif`":
                ["./sumi", "denoise", "models/nuclei/example.tif", f"{folder}/out.tif", "--overwrite"],
        }
        times = alternate({name: lambda command=command: run(command) for name, command in stages.items()}, RUNS)
    print(f"| until here | median of {RUNS}, s | range | more than before |\n|---|---|---|---|")
    before = 0.0
    for name, values in times.items():
        middle = statistics.median(values)
        print(f"| {name} | {middle:.2f} | {min(values):.2f} to {max(values):.2f} | {middle - before:.2f} |")
        before = middle


if __name__ == "__main__":
    main()
