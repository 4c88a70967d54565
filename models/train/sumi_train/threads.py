# SPDX-License-Identifier: BSD-2-Clause
"""Times ways to use the cores: threads within one call of the network, calls side by side, and two commands at once.

    python -m sumi_train.threads             # each network with threads of its own, as Sumi has it
    python -m sumi_train.threads --shared    # two commands at once on one pool of threads for all networks

Prints a Markdown table; medians of CALLS, taking turns. Run it with nothing else going on.
"""

import argparse
import os
import statistics
from concurrent.futures import ThreadPoolExecutor

import onnxruntime

from sumi_train.timing import CALLS, MODELS, alternate, inputs, session

GRAPH = MODELS / "nuclei" / "unet" / "model.onnx"
CORES = os.cpu_count()
SHAPES = ((8, 64), (16, 64), (4, 256), (2, 456))


def call(network: onnxruntime.InferenceSession, count: int, size: int):
    feed = inputs(count, size)
    return lambda: network.run(None, feed)[0].shape


def at_once(calls: list, pool: ThreadPoolExecutor):
    return lambda: len([done.result() for done in [pool.submit(each) for each in calls]])


def row(name: str, times: dict[str, list[float]], base: str) -> str:
    middle = statistics.median(times[base])
    return f"| {name} | {1e3 * middle:.0f} ms | " + " | ".join(
        f"{middle / statistics.median(values):.2f}" for key, values in times.items() if key != base) + " |"


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", action="store_true", help="one pool of threads for all networks")
    options = parser.parse_args(arguments)
    if options.shared:
        onnxruntime.set_global_thread_pool_sizes(CORES, 1)
    first, second = (session(GRAPH, None if options.shared else CORES) for _ in range(2))
    with ThreadPoolExecutor(CORES) as pool:
        if not options.shared:
            single = session(GRAPH, 1)
            print(f"| images | one call, {CORES} threads | so many times as fast: {CORES} calls of a thread each, side by side |\n|---|---|---|")
            for count, size in SHAPES:
                parts = [call(single, count // CORES, size) for _ in range(CORES)]
                print(row(f"{count} of {size} x {size}",
                          alternate({"one": call(first, count, size), "parts": at_once(parts, pool)}, CALLS), "one"), flush=True)
            print()
        print("| two commands, images each | one after the other | so many times as fast: at once |\n|---|---|---|")
        for count, size in ((1, 64), *SHAPES):
            both = [call(network, count, size) for network in (first, second)]
            print(row(f"{count} of {size} x {size}",
                      alternate({"in turn": lambda: [each() for each in both], "at once": at_once(both, pool)}, CALLS), "in turn"), flush=True)


if __name__ == "__main__":
    main()
