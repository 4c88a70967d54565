# SPDX-License-Identifier: BSD-2-Clause
"""Writes the ends of chains of diffusers' schedulers that the Java tests of io.github.sumi.schedule are held against.

Run in models/train: `python -m sumi_train.golden_schedulers`. Network and noise are those of golden.py. Everything that
diffusers computes in float32 it computes in float64 here: in its modules the name `float32` means float64. Chains are
indexed by step (set_begin_index), as no search for a timestep finds its way among equal ones.

Where diffusers is wrong it runs with the correction that is named in the entry (see `correct`). Where float32 tensors can't hold
the chain (see `ill_conditioned`) the entry ends with diffusers' own error in float32. What it can't run, or doesn't bring to a
finite end, is listed with the reason.
"""

import gzip
import itertools
import json
import platform
import sys
import warnings

import diffusers
import numpy as np
import torch

from sumi_train.golden import GOLDEN, model, noise

SHAPE = (2, 1, 2, 2)
PREDICTIONS = ("epsilon", "sample", "v_prediction")
SPACINGS = (("leading", 0), ("leading", 1), ("trailing", 0), ("linspace", 0))
STEPS = (5, 7, 20, 50)
SPREADS = ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas")
THRESHOLD = {"thresholding": True, "dynamic_thresholding_ratio": 0.7, "sample_max_value": 1.5}
CLIP = {"clip_sample": True, "clip_sample_range": 0.8}
NETWORKS = ({"beta_schedule": "scaled_linear"}, {"beta_schedule": "squaredcos_cap_v2"}, {"rescale_betas_zero_snr": True})


class Double:
    """A module in which float32 is float64."""

    def __init__(self, module):
        self._module = module

    def __getattr__(self, name):
        return getattr(self._module, "float64" if name == "float32" else name)


class Stride:
    """Stands for the number of steps: T // stride is what the correction wants."""

    def __init__(self, stride):
        self._stride = stride

    def __rfloordiv__(self, other):
        return self._stride


def ddim() -> list:
    free = {"clip_sample": False}
    return [free, {**free, "eta": 0.5}, {**free, "eta": 1.0}, {**free, "set_alpha_to_one": False}, CLIP, {**CLIP, "eta": 1.0},
            {**free, "set_alpha_to_one": False, "eta": 1.0}, THRESHOLD, *({**free, **n} for n in NETWORKS),
            {**free, **NETWORKS[2], "eta": 0.5}]


def dpm_solver() -> list:
    options = [
        {"algorithm_type": a, "solver_order": o, "solver_type": s, "final_sigmas_type": f}
        for a, o, s, f in itertools.product(("dpmsolver", "dpmsolver++", "sde-dpmsolver", "sde-dpmsolver++"), (1, 2, 3),
                                            ("midpoint", "heun"), ("zero", "sigma_min"))
        if (o > 1 or s == "midpoint")
    ]
    for base in ({}, {"solver_order": 3}, {"algorithm_type": "sde-dpmsolver++"},
                 {"algorithm_type": "dpmsolver", "final_sigmas_type": "sigma_min"}):
        options += [{**base, **extra} for extra in (
            {"lower_order_final": False}, {"lower_order_final": False, "final_sigmas_type": "sigma_min"},
            {"euler_at_final": True, "final_sigmas_type": "sigma_min"}, {"lambda_min_clipped": -4.1}, THRESHOLD, *NETWORKS)]
        options += [{**base, **n, s: True} for s in (*SPREADS, "use_lu_lambdas") for n in ({}, NETWORKS[1])]
    return options


def unipc() -> list:
    options = [{"solver_order": o, "solver_type": s, "predict_x0": p, "final_sigmas_type": f}
               for o, s, p, f in itertools.product((1, 2, 3, 4), ("bh1", "bh2"), (True, False), ("zero", "sigma_min"))]
    options += [{"disable_corrector": [0, 2]}, {"lower_order_final": False}, THRESHOLD, *NETWORKS,
                {"lower_order_final": False, "final_sigmas_type": "sigma_min", "solver_order": 3}]
    options += [{s: True, "final_sigmas_type": f} for s in SPREADS for f in ("zero", "sigma_min")]
    options += [{s: True, **NETWORKS[1]} for s in SPREADS]
    return options + [{"use_karras_sigmas": True, "sigma_min": 0.05, "sigma_max": 30.0, "solver_order": 3}]


def euler() -> list:
    options = [{}, {"final_sigmas_type": "sigma_min"}, {"interpolation_type": "log_linear"}, {"timestep_type": "continuous"}, *NETWORKS]
    options += [{s: True, **extra} for s in SPREADS for extra in (
        {}, {"sigma_min": 0.05, "sigma_max": 30.0}, {"final_sigmas_type": "sigma_min"}, {"interpolation_type": "log_linear"})]
    return options


def edm(solver: bool) -> list:
    options = [{"sigma_schedule": s, "final_sigmas_type": f} for s in ("karras", "exponential") for f in ("zero", "sigma_min")]
    options += [{"sigma_data": 0.8, "rho": 5.0, "sigma_min": 0.01, "sigma_max": 40.0}]
    if solver:
        options = [{**o, **extra} for o in options for extra in (
            {}, {"solver_order": 1}, {"solver_order": 3}, {"solver_type": "heun"}, {"algorithm_type": "sde-dpmsolver++"},
            {"algorithm_type": "sde-dpmsolver++", "solver_order": 3}, {"lower_order_final": False}, {"euler_at_final": True}, THRESHOLD)]
    return options


OPTIONS = {
    "DDIMScheduler": ddim(),
    "DPMSolverMultistepScheduler": dpm_solver(),
    "UniPCMultistepScheduler": unipc(),
    "EulerDiscreteScheduler": euler(),
    "EulerAncestralDiscreteScheduler": [{}, *NETWORKS],
    "HeunDiscreteScheduler": [{}, CLIP, *NETWORKS[:2], {"beta_schedule": "exp"}, *({s: True} for s in SPREADS)],
    "PNDMScheduler": [{**a, **b} for a in ({}, {"skip_prk_steps": True}) for b in ({}, {"set_alpha_to_one": True}, *NETWORKS[:2])],
    "LCMScheduler": [{}, {"original_inference_steps": 100}, {"timestep_scaling": 0.02}, CLIP, THRESHOLD, *NETWORKS],
    "EDMEulerScheduler": edm(False),
    "EDMDPMSolverMultistepScheduler": edm(True),
}


def configs():
    for name, options in OPTIONS.items():
        for option, prediction in itertools.product(options, PREDICTIONS):
            spread = any(option.get(s) for s in (*SPREADS, "use_lu_lambdas"))
            spacingless = "EDM" in name or name == "LCMScheduler" or spread and ("DPM" in name or "UniPC" in name)
            for spacing, offset in (("", 0),) if spacingless else SPACINGS:
                spaced = {} if spacingless else {"timestep_spacing": spacing, "steps_offset": offset}
                yield {"_class_name": name, "prediction_type": prediction, **option, **spaced}


def correct(scheduler, config: dict):
    """What has to be put right in diffusers for this configuration: its name, or None; and a function for each step."""
    name = config["_class_name"]
    if config.get("timestep_spacing", "leading") != "leading" and name in ("DDIMScheduler", "PNDMScheduler"):
        return "previous timestep", next_timesteps(scheduler, name == "PNDMScheduler" and not config.get("skip_prk_steps"))
    if config.get("algorithm_type") == "sde-dpmsolver++" and config.get("solver_order") == 3:
        add_second_difference(scheduler)
        return "second difference", lambda i: None
    return None, lambda i: None


def next_timesteps(scheduler, runge_kutta: bool):
    """A step leads to the timestep that comes next (diffusers#12633, #11347), a Runge-Kutta step's middle is halfway."""
    if runge_kutta:
        t = scheduler._timesteps[::-1]
        start = []
        for a, b in zip(t[:3], t[1:4]):
            start += [a, b + (a - b) // 2, b + (a - b) // 2, b]
        scheduler.prk_timesteps = np.array(start)
        scheduler.timesteps = torch.from_numpy(np.concatenate([start, t[3:]]).astype(np.int64))
    listed = scheduler.timesteps.tolist()

    def step(i):
        target = listed[i + 1] if i + 1 < len(listed) else -1
        if runge_kutta and i < 12:
            # half of the stride counts, and only from the first and third stage on
            scheduler.num_inference_steps = Stride(2 * (listed[i] - target) if i % 2 == 0 else 0)
        elif isinstance(scheduler, diffusers.PNDMScheduler) and scheduler.config.skip_prk_steps and i == 1:
            scheduler.num_inference_steps = Stride(listed[0] - listed[1])
        else:
            scheduler.num_inference_steps = Stride(listed[i] - target)

    return step


def add_second_difference(scheduler):
    """The integral of the second difference of sde-dpmsolver++ holds + 1/2 where diffusers has - 1/2."""
    third = scheduler.multistep_dpm_solver_third_order_update

    def update(outputs, *_, sample, noise=None):
        sigmas = scheduler.sigmas[scheduler.step_index - 2 : scheduler.step_index + 2]
        alpha, _sigma = scheduler._sigma_to_alpha_sigma_t(sigmas)
        lambdas = torch.log(alpha) - torch.log(_sigma)
        h = lambdas[1:] - lambdas[:-1]
        d0 = (outputs[-1] - outputs[-2]) * h[2] / h[1]
        d1 = (outputs[-2] - outputs[-3]) * h[2] / h[0]
        return third(outputs, sample=sample, noise=noise) + alpha[3] * (d0 - d1) * h[2] / (h[0] + h[1])

    if isinstance(scheduler, diffusers.DPMSolverMultistepScheduler):
        scheduler.multistep_dpm_solver_third_order_update = update


def run(config: dict, steps: int, corrected=True, dtype=torch.float64):
    """(end, timesteps, correction) of a chain, or (None, reason, None)."""
    options = {k: v for k, v in config.items() if k not in ("_class_name", "eta", "corrected")}
    drawn = [0]
    try:
        scheduler = getattr(diffusers, config["_class_name"])(**options)
        if hasattr(scheduler, "betas"):
            assert scheduler.betas.dtype == dtype
        module = sys.modules[type(scheduler).__module__]
        module.randn_tensor = lambda shape, **_: torch.from_numpy(noise(drawn[0], tuple(shape))).to(dtype)
        scheduler.set_timesteps(steps)
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(0)
        name, before = correct(scheduler, config) if corrected else (None, lambda i: None)
        sample = torch.from_numpy(noise(-1, SHAPE)).to(dtype) * scheduler.init_noise_sigma
        extra = {"eta": config["eta"]} if "eta" in config else {}
        for i, t in enumerate(scheduler.timesteps):
            drawn[0] = i
            before(i)
            output = model(scheduler.scale_model_input(sample, t), t.item(), False)
            sample = scheduler.step(output, t, sample, **extra).prev_sample
    except (ArithmeticError, IndexError, NotImplementedError, TypeError, UnboundLocalError, ValueError, torch.linalg.LinAlgError) as e:
        return None, f"{type(e).__name__}: {str(e)[:70]}", None
    if not torch.isfinite(sample).all():
        return None, "not finite", None
    assert sample.dtype == dtype
    return sample.flatten().tolist(), scheduler.timesteps.tolist(), name


def shortened(numbers: list) -> list:
    return [float(f"{v:.8g}") for v in numbers]


def ill_conditioned(config: dict) -> bool:
    """dpmsolver's first long steps multiply the difference of two nearly equal epsilons, in float32 whoever computes it."""
    return config.get("algorithm_type") == "dpmsolver" and any(config.get(s) for s in SPREADS)


def in_single() -> dict:
    """The ends of the ill-conditioned chains in float32."""
    ends = {}
    for config in configs():
        if ill_conditioned(config):
            for steps in STEPS:
                ends[json.dumps(config), steps] = run(config, steps, dtype=torch.float32)[0]
    return ends


def chains(single: dict) -> dict:
    used, done, cannot, plain = [], [], [], []
    for config in configs():
        used.append(config)
        for steps in STEPS:
            end, told, correction = run(config, steps)
            if end is None:
                cannot.append([len(used) - 1, steps, told])
                continue
            entry = [len(used) - 1, steps, shortened(end), float(f"{sum(t * (i + 1) for i, t in enumerate(told)):.10g}")]
            if ill_conditioned(config):
                entry.append(max(abs(a - b) for a, b in zip(end, single[json.dumps(config), steps])))
            done.append(entry)
            if correction:
                used[-1]["corrected"] = correction
                before, _, _ = run(config, steps, corrected=False)
                if before is not None and steps == 7:
                    plain.append([len(used) - 1, steps, shortened(before)])
    return {"shape": SHAPE, "configs": used, "chains": done, "cannot": cannot, "uncorrected": plain}


def in_double():
    torch.set_default_dtype(torch.float64)
    for name, module in list(sys.modules.items()):
        if name.startswith("diffusers.schedulers.scheduling_"):
            for attribute, real in (("np", np), ("torch", torch)):
                if getattr(module, attribute, None) is real:
                    setattr(module, attribute, Double(real))


def main():
    for name in OPTIONS:
        getattr(diffusers, name)
    warnings.simplefilter("ignore")
    diffusers.utils.logging.set_verbosity_error()
    single = in_single()
    in_double()
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__, "numpy": np.__version__,
                "python": platform.python_version()}
    made = {"versions": versions, **chains(single)}
    with gzip.GzipFile(GOLDEN / "schedulers.json.gz", "wb", mtime=0) as out:
        out.write(json.dumps(made, separators=(",", ":"), allow_nan=False).encode())
    total = {}
    for index, *_ in made["chains"]:
        name = made["configs"][index]["_class_name"]
        total[name] = total.get(name, 0) + 1
    print(total)
    reasons = {}
    for index, _, why in made["cannot"]:
        key = (made["configs"][index]["_class_name"], why)
        reasons[key] = reasons.get(key, 0) + 1
    for key, count in reasons.items():
        print(count, *key)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
