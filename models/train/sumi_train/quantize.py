# SPDX-License-Identifier: BSD-2-Clause
"""Writes a model folder whose convolutions compute in 8-bit integers, for processors with VNNI instructions.

    python -m sumi_train.quantize ../nuclei ../nuclei-int8 --data FOLDER --hold-out 520x696-offset 256x320-dark \
        --exclude 93c5638e7e6433b5 14cc1424c5980827

Weights have one scale per output channel; activations have one per tensor, static: the range that rounds and clips with the
least mean square error over patches of FOLDER at all timesteps. The first and the last convolution and the first block stay in
float32: they see the noisy image itself, and the error of any other convolution is several times less than theirs. FiLM, SiLU and
the sums of the residual blocks are float32 too, between quantised convolutions.
"""

import argparse
import logging
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from sumi_train import data, diffusion, export, patches
from sumi_train.objectives import is_conditioned
from sumi_train.runtime_form import RuntimeUNet, is_local
from sumi_train.whole import whole_folder

SUFFIX = "-int8"
# names of layers that stay in float32; 'identity' only sorts channels into blocks
FLOAT_LAYERS = ("/conv_in/", "/down_blocks.0.", "/conv_out/", "/identity/")
BATCHES, BATCH, PATCH, LOW_NOISE_SHARE, KEPT = 16, 8, 64, 0.5, 20_000
# of the smallest and of the largest value: a search by brute force takes a second a tensor
SHARES = np.arange(1, 0.25, -0.05)
# processors without VNNI may saturate sums of two products, and differ by more
TOLERANCE = 5e-2


class Patches(CalibrationDataReader):
    """Noisy training patches over all timesteps; the same ones each time."""

    def __init__(self, pictures, batches: int = BATCHES):
        self.rng = np.random.default_rng(1)
        self.sampler, self.table, self.left = patches.PatchSampler(pictures, self.rng), diffusion.linear_alphas_cumprod(), batches

    def get_next(self):
        if self.left == 0:
            return None
        self.left -= 1
        x0 = self.sampler.batch(BATCH, PATCH).patches.numpy()
        t = diffusion.sample_timesteps(BATCH, self.table, LOW_NOISE_SHARE, self.rng)
        alpha = diffusion.alphas_cumprod_at(t, self.table)[:, None, None, None]
        x_t = np.sqrt(alpha) * x0 + np.sqrt(1 - alpha) * self.rng.standard_normal(x0.shape)
        return {"sample": x_t.astype(np.float32), "timestep": t.astype(np.float32)}


def rounded(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """What 8 bits leave of the values, when 0 to 255 stand for low <= 0 to high >= 0."""
    scale = (high - low) / 255
    zero = round(-low / scale)
    return (np.clip(np.round(values / scale) + zero, 0, 255) - zero) * scale


def best_range(values: np.ndarray) -> tuple[float, float]:
    """(low, high) of the least mean square error, low <= 0 <= high."""
    smallest, largest = min(0.0, float(values.min())), max(1e-6, float(values.max()))
    ranges = [(smallest * below, largest * above) for below in (SHARES if smallest < 0 else [1.0]) for above in SHARES]
    return min(ranges, key=lambda limits: np.square(rounded(values, *limits) - values).mean())


def ranges(graph: Path, tensors: list[str], patches: CalibrationDataReader) -> dict[str, tuple[float, float]]:
    """The best range of each tensor of a network over the patches."""
    model = onnx.load(graph)
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in tensors)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    kept, rng = {name: [] for name in tensors}, np.random.default_rng(2)
    while (inputs := patches.get_next()) is not None:
        for name, values in zip(tensors, session.run(tensors, inputs)):
            kept[name].append(rng.choice(values.ravel(), min(values.size, KEPT)))
    return {name: best_range(np.concatenate(values)) for name, values in kept.items()}


def quantize_graph(network: export.Network, target: Path, pictures) -> list[str]:
    """Writes a LocalUNet quantised (ONNX, QDQ); returns the names of the convolutions that stay in float32."""
    with TemporaryDirectory() as folder:
        exported, prepared = Path(folder) / "exported.onnx", Path(folder) / "prepared.onnx"
        export.export_onnx(replace(network, module=RuntimeUNet(network.module, splits=False)), exported)
        quant_pre_process(str(exported), str(prepared), skip_symbolic_shape=True)
        convolutions = [node for node in onnx.load(prepared).graph.node if node.op_type == "Conv"]
        kept = [node.name for node in convolutions if any(layer in node.name for layer in FLOAT_LAYERS)]
        tensors = sorted({name for node in convolutions if node.name not in kept for name in (node.input[0], node.output[0])})
        found = ranges(prepared, tensors, Patches(pictures))
        overrides = {name: [{"rmin": np.float32(low), "rmax": np.float32(high)}] for name, (low, high) in found.items()}
        quantize_static(str(prepared), str(target), Patches(pictures, 1), quant_format=QuantFormat.QDQ, per_channel=True,
                        weight_type=QuantType.QInt8, activation_type=QuantType.QUInt8, op_types_to_quantize=["Conv"],
                        nodes_to_exclude=kept, extra_options={"TensorQuantOverrides": overrides})
    return kept


def quantize(source: Path, out: Path, pictures, version: int, overwrite: bool = False) -> list[str]:
    """Writes the model folder; returns the convolutions that stay in float32.

    Raises ValueError, with nothing changed, where source holds no LocalUNet, where out exists and may not be overwritten, or
    where its name is not that of source and -int8.
    """
    name = out.resolve().name
    if name != source.resolve().name + SUFFIX:
        raise ValueError(f"would become {name}; it must be {source.resolve().name}{SUFFIX}")
    if not is_local(source):
        raise ValueError("holds no LocalUNet; only networks of sumi-train train are quantised")
    network, known = export.load(source), export.own_description(source)
    if network.classes is not None or is_conditioned(network.config, network.scheduler):
        raise ValueError("takes labels or an image beside x_t; only networks of x_t alone are quantised")
    description = {field: known.get(field, "") for field in export.TEXTS.values()} | {"name": name, "version": version} | export.calibration(known)
    description["description"] += "; convolutions in 8-bit integers, for processors with VNNI"
    with whole_folder(out, overwrite) as folder:
        (folder / "unet").mkdir(exist_ok=True)
        kept = quantize_graph(network, folder / "unet" / "model.onnx", pictures)
        export.write_json(network, folder, description, known["tile"], known["overlap"], "int8", TOLERANCE)
    return kept


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="model folder")
    parser.add_argument("out", type=Path, help="model folder to write, called as SOURCE and -int8")
    parser.add_argument("--data", type=Path, required=True, help="folder of the images that the model was trained on")
    data.add_split_arguments(parser)
    parser.add_argument("--version", type=int, default=1, help="counts up with every change of the network")
    parser.add_argument("--overwrite", action="store_true", help="replace the model in an existing OUT")
    options = parser.parse_args(arguments)
    pictures, _ = data.load_split(options.data, options.hold_out, options.exclude)
    logging.getLogger().setLevel(logging.ERROR)  # quantize_static recommends what has just been done
    try:
        kept = quantize(options.source, options.out, pictures, options.version, options.overwrite)
    except ValueError as refusal:
        raise SystemExit(f"{options.source}: {refusal}") from None
    print(f"{options.out}: in float32 are {', '.join(kept)}")


if __name__ == "__main__":
    main()
