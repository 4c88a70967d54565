# SPDX-License-Identifier: BSD-2-Clause
"""Runs an exported network in onnxruntime and holds it against torch; a network here is an export.Network."""

import base64
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from sumi_train.half import Half

TOLERANCE = 1e-4
LABELS = "class_labels"


def finite(values: np.ndarray, runtime: str, timestep: float) -> np.ndarray:
    """The values; raises ValueError where one of them is NaN or infinite."""
    if not np.isfinite(values).all():
        raise ValueError(f"the network in {runtime} gives NaN or infinite values at timestep {timestep:g}; train it anew or "
                         "export an earlier checkpoint")
    return values


def feed(sample: np.ndarray, timestep: torch.Tensor, labels: tuple[torch.Tensor, ...]) -> dict[str, np.ndarray]:
    """What onnxruntime is given."""
    return {"sample": sample, "timestep": timestep.numpy()} | {LABELS: each.numpy() for each in labels}


def parity(network, path: Path, half: bool = False) -> float:
    """Largest difference between torch and onnxruntime, relative to the largest output above 1, over sizes and batches.

    half: the file is in float16, and torch is run in float16 too, since onnxruntime's processor computes such a file in float32.
    Raises ValueError where one of them gives a value that is not finite.
    """
    rounded = Half(network.module) if half else None
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    generator = torch.Generator().manual_seed(1)
    last = network.last_timestep
    multiple = network.size_multiple
    worst = 0.0
    for batch, height, width, t in ((1, 4, 4, 0.0), (3, 8, 6, min(17.25, last)), (2, 6, 10, float(last))):
        x = torch.randn(batch, network.channels, height * multiple, width * multiple, generator=generator)
        timestep, labels = torch.full((batch,), t).to(network.timestep), network.labels(batch)
        with torch.no_grad():
            expected = finite(network.module(x, timestep, *labels).numpy(), "torch", t)
            others = [finite(rounded(x, timestep, *labels).numpy(), "torch's float16", t)] if half else []
        others.append(finite(session.run(None, feed(x.numpy(), timestep, labels))[0], "onnxruntime", t))
        worst = max(worst, *(float(np.abs(found - expected).max() / max(1.0, np.abs(expected).max())) for found in others))
    return worst


def embedded_test(network, path: Path, tolerance: float = TOLERANCE) -> dict:
    """A seeded input and the output that onnxruntime gives here, for the command 'verify'."""
    size, t = 4 * network.size_multiple, min(100.0, float(network.last_timestep))
    x = np.random.default_rng(1).standard_normal((1, network.channels, size, size)).astype("<f4")
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    labels = () if network.classes is None else (torch.tensor([0]),)
    out = session.run(None, feed(x, torch.tensor([t]).to(network.timestep), labels))[0].astype("<f4")
    finite(out, "onnxruntime", t)
    encode = lambda array: base64.b64encode(array.tobytes()).decode()
    return {"seed": 1, "shape": list(x.shape), "timestep": t, "tolerance": tolerance,
            "input": encode(x), "output": encode(out)}
