# SPDX-License-Identifier: BSD-2-Clause
"""Methods of the benchmark that run in a process of their own: Sumi's command line, and Noise2Void in another Python."""

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import tifffile

from sumi_train import noise2void
from sumi_train.benchmark_images import CENTRAL, GAUSSIAN, NUCLEI, WHOLE_NUCLEI, Noise, clean_image, seed_of
from sumi_train.contestants import WHOLE_CROPS, Setup
from sumi_train.results import Results, cell
from sumi_train.timing import MODELS

SUMI = MODELS.parent / "sumi"
CHAIN_CROPS = (0, 3, 6, 9)
SAMPLES, STEPS = 8, 20
JAVA = {"Sumi {}, mean, by the command line": ["--mode", "mean"], "Sumi {}, one sample": ["--mode", "sample", "--steps", str(STEPS)],
        "Sumi {}, mean of 8 samples": ["--mode", "uncertainty", "--samples", str(SAMPLES), "--steps", str(STEPS)]}
N2V, N2V_NOISES = "Noise2Void", (GAUSSIAN[2], GAUSSIAN[1], GAUSSIAN[3])  # the middle one first
REPEATS, EPOCHS = 10, 30  # the image counts so many times an epoch; epochs as careamics has them


def told(noise: Noise, clean: np.ndarray) -> list[str]:
    """The noise as options of the command line."""
    camera = noise.camera(clean)
    if camera is None:
        return ["--noise", "gaussian", "--sigma", str(noise.sigma)]
    return ["--noise", "camera", "--gain", str(camera.gain), "--offset", str(camera.offset), "--readnoise", str(camera.read_noise)]


def chains(setup: Setup, results: Results, cache: Path) -> None:
    """Runs what is missing of JAVA, all crops in one call for each noise; seconds are those of the call over the crops."""
    model = setup.models[0]
    for noise in CENTRAL:
        for form, options in JAVA.items():
            name = form.format(model.name)
            made = setup.made(name)
            if all((NUCLEI, index, noise.name, name, made) in results for index in CHAIN_CROPS):
                continue
            folder = cache / "java" / f"{noise.name}, {name}, {made}".replace(" ", "")
            (folder / "in").mkdir(parents=True, exist_ok=True)
            cleans = {index: clean_image(NUCLEI, index) for index in CHAIN_CROPS}
            for index, clean in cleans.items():
                tifffile.imwrite(folder / "in" / f"{index}.tif", noise.add(clean, seed_of(NUCLEI, index)).astype(np.float32))
            begin = time.perf_counter()
            run([str(SUMI), "denoise", str(folder / "in"), str(folder / "out"), "--model", str(model), *options, *told(noise, cleans[CHAIN_CROPS[0]]),
                 "--type", "float", "--seed", "1", "--overwrite"])
            seconds = (time.perf_counter() - begin) / len(cleans)
            results.add([cell(NUCLEI, index, noise.name, name, made, clean, tifffile.imread(folder / "out" / f"{index}.tif").astype(np.float64),
                              seconds) for index, clean in cleans.items()])
            print(f"{noise.name}, {name}: {seconds:.1f} s a crop", flush=True)


def noise2void_result(python: Path, noise: Noise, index: int, cache: Path) -> tuple[np.ndarray, float]:
    """The image and the seconds that training and prediction took."""
    folder = cache / "noise2void"
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / f"{index}-{noise.sigma:g}.npy"
    noisy = out.with_stem(f"{out.stem}-noisy")
    if not out.with_suffix(".json").exists():
        np.save(noisy, noise.add(clean_image(WHOLE_NUCLEI, index), seed_of(WHOLE_NUCLEI, index)).astype(np.float32))
        run([str(python), noise2void.__file__, str(noisy), str(out), str(REPEATS), str(EPOCHS)], threads=1)
    return np.load(out).astype(np.float64), json.loads(out.with_suffix(".json").read_text())["seconds"]


def train_noise2void(python: Path, results: Results, cache: Path) -> None:
    """What is missing of N2V, two at a time on a thread each: on small patches two threads wait for each other."""
    missing = [(noise, index) for noise in N2V_NOISES for index in WHOLE_CROPS if (WHOLE_NUCLEI, index, noise.name, N2V, "") not in results]
    with ThreadPoolExecutor(2) as pool:
        for (noise, index), (image, seconds) in zip(missing, pool.map(lambda task: noise2void_result(python, *task, cache), missing)):
            results.add([cell(WHOLE_NUCLEI, index, noise.name, N2V, "", clean_image(WHOLE_NUCLEI, index), image, seconds)])
            print(f"{noise.name}, {N2V}, crop {index}: {seconds:.0f} s", flush=True)


def run(command: list[str], threads: int | None = None) -> None:
    """Raises SystemExit with what the command said where it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    if threads:
        environment["OMP_NUM_THREADS"] = str(threads)
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(f"this failed: {' '.join(command)}\n{done.stderr[-3000:]}")
