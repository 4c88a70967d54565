# SPDX-License-Identifier: BSD-2-Clause
"""Writes the ONNX files of a few hundred bytes on which the Java tests try what a model folder may hold.

Run in models/train: `python -m sumi_train.tiny`. A sound one computes ``out_sample = sample / 2 + timestep / 1000``; each
of the others has the one fault that its name says, but for ``sees-tile``, ``learned-range`` and ``condition``.
"""

import math
from pathlib import Path

from onnx import TensorProto, helper

RESOURCES = Path(__file__).parents[3] / "src" / "test" / "resources" / "models"
OPSET, IR_VERSION = 17, 8
TYPES = {"float": TensorProto.FLOAT, "double": TensorProto.DOUBLE, "int64": TensorProto.INT64, "int32": TensorProto.INT32}
SHAPES = {"scalar": [], "n": ["batch"], "one": [1]}
IMAGE = ["batch", 1, "height", "width"]


def value(name, kind=TensorProto.FLOAT, shape=IMAGE):
    """Declares an input or output; a text in the shape is a free extent."""
    return helper.make_tensor_value_info(name, kind, shape)


def floats(name, *numbers, shape=None):
    """A float constant of the graph, of rank 4 unless the shape says otherwise."""
    return helper.make_tensor(name, TensorProto.FLOAT, shape or [1, len(numbers), 1, 1], numbers)


def model(inputs, outputs, nodes, constants, opset=OPSET, ir_version=IR_VERSION):
    """The ONNX model of a graph, unchecked: some are wrong on purpose."""
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    return helper.make_model(graph, producer_name="sumi_train.tiny", ir_version=ir_version,
                             opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid("com.example", 1)])


def network(timestep=value("timestep", shape=["batch"]), sample=IMAGE, weight=0.5, extra_inputs=(), extra_outputs=(),
            output="out_sample", extra_nodes=(), **versions):
    """out_sample = weight * sample + timestep / 1000."""
    constants = [floats("weight", weight), floats("per_step", 0.001),
                 helper.make_tensor("column", TensorProto.INT64, [4], [-1, 1, 1, 1])]
    nodes = [helper.make_node("Cast", ["timestep"], ["t"], to=TensorProto.FLOAT), helper.make_node("Reshape", ["t", "column"], ["t4"]),
             helper.make_node("Mul", ["t4", "per_step"], ["shift"]), helper.make_node("Mul", ["sample", "weight"], ["half"]),
             helper.make_node("Add", ["half", "shift"], [output]), *extra_nodes]
    return model([value("sample", shape=sample), timestep, *extra_inputs], [*extra_outputs, value(output, shape=sample)], nodes,
                 constants, **versions)


def without_timestep():
    return model([value("sample")], [value("out_sample")], [helper.make_node("Mul", ["sample", "weight"], ["out_sample"])],
                 [floats("weight", 0.5)])


def of_double():
    sample = value("sample", TensorProto.DOUBLE)
    nodes = [helper.make_node("Cast", ["sample"], ["out_sample"], to=TensorProto.FLOAT),
             helper.make_node("Identity", ["timestep"], ["unused"])]
    return model([sample, value("timestep", shape=["batch"])], [value("out_sample")], nodes, [])


def of_rank_three():
    shape = ["batch", "height", "width"]
    nodes = [helper.make_node("Identity", ["sample"], ["out_sample"]), helper.make_node("Identity", ["timestep"], ["unused"])]
    return model([value("sample", shape=shape), value("timestep", shape=["batch"])], [value("out_sample", shape=shape)], nodes, [])


def of_classes():
    """Adds a tenth of the class's index."""
    labels = value("class_labels", TensorProto.INT64, ["batch"])
    nodes = [helper.make_node("Cast", ["class_labels"], ["class"], to=TensorProto.FLOAT), helper.make_node("Reshape", ["class", "column"], ["class4"]),
             helper.make_node("Mul", ["class4", "per_class"], ["of_class"]), helper.make_node("Add", ["plain", "of_class"], ["out_sample"])]
    made = network(extra_inputs=[labels], output="plain", extra_nodes=nodes)
    made.graph.initializer.append(floats("per_class", 0.1))
    made.graph.output[0].name = "out_sample"
    return made


def of_three_channels():
    return network(sample=["batch", 3, "height", "width"])


def that_sees_the_tile():
    """Of 5 x 5 pixels, and of the mean of all that it is given: another tile gives another result."""
    weights = [0.01 * (i % 7 - 3) for i in range(25)]
    nodes = [helper.make_node("Conv", ["sample", "kernel"], ["near"], pads=[2, 2, 2, 2]),
             helper.make_node("GlobalAveragePool", ["sample"], ["mean"]), helper.make_node("Mul", ["mean", "weight"], ["far"]),
             helper.make_node("Add", ["near", "far"], ["out_sample"]), helper.make_node("Identity", ["timestep"], ["unused"])]
    return model([value("sample"), value("timestep", shape=["batch"])], [value("out_sample")], nodes,
                 [floats("kernel", *weights, shape=[1, 1, 5, 5]), floats("weight", 0.5)])


def that_learns_variance():
    """Twice the channels: the output of the plain one, and -1, which is the posterior's variance."""
    nodes = [helper.make_node("Mul", ["sample", "zero"], ["nothing"]), helper.make_node("Sub", ["nothing", "one"], ["share"]),
             helper.make_node("Concat", ["plain", "share"], ["out_sample"], axis=1)]
    made = network(output="plain", extra_nodes=nodes)
    made.graph.initializer.extend([floats("zero", 0.0), floats("one", 1.0)])
    del made.graph.output[:]
    made.graph.output.append(value("out_sample", shape=["batch", 2, "height", "width"]))
    return made


def of_a_condition():
    """v of x_t and a condition, such that x_0 is the condition at the last timestep of diffusers' default schedule; weights as there everywhere."""
    alpha_cumprod = math.prod(1 - (1e-4 + t * (0.02 - 1e-4) / 999) for t in range(1000))
    sigma = math.sqrt(1 - alpha_cumprod)
    kernel = floats("kernel", math.sqrt(alpha_cumprod) / sigma, -1 / sigma, shape=[1, 2, 1, 1])
    nodes = [helper.make_node("Conv", ["sample", "kernel"], ["out_sample"]), helper.make_node("Identity", ["timestep"], ["unused"])]
    return model([value("sample", shape=["batch", 2, "height", "width"]), value("timestep", shape=["batch"])], [value("out_sample")], nodes, [kernel])


def with_external_weight(location):
    """The weight lies in another file."""
    made = network()
    weight = made.graph.initializer[0]
    weight.ClearField("float_data")
    weight.data_location = TensorProto.EXTERNAL
    for key, text in (("location", location), ("offset", "0"), ("length", "4")):
        weight.external_data.add(key=key, value=text)
    return made


def hidden_in_a_branch(location):
    """The same, with the weight a constant in a branch of an If."""
    weight = with_external_weight(location).graph.initializer[0]
    weight.name = "far"
    made = network(extra_nodes=[
        helper.make_node("If", ["yes"], ["chosen"], then_branch=branch([], weight), else_branch=branch([floats("far", 1.0)]))])
    made.graph.initializer.append(helper.make_tensor("yes", TensorProto.BOOL, [], [True]))
    return made


def branch(constants, tensor=None):
    nodes = [helper.make_node("Identity", ["far"], ["chosen"])]
    if tensor is not None:
        nodes.insert(0, helper.make_node("Constant", [], ["far"], value=tensor))
    return helper.make_graph(nodes, "branch", [], [value("chosen", shape=[1, 1, 1, 1])], constants)


def all_models() -> dict:
    """Name of the file without .onnx -> model."""
    made = {f"timestep-{kind}-{shape}": network(value("timestep", TYPES[kind], SHAPES[shape])) for kind in TYPES for shape in SHAPES}
    hidden = helper.make_node("Neg", ["half"], ["hidden"])
    custom = helper.make_node("Ink", ["half"], ["hidden"], domain="com.example")
    return made | {
        "timestep-float16": network(value("timestep", TensorProto.FLOAT16, ["batch"])),
        "timestep-table": network(value("timestep", shape=["batch", 1])),
        "timestep-three": network(value("timestep", shape=[3])),
        "timestep-missing": without_timestep(),
        "sample-double": of_double(),
        "sample-rank": of_rank_three(),
        "sample-channels": of_three_channels(),
        "sample-fixed-size": network(sample=["batch", 1, 16, 16]),
        "sample-fixed-batch": network(sample=[1, 1, "height", "width"]),
        "opset-new": network(opset=99),
        "ir-new": network(ir_version=99),
        "unknown-operation": network(extra_nodes=[custom], extra_outputs=[value("hidden")]),
        "not-finite": network(weight=float("nan")),
        "class-labels": of_classes(),
        "class-labels-float": network(extra_inputs=[value("class_labels", shape=["batch"])],
                                      extra_nodes=[helper.make_node("Identity", ["class_labels"], ["unused"])]),
        "outputs-named": network(extra_nodes=[hidden], extra_outputs=[value("hidden")]),
        "outputs-nameless": network(extra_nodes=[hidden], extra_outputs=[value("hidden")], output="first"),
        "output-renamed": network(output="sample_out"),
        "sees-tile": that_sees_the_tile(),
        "learned-range": that_learns_variance(),
        "condition": of_a_condition(),
        "external-outside": with_external_weight("../../secret.bin"),
        "external-memory": with_external_weight("*/_ORT_MEM_ADDR_/*"),
        "external-in-branch": hidden_in_a_branch("weights.bin"),
    }


def main() -> None:
    RESOURCES.mkdir(parents=True, exist_ok=True)
    for name, made in all_models().items():
        (RESOURCES / f"{name}.onnx").write_bytes(made.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
