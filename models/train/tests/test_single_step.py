# SPDX-License-Identifier: BSD-2-Clause
import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from diffusers import DDPMScheduler, UNet2DModel
from networks import SMALL, random_network

from sumi_train import export, single_step

SIGMA = 0.1
NOISY = np.random.default_rng(0).random((2, 1, 16, 24)).astype(np.float32)


def model(tmp_path, scheduler=export.SCHEDULER, **sizes):
    network = export.local(random_network(**{**SMALL, **sizes}), scheduler)
    with export.whole_folder(tmp_path / "tiny", False) as folder:
        export.write_model(network, folder, {"name": "tiny", "version": 1}, 16, 8, False)
    return tmp_path / "tiny", network.module


def denoised(folder, sigma=None, default=SIGMA, noisy=NOISY):
    return single_step.run(single_step.build(folder, default).SerializeToString(), noisy, sigma)


def expected(module, sigma, x0_of, table=None):
    """E[x_0 | noisy] by torch at the timestep whose noise over signal is 2 sigma."""
    table = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000)) if table is None else table
    levels = np.log(np.sqrt((1 - table) / table))
    wanted = np.clip(np.log(2 * sigma), levels[0], levels[-1])
    signal = 1 / np.sqrt(1 + np.exp(2 * wanted))
    x = torch.from_numpy(signal * (2 * NOISY - 1)).float()
    t = torch.full((2,), np.interp(wanted, levels, np.arange(len(table)))).float()
    with torch.no_grad():
        output = module(x, t)[:, :1]
    return (x0_of(x.numpy(), output.numpy(), signal, np.exp(wanted) * signal) + 1) / 2


@pytest.mark.parametrize("sigma", [0.002, 0.1, 0.37, 1.9])
def test_it_is_one_evaluation_at_the_matched_timestep(sigma, tmp_path):
    folder, module = model(tmp_path)
    by_torch = expected(module, sigma, lambda x, out, signal, noise: (x - noise * out) / signal)
    np.testing.assert_allclose(denoised(folder, sigma), by_torch, atol=1e-4 * np.abs(by_torch).max())


def test_sigma_may_be_left_out(tmp_path):
    folder, _ = model(tmp_path)
    np.testing.assert_array_equal(denoised(folder), denoised(folder, SIGMA, default=0.5))
    assert np.abs(denoised(folder) - denoised(folder, 0.5)).max() > 1e-3


@pytest.mark.parametrize("prediction, x0_of", [("v_prediction", lambda x, out, signal, noise: signal * x - noise * out),
                                               ("sample", lambda x, out, signal, noise: out)])
def test_other_predictions_and_a_learned_variance_are_understood(prediction, x0_of, tmp_path):
    scheduler = {**export.SCHEDULER, "prediction_type": prediction, "variance_type": "learned_range"}
    folder, module = model(tmp_path, scheduler, out_channels=2)
    by_torch = expected(module, SIGMA, x0_of)
    np.testing.assert_allclose(denoised(folder), by_torch, atol=1e-4 * np.abs(by_torch).max())


def test_a_network_of_whole_timesteps_gets_the_nearest_one_and_its_noise(tmp_path):
    torch.manual_seed(0)
    unet = UNet2DModel(in_channels=1, out_channels=1, block_out_channels=(8, 8), norm_num_groups=4, layers_per_block=1, sample_size=16,
                       down_block_types=("DownBlock2D",) * 2, up_block_types=("UpBlock2D",) * 2, time_embedding_type="learned", num_train_timesteps=1000)
    unet.save_pretrained(tmp_path / "in" / "unet")
    DDPMScheduler(beta_schedule="squaredcos_cap_v2").save_pretrained(tmp_path / "in" / "scheduler")
    export.export(tmp_path / "in", tmp_path / "out", {"name": "out", "version": 1}, 16, 8)
    table = DDPMScheduler(beta_schedule="squaredcos_cap_v2").alphas_cumprod.double().numpy()
    t = int(np.abs(np.log(np.sqrt((1 - table) / table)) - np.log(2 * SIGMA)).argmin())
    signal, noise = np.sqrt(table[t]), np.sqrt(1 - table[t])
    x = torch.from_numpy(signal * (2 * NOISY - 1)).float()
    with torch.no_grad():
        by_torch = ((x - noise * unet(x, torch.tensor([t, t])).sample) / signal).numpy()
    np.testing.assert_allclose(denoised(tmp_path / "out"), (by_torch + 1) / 2, atol=1e-4)


def test_what_cannot_be_is_refused(tmp_path):
    folder, _ = model(tmp_path)
    with pytest.raises(ValueError, match="sigma is 3"):
        single_step.build(folder, 3)
    network = onnx.load(folder / "unet" / "model.onnx")
    network.graph.input.append(onnx.helper.make_tensor_value_info("class_labels", onnx.TensorProto.INT64, ["batch"]))
    onnx.save(network, folder / "unet" / "model.onnx")
    with pytest.raises(ValueError, match="class_labels"):
        single_step.build(folder, SIGMA)


def test_the_command_writes_a_file_and_keeps_one(tmp_path, capsys):
    folder, _ = model(tmp_path)
    out = tmp_path / "denoiser.onnx"
    single_step.main([str(folder), str(out)])
    assert [value.name for value in onnxruntime.InferenceSession(str(out)).get_inputs()] == ["noisy"]
    with pytest.raises(SystemExit, match="--overwrite"):
        single_step.main([str(folder), str(out)])
    with pytest.raises(SystemExit, match="is missing"):
        single_step.main([str(tmp_path / "nothing"), str(tmp_path / "other.onnx")])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["denoiser.onnx", "tiny"]
