# SPDX-License-Identifier: BSD-2-Clause
"""What the scripts that time something share."""

import time
from pathlib import Path

import numpy as np
import onnxruntime

MODELS = Path(__file__).parents[2]
CALLS = 11  # of one network, each


def alternate(candidates: dict, runs: int) -> dict[str, list[float]]:
    """Seconds of each function, all of them in turn, after one turn that doesn't count; a function may give its own seconds."""
    seconds = {name: [] for name in candidates}
    for run in range(runs + 1):
        for name, function in candidates.items():
            begin = time.perf_counter()
            told = function()
            seconds[name].append(told if isinstance(told, float) else time.perf_counter() - begin)
    return {name: values[1:] for name, values in seconds.items()}


def session(model: Path | bytes, threads: int | None) -> onnxruntime.InferenceSession:
    """As Sumi opens a network, with so many threads of its own; None for those that all networks share."""
    options = onnxruntime.SessionOptions()
    options.enable_mem_pattern = False
    if threads is None:
        options.use_per_session_threads = False
    else:
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"])


def inputs(count: int, size: int) -> dict:
    x = np.random.default_rng(1).standard_normal((count, 1, size, size)).astype(np.float32)
    return {"sample": x, "timestep": np.full(count, 100, np.float32)}
