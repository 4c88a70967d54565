# SPDX-License-Identifier: BSD-2-Clause
"""Writes the numbers that the Java tests of io.github.sumi.schedule are held against.

Run in models/train: `python -m sumi_train.golden`. Tables and the bound come from the formulas in float64; chains come
from diffusers, whose float32 tables are replaced by the float64 ones (its DDPMScheduler casts nothing else to float32:
the 0-d tensor `one` takes the dtype of what it meets), and, for a subset, from diffusers as it is, in float32.
"""

import itertools
import json
import math
import platform
from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers.schedulers import scheduling_ddpm

GOLDEN = Path(__file__).parents[3] / "src" / "test" / "resources" / "golden"
SHAPE = (2, 2, 2, 3)
PREDICTIONS = ("epsilon", "sample", "v_prediction")
VARIANCES = ("fixed_small", "fixed_small_log", "fixed_large", "fixed_large_log", "learned", "learned_range")
BOUNDS = {
    "none": {"clip_sample": False},
    "clip": {"clip_sample": True, "clip_sample_range": 0.8},
    "threshold": {"thresholding": True, "dynamic_thresholding_ratio": 0.7, "sample_max_value": 1.5},
}
SPACINGS = (("leading", 0), ("leading", 1), ("trailing", 0), ("linspace", 0))
STEPS = (1000, 50, 10, 7)


def noise(step: int, shape=SHAPE) -> np.ndarray:
    """Noise that any language can repeat: sqrt(2) sin(12.9898 (i + 1) + 78.233 (step + 2)), i the index in the tensor."""
    i = np.arange(math.prod(shape), dtype=np.float64)
    return (np.sqrt(2.0) * np.sin(12.9898 * (i + 1) + 78.233 * (step + 2))).reshape(shape)


def model(x, t, learned: bool):
    """A bounded stand-in for the network; where the variance is learned its second half of channels is in (0, 0.02)."""
    squashed = x / (1 + abs(x))
    output = 0.8 * squashed + 0.1 - 0.2 * t / 1000
    if learned:
        output = torch.cat([output, 0.01 + 0.01 * squashed], dim=1)
    return output


def betas_of(schedule: str, zero_snr=False, start=1e-4, end=0.02, steps=1000) -> np.ndarray:
    """The betas of a schedule, float64 [steps]."""
    if schedule == "linear":
        betas = np.linspace(start, end, steps)
    elif schedule == "scaled_linear":
        betas = np.linspace(start**0.5, end**0.5, steps) ** 2
    elif schedule == "squaredcos_cap_v2":
        cosine = np.cos((np.arange(steps + 1) / steps + 0.008) / 1.008 * np.pi / 2) ** 2
        betas = np.minimum(1 - cosine[1:] / cosine[:-1], 0.999)
    else:
        betas = (end - start) / (1 + np.exp(-np.linspace(-6, 6, steps))) + start
    if zero_snr:
        root = np.sqrt(np.cumprod(1 - betas))
        root = (root - root[-1]) * root[0] / (root[0] - root[-1])
        alphas_cumprod = root**2
        betas = 1 - np.append(alphas_cumprod[0], alphas_cumprod[1:] / alphas_cumprod[:-1])
    return betas


def scheduler_of(config: dict, double: bool):
    scheduler = diffusers.DDPMScheduler(**config)
    if double:
        keys = {"beta_start": "start", "beta_end": "end", "num_train_timesteps": "steps"}
        extra = {keys[k]: v for k, v in config.items() if k in keys}
        betas = betas_of(config.get("beta_schedule", "linear"), config.get("rescale_betas_zero_snr", False), **extra)
        if config.get("trained_betas"):
            betas = np.array(config["trained_betas"])
        assert np.allclose(betas, scheduler.betas.numpy(), rtol=2e-3, atol=1e-6), config
        scheduler.betas = torch.from_numpy(betas)
        scheduler.alphas = 1.0 - scheduler.betas
        scheduler.alphas_cumprod = torch.cumprod(scheduler.alphas, dim=0)
    return scheduler


def run(config: dict, steps, double=True):
    """The end of a chain and its timesteps, or why it has none."""
    dtype = torch.float64 if double else torch.float32
    scheduler = scheduler_of(config, double)
    drawn = [0]
    scheduling_ddpm.randn_tensor = lambda shape, **_: torch.from_numpy(noise(drawn[0], tuple(shape))).to(dtype)
    try:
        if isinstance(steps, int):
            scheduler.set_timesteps(steps)
        else:
            scheduler.set_timesteps(timesteps=steps)
        sample = torch.from_numpy(noise(-1)).to(dtype)
        learned = config.get("variance_type", "").startswith("learned")
        for i, t in enumerate(scheduler.timesteps):
            drawn[0] = i
            sample = scheduler.step(model(sample, t.item(), learned), t, sample).prev_sample
    except IndexError as e:
        return None, f"IndexError: {e}"
    if not torch.isfinite(sample).all():
        return None, "not finite"
    return sample.double().flatten().tolist(), scheduler.timesteps.tolist()


def configs():
    """The full product of the options, and then each beta schedule and a few special ones."""
    for prediction, variance, bound, zero, (spacing, offset) in itertools.product(
        PREDICTIONS, VARIANCES, BOUNDS.values(), (False, True), SPACINGS
    ):
        for steps in STEPS if (spacing, offset) == ("leading", 0) else STEPS[1:]:
            yield steps, {
                "prediction_type": prediction, "variance_type": variance, **bound, "timestep_spacing": spacing,
                "steps_offset": offset, "rescale_betas_zero_snr": zero,
            }
    for schedule, prediction, variance in itertools.product(
        ("scaled_linear", "squaredcos_cap_v2", "sigmoid"), PREDICTIONS, ("fixed_small", "fixed_large", "learned_range")
    ):
        for steps in STEPS:
            yield steps, {"beta_schedule": schedule, "prediction_type": prediction, "variance_type": variance}
    for steps in (1, 2, 3):
        for spacing, offset in SPACINGS:
            yield steps, {"timestep_spacing": spacing, "steps_offset": offset}
    yield [700, 333, 20, 3], {"variance_type": "fixed_large", "clip_sample": False}
    yield [250, 120, 0], {"variance_type": "learned_range"}
    yield 5, {"trained_betas": [0.01, 0.05, 0.1, 0.3, 0.6], "num_train_timesteps": 5}
    yield 10, {"num_train_timesteps": 50, "beta_start": 0.002, "beta_end": 0.3, "beta_schedule": "scaled_linear"}


def chains() -> dict:
    done, cannot = [], []
    for steps, config in configs():
        end, told = run(config, steps)
        if end is None:
            cannot.append({"steps": steps, "config": config, "why": told})
            continue
        entry = {"steps": steps, "config": config, "end": end}
        if steps != 1000 and steps != 50:
            entry["timesteps"] = told
        done.append(entry)
    return {"shape": SHAPE, "chains": done, "cannot": cannot}


def stock() -> dict:
    done = []
    for prediction, variance, bound, steps in itertools.product(
        PREDICTIONS, ("fixed_small", "fixed_large", "learned_range"), ("none", "clip", "threshold"), STEPS
    ):
        config = {"prediction_type": prediction, "variance_type": variance, **BOUNDS[bound]}
        end, _ = run(config, steps, double=False)
        if end is not None:
            done.append({"steps": steps, "config": config, "end": end})
    return {"shape": SHAPE, "chains": done}


def spacings() -> dict:
    """For every number of steps the sum of t_i (i + 1): one number that a single wrong timestep changes."""
    sums = {}
    for spacing in ("leading", "trailing", "linspace"):
        scheduler = diffusers.DDPMScheduler(timestep_spacing=spacing)
        sums[spacing] = []
        for steps in range(1, 1001):
            scheduler.set_timesteps(steps)
            t = scheduler.timesteps.tolist()
            sums[spacing].append(sum(v * (i + 1) for i, v in enumerate(t)) if len(t) == steps else None)
    return sums


def tables() -> dict:
    made = []
    for schedule, zero in itertools.product(("linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid"), (False, True)):
        betas = betas_of(schedule, zero)
        made.append({"beta_schedule": schedule, "rescale_betas_zero_snr": zero, "betas": betas.tolist(),
                     "alphas_cumprod": np.cumprod(1 - betas).tolist()})
    return {"tables": made}


def bound_terms(config: dict, x0: np.ndarray) -> dict:
    """L_T, every L_t and L_0 in bits per dimension, and L_simple (eq. 5, 8, 13, 14), with noise(t) at step t."""
    betas = betas_of(config.get("beta_schedule", "linear"), steps=config["num_train_timesteps"], end=config["beta_end"])
    cumprod = np.cumprod(1 - betas)
    previous = np.append(1.0, cumprod[:-1])
    posterior = betas * (1 - previous) / (1 - cumprod)
    terms, simple = [], []
    for t in range(len(betas)):
        a, p, b = cumprod[t], previous[t], betas[t]
        eps = noise(t)
        xt = np.sqrt(a) * x0 + np.sqrt(1 - a) * eps
        squashed = xt / (1 + np.abs(xt))
        out = 0.8 * squashed + 0.1 - 0.2 * t / 1000
        share = (0.01 + 0.01 * squashed + 1) / 2
        guess = {"epsilon": lambda: (xt - np.sqrt(1 - a) * out) / np.sqrt(a), "sample": lambda: out,
                 "v_prediction": lambda: np.sqrt(a) * xt - np.sqrt(1 - a) * out}[config["prediction_type"]]()
        simple.append(float(np.mean((eps - (xt - np.sqrt(a) * guess) / np.sqrt(1 - a)) ** 2)))
        if config["clip_sample"]:
            guess = np.clip(guess, -1, 1)
        lowest = posterior[max(t, 1)]
        variance = {"fixed_small": lowest, "fixed_large": b if t else lowest, "learned": 0.01 + 0.01 * squashed,
                    "learned_range": np.exp(share * np.log(b) + (1 - share) * np.log(lowest))}[config["variance_type"]]
        variance = np.broadcast_to(variance, x0.shape)
        mean = (np.sqrt(p) * b * guess + np.sqrt(1 - b) * (1 - p) * xt) / (1 - a)
        if t == 0:
            nats = -np.vectorize(log_bin)(x0, mean, np.sqrt(variance))
        else:
            true = (np.sqrt(p) * b * x0 + np.sqrt(1 - b) * (1 - p) * xt) / (1 - a)
            nats = 0.5 * (np.log(variance / posterior[t]) + (posterior[t] + (true - mean) ** 2) / variance - 1)
        terms.append(float(np.mean(nats) / np.log(2)))
    a = cumprod[-1]
    prior = 0.5 * (a * x0**2 - a - np.log1p(-a))
    return {"config": config, "prior": float(np.mean(prior) / np.log(2)), "terms": terms, "simple": simple}


def log_bin(x: float, mean: float, sd: float) -> float:
    """log of the mass of N(mean, sd^2) in the bin of the 8-bit value x (eq. 13), by erfc on the side where it is small."""
    low = -math.inf if x < -0.999 else (x - 1 / 255 - mean) / sd
    high = math.inf if x > 0.999 else (x + 1 / 255 - mean) / sd
    if low + high < 0:
        low, high = -high, -low
    mass = 0.5 * (math.erfc(low / math.sqrt(2)) - math.erfc(high / math.sqrt(2)))
    return math.log(max(mass, 1e-300))


def bounds() -> dict:
    size = math.prod(SHAPE)
    grey = np.array([0, 255, 1, 254] + [(37 * i + 11) % 256 for i in range(size - 4)], dtype=np.float64)
    x0 = (grey / 127.5 - 1).astype(np.float32).astype(np.float64).reshape(SHAPE)
    made = [
        bound_terms({"num_train_timesteps": 40, "beta_end": 0.3, "prediction_type": p, "variance_type": v, "clip_sample": c}, x0)
        for p, v, c in itertools.product(PREDICTIONS, ("fixed_small", "fixed_large", "learned", "learned_range"), (False, True))
        if not (v != "learned" and p == "sample" and c)
    ]
    return {"shape": SHAPE, "grey": grey.astype(int).tolist(), "bounds": made}


def main():
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__, "numpy": np.__version__,
                "python": platform.python_version()}
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, make in {"tables": tables, "spacings": spacings, "bound": bounds, "stock": stock, "chains": chains}.items():
        text = json.dumps({"versions": versions, **make()}, separators=(",", ":"), allow_nan=False)
        (GOLDEN / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
