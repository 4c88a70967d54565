# SPDX-License-Identifier: BSD-2-Clause
"""Exports a model as a denoiser in one step, for tools that know nothing of diffusion: image and noise level in, clean image out.

    sumi-train single-step models/fluorescence denoiser.onnx --sigma 0.1

It is mean mode of Sumi, one evaluation at the timestep whose noise is that of the image, as a single ONNX file:

- ``noisy``, float32 [N, C, H, W], scaled so that 0 and 1 are the darkest and the brightest grey value of the clean image;
  H and W are multiples of the model's ``sizeMultiple``;
- ``sigma``, float32 [1], the SD of its noise on that scale. It may be left out: --sigma is its value then;
- ``denoised``, float32 [N, C, H, W], E[x_0 | noisy] on the same scale, not clipped.
"""

import argparse
import io
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import compose, helper, numpy_helper

from sumi_train import diffusion
from sumi_train.objectives import is_conditioned
from sumi_train.whole import whole_file

SIGMAS = 1e-3, 2.0  # of --sigma
WHOLE = {onnx.TensorProto.INT64: torch.int64, onnx.TensorProto.INT32: torch.int32}
TIMESTEPS = WHOLE | {onnx.TensorProto.FLOAT: torch.float32, onnx.TensorProto.DOUBLE: torch.float64}


class Entry(torch.nn.Module):
    """(noisy, sigma) -> (x_t, t, x_t again, sqrt of alphas_cumprod, sqrt of the rest), t being where noise over signal is 2 sigma.

    Between two timesteps log(noise over signal) is linear, as in ``diffusion``; below the first and beyond the last it is theirs.
    """

    def __init__(self, alphas_cumprod: np.ndarray, timestep: torch.dtype, rank: int):
        super().__init__()
        self.register_buffer("levels", torch.from_numpy(np.log(diffusion.sigmas(alphas_cumprod))).float())
        self.timestep, self.rank = timestep, rank

    def forward(self, noisy, sigma):
        wanted = torch.log(2 * sigma.reshape(1)).clamp(self.levels[0], self.levels[-1])
        left = ((self.levels <= wanted).sum() - 1).clamp(0, len(self.levels) - 2)
        low, high = self.levels[left], self.levels[left + 1]
        t = left + (wanted - low) / (high - low)
        if not self.timestep.is_floating_point:
            t = torch.round(t)
            wanted = self.levels[t.long()]
        signal = torch.rsqrt(1 + torch.exp(2 * wanted))
        x = signal * (2 * noisy - 1)
        t = t.to(self.timestep)
        t = t.expand(noisy.shape[0]) if self.rank else t.reshape(())
        return x, t, x * 1, signal, torch.exp(wanted) * signal


class Exit(torch.nn.Module):
    """(output of the network, x_t, sqrt of alphas_cumprod, sqrt of the rest) -> x_0 from -1..1 to 0..1 (Ho et al. 2020, eq. 15)."""

    def __init__(self, prediction_type: str, channels: int):
        super().__init__()
        self.prediction_type, self.channels = prediction_type, channels

    def forward(self, output, x, signal, noise):
        output = output[:, :self.channels]  # what follows is a learned variance
        if self.prediction_type == "epsilon":
            x0 = (x - noise * output) / signal
        elif self.prediction_type == "v_prediction":
            x0 = signal * x - noise * output
        else:
            x0 = output
        return (x0 + 1) / 2


def part(module: torch.nn.Module, example: tuple, inputs: list[str], outputs: list[str], opset: int) -> onnx.ModelProto:
    """An ONNX model of the module; batch, height and width of its images are free."""
    free = {0: "batch", 2: "height", 3: "width"}
    axes = {name: free for name, value in zip(inputs, example) if value.ndim == 4} | {name: free for name in outputs}
    file = io.BytesIO()
    torch.onnx.export(module, example, file, input_names=inputs, output_names=outputs, opset_version=opset, dynamo=False,
                      dynamic_axes={name: axes[name] for name in axes if name not in ("t", "signal", "noise")})
    return onnx.load_from_string(file.getvalue())


def alphas_cumprod(scheduler: dict) -> np.ndarray:
    """float64 [T], by diffusers, whose file it is."""
    from diffusers import DDPMScheduler
    return DDPMScheduler.from_config({**scheduler, "_class_name": "DDPMScheduler"}).alphas_cumprod.double().numpy()


def build(folder: Path, sigma: float) -> onnx.ModelProto:
    """The denoiser of a model folder, with sigma where none is given. Raises ValueError, naming what is in the way."""
    if not SIGMAS[0] <= sigma <= SIGMAS[1]:
        raise ValueError(f"sigma is {sigma}; it must be {SIGMAS[0]} to {SIGMAS[1]}, the SD of the noise where the image runs from 0 to 1")
    scheduler = json.loads((folder / "scheduler" / "scheduler_config.json").read_text())
    prediction = scheduler.get("prediction_type", "epsilon")
    network = onnx.load(folder / "unet" / "model.onnx")
    inputs = {value.name: value.type.tensor_type for value in network.graph.input}
    if set(inputs) != {"sample", "timestep"}:
        raise ValueError(f"has a network with the inputs {', '.join(inputs)}; only one of sample and timestep becomes a denoiser")
    config = json.loads((folder / "unet" / "config.json").read_text())
    channels = config.get("in_channels", 3)
    if is_conditioned(config, scheduler):
        raise ValueError("restores an image that is given beside x_t; only a network of x_t alone becomes a denoiser")
    opset = next(one.version for one in network.opset_import if one.domain in ("", "ai.onnx"))
    timestep = TIMESTEPS[inputs["timestep"].elem_type]
    rank = len(inputs["timestep"].shape.dim)
    entry = part(Entry(alphas_cumprod(scheduler), timestep, rank), (torch.zeros(2, channels, 16, 16), torch.tensor([sigma])),
                 ["noisy", "sigma"], ["x", "t", "x_again", "signal", "noise"], opset)
    exit_ = part(Exit(prediction, channels), (torch.zeros(2, config.get("out_channels", channels), 16, 16), torch.zeros(2, channels, 16, 16),
                 torch.ones(1), torch.ones(1)), ["output", "x", "signal", "noise"], ["denoised"], opset)
    for one in (entry, exit_):
        one.ir_version = network.ir_version
    entry, exit_ = compose.add_prefix(entry, "entry_"), compose.add_prefix(exit_, "exit_")
    del network.opset_import[:], entry.opset_import[:], exit_.opset_import[:]
    for one in (network, entry, exit_):
        one.opset_import.append(helper.make_opsetid("", opset))
    out = network.graph.output[0].name if len(network.graph.output) == 1 else "out_sample"
    inner = compose.merge_models(entry, network, [("entry_x", "sample"), ("entry_t", "timestep")],
                                 outputs=[out, "entry_x_again", "entry_signal", "entry_noise"])
    ends = {"exit_output": out, "exit_x": "entry_x_again", "exit_signal": "entry_signal", "exit_noise": "entry_noise"}
    merged = compose.merge_models(inner, exit_, [(ends[value.name], value.name) for value in exit_.graph.input], outputs=["exit_denoised"])
    for before, after in (("entry_noisy", "noisy"), ("entry_sigma", "sigma"), ("exit_denoised", "denoised")):
        rename(merged.graph, before, after)
    # an input with a value of its own may be left out
    merged.graph.initializer.append(numpy_helper.from_array(np.array([sigma], np.float32), "sigma"))
    onnx.checker.check_model(merged, full_check=True)
    return merged


def rename(graph: onnx.GraphProto, before: str, after: str) -> None:
    """Gives an input or output of the graph another name."""
    for value in (*graph.input, *graph.output):
        value.name = after if value.name == before else value.name
    for node in graph.node:
        for names in (node.input, node.output):
            names[:] = [after if name == before else name for name in names]


def run(denoiser: bytes, noisy: np.ndarray, sigma: float | None = None) -> np.ndarray:
    """float32 [N, C, H, W] -> the same, denoised on the processor; sigma as in the file where None."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # it warns of sigma, which is an input with a value of its own
    session = onnxruntime.InferenceSession(denoiser, options, providers=["CPUExecutionProvider"])
    inputs = {"noisy": noisy.astype(np.float32)} | ({} if sigma is None else {"sigma": np.array([sigma], np.float32)})
    return session.run(["denoised"], inputs)[0]


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="model folder")
    parser.add_argument("out", type=Path, help="ONNX file to write")
    parser.add_argument("--sigma", type=float, default=0.1, help="noise level where the user gives none, 0.001 to 2 (default: %(default)s)")
    parser.add_argument("--overwrite", action="store_true", help="replace OUT where it exists")
    options = parser.parse_args(arguments)
    if options.out.exists() and not options.overwrite:
        raise SystemExit(f"{options.out} exists; --overwrite replaces it")
    try:
        content = build(options.model, options.sigma).SerializeToString()
    except FileNotFoundError as missing:
        raise SystemExit(f"{missing.filename} is missing; give a model folder") from None
    except ValueError as refusal:
        raise SystemExit(f"{options.model}: {refusal}") from None
    with whole_file(options.out) as partial:
        partial.write_bytes(content)
    print(f"{options.out}: noisy, sigma (or {options.sigma}) -> denoised")


if __name__ == "__main__":
    main()
