# SPDX-License-Identifier: BSD-2-Clause
"""Holds Sumi against other denoisers on real nuclei, simulated images of every kind and photographs, and checks the bars it set itself.

    python -m sumi_train.benchmark --cache CACHE --out ../../docs/quality.md
    python -m sumi_train.benchmark --cache CACHE --time                      # the times again, with nothing else going on

What is in CACHE is not measured again: a run that was stopped goes on where it was. --supervised takes the checkpoint of
python -m sumi_train.supervised, --n2v-python a Python where careamics is installed; without them those rows are left out.
"""

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tqdm import tqdm

from sumi_train import bars, benchmark_sheet, benchmark_tables, outside, simulate
from sumi_train.bars import TIMED, TIMED_NOISE
from sumi_train.benchmark_images import LEVELS, MISSTATED, NATURAL, NUCLEI, WHOLE_NUCLEI, Noise, clean_image, count, seed_of
from sumi_train.contestants import BM3D, MEAN, Contestants, Setup
from sumi_train.quality import publish
from sumi_train.results import Cell, Results, cell
from sumi_train.timing import MODELS, alternate

WORKERS = CORES = 2
TURNS = 3
BEGIN, END = "<!-- benchmark:begin -->", "<!-- benchmark:end -->"
_contestants: list[Contestants] = []  # of a worker process


def plan(setup: Setup, results: Results) -> list[tuple[str, int, Noise, list[str]]]:
    """(set, image, noise, methods) of what is missing: nuclei and photographs, then the first image of every kind before the second."""
    names = setup.names()
    tasks = []
    everything = [(of, index, noise) for of in (NUCLEI, WHOLE_NUCLEI, NATURAL, *simulate.KINDS) for index in range(count(of)) for noise in (*LEVELS, *MISSTATED)]
    for of, index, noise in sorted(everything, key=lambda task: (task[0] in simulate.KINDS, task[1])):
        missing = [name for name in names
                   if setup.takes(name, of, index, noise) and (of, index, noise.name, name, setup.made(name)) not in results]
        if missing:
            tasks.append((of, index, noise, missing))
    return tasks


def open_worker(setup: Setup) -> None:
    _contestants[:] = [Contestants(setup)]


def measure(of: str, index: int, noise: Noise, names: list[str]) -> list[Cell]:
    """The methods on one noisy image, in a worker."""
    contestants = _contestants[0]
    clean = clean_image(of, index)
    noisy = noise.add(clean, seed_of(of, index))
    cells = []
    for name in names:
        begin = time.perf_counter()
        result = contestants.run(name, noisy, noise, clean)
        cells.append(cell(of, index, noise.name, name, contestants.setup.made(name), clean, result, time.perf_counter() - begin))
    return cells


def measure_all(setup: Setup, results: Results) -> None:
    """In WORKERS processes of one thread each."""
    tasks = plan(setup, results)
    os.environ["OMP_NUM_THREADS"] = "1"  # read when the workers start
    with ProcessPoolExecutor(WORKERS, get_context("spawn"), open_worker, (setup,)) as pool:
        futures = [pool.submit(measure, *task) for task in tasks]
        try:
            for future in tqdm(as_completed(futures), total=len(futures), mininterval=10, disable=not tasks):
                results.add(future.result())
        except BaseException:  # Ctrl-C too: what was measured is in the cache, the rest need not be waited for
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    del os.environ["OMP_NUM_THREADS"]


def measure_time(setup: Setup, results: Results) -> None:
    """Seconds of Sumi and BM3D on one image of 512 x 512 in turn, Sumi on CORES threads, BM3D on what it takes; the median of TURNS."""
    clean = np.tile(clean_image(WHOLE_NUCLEI, 0), (2, 2))
    noise = TIMED_NOISE
    noisy = noise.add(clean, 1)
    contestants = Contestants(setup, threads=CORES)
    names = [MEAN.format(model.name) for model in setup.models] + [name for name in setup.names() if name == BM3D]
    seconds = alternate({name: lambda name=name: contestants.run(name, noisy, noise, clean) for name in names}, TURNS)
    results.add([cell(TIMED, 0, noise.name, name, setup.made(name), clean, contestants.run(name, noisy, noise, clean),
                      float(np.median(times))) for name, times in seconds.items()])


def options_of(arguments) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder for what was measured")
    parser.add_argument("--models", type=Path, nargs="+", default=[MODELS / "fluorescence", MODELS / "nuclei"],
                        help="model folders, the one to prove first")
    parser.add_argument("--supervised", type=Path, help="checkpoint.pt of sumi_train.supervised")
    parser.add_argument("--n2v-python", type=Path, help="Python with careamics")
    parser.add_argument("--time", action="store_true", help="measure the times again and nothing else")
    parser.add_argument("--out", type=Path, help=f"Markdown file that gets the tables between its lines {BEGIN} and {END}, and images/quality.jpg beside it")
    return parser.parse_args(arguments)


def main(arguments=None) -> None:
    options = options_of(arguments)
    setup = Setup(tuple(model.resolve() for model in options.models), options.supervised)
    results = Results(options.cache / "results.jsonl")
    if not options.time:
        measure_all(setup, results)
        outside.chains(setup, results, options.cache)
        if options.n2v_python:
            outside.train_noise2void(options.n2v_python, results, options.cache)
    if options.time or not any(key[0] == TIMED for key in results.cells):
        measure_time(setup, results)
    text = benchmark_tables.all_tables(setup, results) + "\n\n" + bars.report(bars.check(setup, results))
    print(text)
    if options.out:
        publish(text, options.out, BEGIN, END)
        benchmark_sheet.write(setup, options.out.parent / "images" / "quality.jpg")


if __name__ == "__main__":
    main()
