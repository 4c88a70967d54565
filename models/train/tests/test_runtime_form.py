# SPDX-License-Identifier: BSD-2-Clause
import json

import onnx
import pytest
import torch

from sumi_train import export, runtime_form
from sumi_train.network import LocalUNet

from networks import random_network

SIZES = dict(block_out_channels=(8, 80, 16), layers_per_block=2, embedding_channels=16)


@pytest.mark.parametrize("splits", [True, False])
def test_it_is_the_same_function(splits):
    network = random_network(**SIZES)
    form = runtime_form.RuntimeUNet(network, splits)
    assert any(isinstance(module, runtime_form.SplitConv2d) for module in form.modules()) == splits
    x, timestep = torch.randn(3, 1, 8, 20), torch.tensor([0.0, 17.5, 999.0])
    with torch.no_grad():
        expected = network(x, timestep)
        assert expected.std() > 0.1
        torch.testing.assert_close(form(x, timestep), expected, rtol=0, atol=1e-5 * float(expected.abs().max()))


@pytest.mark.parametrize("channels, parts", [(32, None), (64, None), (80, [64, 16]), (128, None), (160, [128, 32])])
def test_convolutions_are_split_where_the_last_set_is_not_whole(channels, parts):
    conv = runtime_form.split(torch.nn.Conv2d(8, channels, 3, padding=1))
    assert [part.out_channels for part in conv.parts] == parts if parts else isinstance(conv, torch.nn.Conv2d)


def test_a_model_folder_gives_back_the_weights_bit_for_bit(tmp_path):
    network = random_network(**SIZES)
    torch.save({"ema": network.state_dict(), "config": network.config}, tmp_path / "checkpoint.pt")
    export.export(tmp_path / "checkpoint.pt", tmp_path / "model", {"name": "model", "version": 1}, 64, 32)
    found = runtime_form.load_network(tmp_path / "model").state_dict()
    assert found.keys() == network.state_dict().keys()
    assert all(torch.equal(found[name], value) for name, value in network.state_dict().items())


def test_weights_in_their_own_names_are_taken_too(tmp_path):
    network = random_network(**SIZES)
    found = runtime_form.restore(LocalUNet(**SIZES), network.state_dict()).state_dict()
    assert all(torch.equal(found[name], value) for name, value in network.state_dict().items())
    with pytest.raises(KeyError, match="conv_out.bias"):
        runtime_form.restore(LocalUNet(**SIZES), {name: value for name, value in network.state_dict().items() if name != "conv_out.bias"})


def test_an_exported_model_is_exported_again_with_its_description(tmp_path):
    network = random_network(**SIZES)
    torch.save({"ema": network.state_dict(), "config": network.config}, tmp_path / "checkpoint.pt")
    model = tmp_path / "model"
    export.main([str(tmp_path / "checkpoint.pt"), str(model), "--tile", "128", "--license", "CC0-1.0", "--trained-for", "noise"])
    first = json.loads((model / "sumi.json").read_text())
    export.main([str(model), str(model), "--overwrite", "--version", "2", "--trained-for", "more noise"])
    assert json.loads((model / "sumi.json").read_text()) == first | {"version": 2, "trainedFor": "more noise"}


def test_the_exported_graph_has_one_product_for_films_and_no_transposed_convolution(tmp_path):
    network = random_network(**SIZES)
    form = runtime_form.RuntimeUNet(network)
    export.export_onnx(export.local(form, export.SCHEDULER), tmp_path / "model.onnx")
    operations = [node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node]
    assert operations.count("Gemm") == 3 and operations.count("Shape") <= 2 and "ConvTranspose" not in operations


def test_a_network_that_was_hardly_trained_is_not_read_back(tmp_path):
    network = random_network(**SIZES)
    for block in network.blocks:
        torch.nn.init.zeros_(block.conv2.bias)  # torch writes one zero for all of a length
    with export.whole_folder(tmp_path / "tiny", False) as folder:
        export.write_model(export.local(network, export.SCHEDULER), folder, {"name": "tiny", "version": 1}, 64, 32, False)
    with pytest.raises(ValueError, match="holds a unet/model.onnx without weights called .*conv2.*; the network was hardly trained"):
        runtime_form.load_network(tmp_path / "tiny")
