# SPDX-License-Identifier: BSD-2-Clause
import numpy as np

from sumi_train import quality, timing


def test_candidates_take_turns_and_the_first_turn_does_not_count():
    turns = []
    times = timing.alternate({"a": lambda: turns.append("a"), "b": lambda: turns.append("b") or 7.5}, 3)
    assert turns == ["a", "b"] * 4
    assert times["b"] == [7.5] * 3, "its own seconds"
    assert len(times["a"]) == 3 and all(0 <= seconds < 1 for seconds in times["a"])


def test_a_session_runs_the_shipped_network():
    session = timing.session(timing.MODELS / "nuclei" / "unet" / "model.onnx", 1)
    assert session.get_session_options().intra_op_num_threads == 1
    assert session.run(None, timing.inputs(2, 16))[0].shape == (2, 1, 16, 16)


def test_noise_is_the_same_whenever_it_is_asked():
    clean = [np.zeros((64, 64)), np.full((64, 64), 9.0)]
    first, again = quality.with_noise(clean, 20), quality.with_noise(clean, 20)
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(first, again))
    assert not np.array_equal(first[0][1], first[1][1] - 9)
    assert 19 < np.std(first[1][1]) < 21
