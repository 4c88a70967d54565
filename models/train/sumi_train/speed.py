# SPDX-License-Identifier: BSD-2-Clause
"""Times Sumi against diffusers on torch, and its network against the machine; prints Markdown tables for docs/benchmarks.md.

    python -m sumi_train.speed chains     # whole chains, taking turns: Sumi (in Java), its network as torch exports it, diffusers
    python -m sumi_train.speed network    # GFLOP/s of one call over those of a large matrix product
    python -m sumi_train.speed int8       # nuclei-int8 against nuclei: time of a call and PSNR

Times are medians of RUNS; what is compared takes turns. Run it with nothing else going on.
"""

import argparse
import json
import statistics
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch
from diffusers import DDIMScheduler

from sumi_train import export
from sumi_train.quality import Sumi, load_testset, peak_signal_noise_ratio, with_noise
from sumi_train.runtime_form import load_network
from sumi_train.timing import CALLS, MODELS, alternate, inputs, session

RUNS, THREADS, STEPS = 5, 2, 10
SHAPES = ((1, 64), (16, 64), (1, 256), (1, 512))  # images, height and width
TILES = (2, 456)  # what a plane of 1536 x 1536 becomes, two at once
MATRIX = 2048
SIGMAS = (5, 20, 40)


def median_ratio(base: list[float], other: list[float]) -> str:
    """How many times as fast as base, median and range over the turns."""
    ratios = sorted(b / o for b, o in zip(base, other))
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"


def diffusers_chain(network, scheduler: DDIMScheduler, count: int, size: int, bf16: bool, channels_last: bool) -> None:
    layout = torch.channels_last if channels_last else torch.contiguous_format
    scheduler.set_timesteps(STEPS)
    x = torch.randn(count, 1, size, size, generator=torch.Generator().manual_seed(1))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        for t in scheduler.timesteps:
            output = network(x.contiguous(memory_format=layout), t.float().expand(count))
            x = scheduler.step(output.float(), t, x).prev_sample


@contextmanager
def java():
    """A function (model, count, size) -> seconds of Sumi's own chain, in one process for all of them."""
    root = MODELS.parent
    command = ["./mvnw", "-q", "-B", "-Pbench", "test-compile", "exec:java", "-Dexec.mainClass=io.github.sumi.pipeline.ChainClock"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        def chain(model, count, size):
            process.stdin.write(f"{model} ddim {STEPS} {count} {size}\n")
            process.stdin.flush()
            said = ""
            for line in process.stdout:
                if line.startswith("seconds "):
                    return float(line.split()[1])
                said += line
            raise SystemExit(f"this ended early: {' '.join(command)}\n{said}")
        yield chain
        process.stdin.close()


def plain_export(model: Path, folder: Path) -> Path:
    """The model with its network as torch exports it."""
    plain, loaded, known = folder / model.name, export.load(model), export.own_description(model)
    (plain / "unet").mkdir(parents=True)
    export.export_onnx(loaded, plain / "unet" / "model.onnx")
    export.write_json(loaded, plain, {"name": known["name"], "version": known["version"]}, known["tile"], known["overlap"], "float32",
                      export.TOLERANCE)
    return plain


def chains(model: Path) -> None:
    network = load_network(model)
    last = load_network(model).to(memory_format=torch.channels_last)
    scheduler = DDIMScheduler.from_config(json.loads((model / "scheduler" / "scheduler_config.json").read_text()))
    print(f"| images | {model.name} | torch's export in Sumi | diffusers, float32 | float32, channels last | bfloat16 | bfloat16, channels last |")
    print("|---" * 7 + "|")
    with TemporaryDirectory() as folder, java() as sumi:
        plain = plain_export(model, Path(folder))
        for count, size in SHAPES:
            times = alternate({
                "sumi": lambda: sumi(model, count, size),
                "plain": lambda: sumi(plain, count, size),
                "fp32": lambda: diffusers_chain(network, scheduler, count, size, False, False),
                "fp32 last": lambda: diffusers_chain(last, scheduler, count, size, False, True),
                "bf16": lambda: diffusers_chain(network, scheduler, count, size, True, False),
                "bf16 last": lambda: diffusers_chain(last, scheduler, count, size, True, True)}, RUNS)
            base = times["fp32"]
            print(f"| {count} of {size} x {size} | {' | '.join(median_ratio(base, times[name]) for name in ('sumi', 'plain'))} | 1 "
                  f"({statistics.median(base):.2f} s) | {' | '.join(median_ratio(base, times[name]) for name in list(times)[3:])} |", flush=True)


def flops_per_pixel(model: Path) -> float:
    """Multiplications and additions of the convolutions, counted at one output each, divided by pixels."""
    network, counted, size = load_network(model), [], 64
    def count(layer, _, output):
        inner = layer.weight[0].numel() if isinstance(layer, torch.nn.Conv2d) else layer.in_channels
        counted.append(2 * inner * output.numel())
    for layer in network.modules():
        if isinstance(layer, (torch.nn.Conv2d, torch.nn.ConvTranspose2d)):
            layer.register_forward_hook(count)
    with torch.no_grad():
        network(torch.zeros(1, 1, size, size), torch.zeros(1))
    return sum(counted) / size ** 2


def matrix_product() -> onnx.ModelProto:
    square = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [MATRIX, MATRIX]) for name in "abc"]
    graph = onnx.helper.make_graph([onnx.helper.make_node("MatMul", ["a", "b"], ["c"])], "product", square[:2], square[2:])
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)


def network(model: Path) -> None:
    a = np.random.default_rng(1).random((MATRIX, MATRIX), np.float32)
    matmul, matrix = session(matrix_product().SerializeToString(), THREADS), torch.from_numpy(a)
    products = alternate({"ONNX Runtime": lambda: matmul.run(None, {"a": a, "b": a})[0].shape, "torch": lambda: (matrix @ matrix).shape}, RUNS)
    speeds = {name: 2 * MATRIX ** 3 / statistics.median(values) / 1e9 for name, values in products.items()}
    best = max(speeds, key=speeds.get)
    print(f"Matrix product of {MATRIX} x {MATRIX}: {', '.join(f'{name} {speed:.0f} GFLOP/s' for name, speed in speeds.items())}.\n")
    print(f"| images | torch's export, GFLOP/s | over {best}'s product | {model.name}, GFLOP/s | over {best}'s product |")
    print("|---" * 5 + "|")
    with TemporaryDirectory() as folder:
        plain = session(plain_export(model, Path(folder)) / "unet" / "model.onnx", THREADS)
        own = session(model / "unet" / "model.onnx", THREADS)
        for count, size in (*SHAPES, TILES):
            feed = inputs(count, size)
            times = alternate({"plain": lambda: plain.run(None, feed)[0].shape, "own": lambda: own.run(None, feed)[0].shape,
                               "product": lambda: matmul.run(None, {"a": a, "b": a})[0].shape}, CALLS)
            product = 2 * MATRIX ** 3 / statistics.median(times["product"]) / 1e9
            cells = []
            for name in ("plain", "own"):
                speed = flops_per_pixel(model) * count * size ** 2 / statistics.median(times[name]) / 1e9
                cells += [f"{speed:.0f}", f"{speed / (product if best == 'ONNX Runtime' else speeds[best]):.2f}"]
            print(f"| {count} of {size} x {size} | {' | '.join(cells)} |", flush=True)


def int8(model: Path) -> None:
    names = model.name, model.name + "-int8"
    sessions = [session(MODELS / name / "unet" / "model.onnx", THREADS) for name in names]
    print(f"| images | {names[1]} is so many times as fast as {names[0]} |\n|---|---|")
    for count, size in (*SHAPES, TILES):
        feed = inputs(count, size)
        times = alternate({name: lambda one=one: one.run(None, feed)[0].shape for name, one in zip(names, sessions)}, CALLS)
        print(f"| {count} of {size} x {size} | {median_ratio(*times.values())} |", flush=True)
    print(f"\n| PSNR, dB | {' | '.join(f'σ = {sigma}' for sigma in SIGMAS)} |\n" + "|---" * (len(SIGMAS) + 1) + "|")
    clean, means = load_testset(model), {}
    for name in names:
        sumi = Sumi(MODELS / name)
        means[name] = [np.mean([peak_signal_noise_ratio(image, sumi(noisy, sigma), data_range=255) for image, noisy in with_noise(clean, sigma)])
                       for sigma in SIGMAS]
        print(f"| {name} | {' | '.join(f'{value:.3f}' for value in means[name])} |", flush=True)
    print("| loss | " + " | ".join(f"{a - b:.3f}" for a, b in zip(*means.values())) + " |")


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables = {"chains": chains, "network": network, "int8": int8}
    parser.add_argument("table", choices=tables)
    parser.add_argument("--model", type=Path, default=MODELS / "nuclei", help="model folder of a LocalUNet")
    options = parser.parse_args(arguments)
    torch.set_num_threads(THREADS)
    print(f"{torch.get_num_threads()} threads, torch {torch.__version__}, ONNX Runtime {onnxruntime.__version__} in Python, {time.strftime('%Y-%m-%d')}\n")
    tables[options.table](options.model.resolve())


if __name__ == "__main__":
    main()
