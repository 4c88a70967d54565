# SPDX-License-Identifier: BSD-2-Clause
"""Networks of diffusers, exported, run by Sumi itself: `sumi models verify` holds Java's output against torch's."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from test_unet2d import configuration, save

from sumi_train import export

ROOT = Path(__file__).resolve().parents[3]
JARS = sorted(ROOT.glob("target/Sumi_-*-all.jar"))
needs_java = pytest.mark.skipif(not JARS or not shutil.which("java"), reason="needs java and target/Sumi_-VERSION-all.jar: ./mvnw package")


def sumi(*arguments):
    """(exit code, what was said)."""
    run = subprocess.run(["java", "-jar", JARS[-1], *map(str, arguments)], capture_output=True, text=True, timeout=120)
    return run.returncode, run.stdout + run.stderr


def exported(seed, folder):
    """A model folder whose test is torch's own output."""
    export.export(save(folder / f"in-{seed}", half=seed % 3 == 0, **configuration(seed)), folder / f"random-{seed}",
                  {"name": f"random-{seed}", "version": 1}, 16, 8)
    file = folder / f"random-{seed}" / "sumi.json"
    content = json.loads(file.read_text())
    test, network = content["test"], export.load(folder / f"in-{seed}")
    x = torch.from_numpy(np.frombuffer(base64.b64decode(test["input"]), "<f4").reshape(test["shape"]).copy())
    with torch.no_grad():
        output = network.module(x, torch.tensor([test["timestep"]]).to(network.timestep)).numpy().astype("<f4")
    assert np.abs(output).max() > 0.1
    test["output"], test["tolerance"] = base64.b64encode(output.tobytes()).decode(), 1e-4 * max(1.0, float(np.abs(output).max()))
    file.write_text(json.dumps(content))
    return folder / f"random-{seed}"


@needs_java
@pytest.mark.parametrize("seed", range(10))
def test_java_agrees_with_torch(seed, tmp_path):
    code, said = sumi("models", "verify", exported(seed, tmp_path))
    assert code == 0, said


@needs_java
def test_java_would_tell_a_difference(tmp_path):
    folder = exported(0, tmp_path)
    content = json.loads((folder / "sumi.json").read_text())
    output = np.frombuffer(base64.b64decode(content["test"]["output"]), "<f4").copy()
    output[0] += 1e-2
    content["test"]["output"] = base64.b64encode(output.tobytes()).decode()
    (folder / "sumi.json").write_text(json.dumps(content))
    assert sumi("models", "verify", folder)[0] == 1
