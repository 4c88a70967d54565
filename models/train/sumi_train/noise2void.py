# SPDX-License-Identifier: BSD-2-Clause
"""Noise2Void (Krull et al. 2019) trained on the one image that it denoises, by careamics.

    PYTHON noise2void.py NOISY.npy OUT.npy REPEATS EPOCHS

Run by sumi_train.benchmark with the Python of --n2v-python, so it imports careamics and nothing of sumi_train. NOISY is
float32 [H, W], and so is OUT; a file of its name with .json gets the seconds of training and prediction, without those of imports.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

def main(noisy: Path, out: Path, repeats: int, epochs: int) -> None:
    from careamics import CAREamist
    from careamics.config import create_n2v_config

    image = np.load(noisy)
    begin = time.perf_counter()
    # an image of 256 x 256 alone is one batch of 16 patches: it counts several times an epoch, its masked pixels drawn anew each time
    config = create_n2v_config("noise2void", "array", "SYX", patch_size=(64, 64), batch_size=16, num_epochs=epochs)
    with tempfile.TemporaryDirectory() as folder:
        careamist = CAREamist(config, work_dir=folder, enable_progress_bar=False)
        careamist.train(train_data=np.repeat(image[None], repeats, axis=0))
        result = careamist.predict(image, axes="YX")[0][0]
    seconds = time.perf_counter() - begin
    np.save(out, np.squeeze(result).astype(np.float32))
    out.with_suffix(".json").write_text(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
