# SPDX-License-Identifier: BSD-2-Clause
"""Writes chains of the nuclei model in diffusers, which the Java tests hold DDPM Generate against.

Run in models/train: `python -m sumi_train.unet_golden`. The weights of model.onnx go into the torch network; a stock
DDPMScheduler of diffusers takes it through 1000 steps in float32, with the noise of NoiseField instead of torch's. The other
schedulers, made of the DDPMScheduler's configuration, take it through few steps, of which the ends are written.
Tensors are written as base64 of little-endian float32.
"""

import base64
import json
import platform
import sys
from pathlib import Path

import diffusers
import numpy as np
import onnxruntime
import torch
from diffusers.schedulers import scheduling_ddpm

from sumi_train.golden import GOLDEN
from sumi_train.noise import START, noise_field
from sumi_train.runtime_form import load_network

MODEL = Path(__file__).parents[2] / "nuclei"
SEED, STEPS, RECORDED = 1, 1000, 20
SHAPE = (1, 1, 32, 32)
TOLERANCE = 1e-5
# sampler, class, fields, arguments of step, steps
SAMPLERS = (
    ("ddim", "DDIMScheduler", {}, {}, 20), ("ddim", "DDIMScheduler", {}, {"eta": 0.5}, 20),
    ("dpmpp", "DPMSolverMultistepScheduler", {}, {}, 20),
    ("dpmpp-sde", "DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}, {}, 20),
    ("unipc", "UniPCMultistepScheduler", {}, {}, 20), ("euler", "EulerDiscreteScheduler", {}, {}, 20),
    ("euler-ancestral", "EulerAncestralDiscreteScheduler", {}, {}, 20), ("heun", "HeunDiscreteScheduler", {}, {}, 10),
    ("pndm", "PNDMScheduler", {}, {}, 20), ("lcm", "LCMScheduler", {}, {}, 10),
)


def encode(values) -> str:
    return base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()


def chain(network, scheduler, seed: int, shape: tuple, recorded: set[int]) -> tuple[list, torch.Tensor]:
    """The recorded steps of the reverse process, and its end."""
    step = 0
    original = scheduling_ddpm.randn_tensor
    scheduling_ddpm.randn_tensor = lambda size, **_: torch.from_numpy(noise_field(seed, step, tuple(size)))
    try:
        sample = torch.from_numpy(noise_field(seed, START, shape))
        records = []
        for step, t in enumerate(scheduler.timesteps):
            with torch.no_grad():
                epsilon = network(sample, t.float().expand(shape[0]))
            previous = scheduler.step(epsilon, t, sample).prev_sample
            if step in recorded:
                records.append({"step": step, "timestep": int(t), "sample": encode(sample), "output": encode(epsilon),
                                "previous": encode(previous)})
            sample = previous
    finally:
        scheduling_ddpm.randn_tensor = original
    return records, sample


def ends(network, config: dict, seed: int, shape: tuple) -> list:
    """Where the other schedulers end."""
    made = []
    for sampler, name, fields, arguments, steps in SAMPLERS:
        scheduler = getattr(diffusers, name).from_config(config, **fields)
        module = sys.modules[type(scheduler).__module__]
        step = 0
        original = getattr(module, "randn_tensor", None)
        module.randn_tensor = lambda size, **_: torch.from_numpy(noise_field(seed, step, tuple(size)))
        scheduler.set_timesteps(steps)
        sample = torch.from_numpy(noise_field(seed, START, shape)) * scheduler.init_noise_sigma
        for step, t in enumerate(scheduler.timesteps):
            with torch.no_grad():
                epsilon = network(scheduler.scale_model_input(sample, t), t.float().expand(shape[0]))
            sample = scheduler.step(epsilon, t, sample, **arguments).prev_sample
        module.randn_tensor = original
        assert torch.isfinite(sample).all(), sampler
        made.append({"sampler": sampler, "eta": arguments.get("eta", 0), "steps": steps, "end": encode(sample)})
    return made


def parity(network, session, records: list, shape: tuple) -> float:
    """Largest difference of the recorded outputs from those of onnxruntime, relative to the largest output above 1."""
    worst = []
    for record in records:
        sample, output = (np.frombuffer(base64.b64decode(record[key]), "<f4").reshape(shape) for key in ("sample", "output"))
        found = session.run(None, {"sample": sample, "timestep": np.full(shape[0], record["timestep"], np.float32)})[0]
        worst.append(np.abs(found - output).max() / max(1.0, np.abs(output).max()))
    return float(np.max(worst))


def make(model: Path, shape=SHAPE, steps=STEPS, count=RECORDED) -> dict:
    network = load_network(model)
    scheduler = diffusers.DDPMScheduler.from_pretrained(model / "scheduler")
    assert scheduler.config.clip_sample, "the shipped scheduler clips x_0"
    scheduler.set_timesteps(steps)
    recorded = set(np.linspace(0, steps - 1, count).round().astype(int).tolist())
    records, end = chain(network, scheduler, SEED, shape, recorded)
    session = onnxruntime.InferenceSession(str(model / "unet" / "model.onnx"), providers=["CPUExecutionProvider"])
    difference = parity(network, session, records, shape)
    assert difference <= TOLERANCE, f"torch and onnxruntime differ by {difference:.2e}; allowed is {TOLERANCE}"
    assert torch.isfinite(end).all()
    print(f"torch and onnxruntime differ by {difference:.2e} (allowed {TOLERANCE})")
    first = noise_field(SEED, START, shape).ravel()[:16]
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__, "numpy": np.__version__,
                "onnxruntime": onnxruntime.__version__, "python": platform.python_version()}
    return {"versions": versions, "sha256": json.loads((model / "sumi.json").read_text())["sha256"], "seed": SEED,
            "shape": shape, "steps": steps, "noise": encode(first), "chain": records, "end": encode(end)}


def make_samplers(model: Path, shape=SHAPE) -> dict:
    config = diffusers.DDPMScheduler.from_pretrained(model / "scheduler").config
    return {"versions": {"diffusers": diffusers.__version__, "torch": torch.__version__}, "seed": SEED, "shape": shape,
            "samplers": ends(load_network(model), config, SEED, shape)}


def main():
    text = json.dumps(make(MODEL), separators=(",", ":"), allow_nan=False)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "unet.json").write_text(text + "\n")
    (GOLDEN / "unet_samplers.json").write_text(json.dumps(make_samplers(MODEL), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
