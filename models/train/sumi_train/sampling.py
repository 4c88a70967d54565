# SPDX-License-Identifier: BSD-2-Clause
"""Measures how near the images of each sampler and number of steps come to real ones, and chooses the defaults of `generate` by it.

    python -m sumi_train.sampling --model models/nuclei --data FOLDER --hold-out GROUP ... --exclude NAME ... --cache CACHE --out docs/images

The images are made by Sumi itself, as its users make them, and kept in CACHE. Half of the real patches, drawn as in training, is
what all sets are compared with; the other half, compared with it, is how near a perfect sampler would come (the floor).
"""

import argparse
import json
from pathlib import Path

import matplotlib
import numpy as np

from sumi_train import data, patches
from sumi_train.distances import STATISTICS, Distance, distance, distributions, kid
from sumi_train.samples import CHAINS, SIZE, Chain, samples

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (the backend must be chosen first)

HALF = max(chain.count for chain in CHAINS)
SHOWN = 10  # images of each set in the picture
Row = dict[str, Distance]  # by the names of STATISTICS


def measure(images: np.ndarray, real: dict) -> Row:
    """The distances of images to the distributions of real ones."""
    own = distributions(images)
    return {name: distance(own[name], real[name]) for name in STATISTICS}


def misses(row: Row, rows: dict[Chain, Row]) -> int:
    """In how many statistics a set is not as good as the best of all: above the upper end of that one's interval."""
    best = {name: min((r[name] for r in rows.values()), key=lambda d: d.value) for name in STATISTICS}
    return sum(row[name].value > best[name].high for name in STATISTICS)


def choose(rows: dict[Chain, Row], floor: Row) -> Chain:
    """The default: of the chains that miss the fewest statistics the one with the fewest steps, of those the nearest in units of the floor."""
    def key(chain: Chain):
        return (misses(rows[chain], rows), chain.steps,
                np.mean([rows[chain][name].value / max(floor[name].value, 1e-12) for name in STATISTICS]))
    return min(rows, key=key)


def table(rows: dict[str, Row], kids: dict[str, float]) -> str:
    """Markdown; a row for each set."""
    lines = ["| images | " + " | ".join(f"{name} ({unit})" for name, unit in STATISTICS.items()) + " | KID |", "|---" * (len(STATISTICS) + 2) + "|"]
    for name, row in rows.items():
        cells = (f"{d.value:.3g} ({d.low:.3g} to {d.high:.3g})" for d in row.values())
        lines.append(f"| {name} | {' | '.join(cells)} | {kids[name]:.3g} |")
    return "\n".join(lines)


def plot(rows: dict[Chain, Row], floor: Row, path: Path) -> None:
    """Each distance against the number of evaluations, a line for each sampler."""
    figure, axes = pyplot.subplots(1, len(STATISTICS), figsize=(14, 3.6), layout="constrained")
    ticks = sorted({chain.steps for chain in rows})
    for axis, (name, unit) in zip(axes, STATISTICS.items()):
        for sampler in dict.fromkeys(chain.sampler for chain in rows):
            steps, found = zip(*((chain.steps, row[name]) for chain, row in rows.items() if chain.sampler == sampler))
            value, low, high = np.array([(d.value, d.low, d.high) for d in found]).T
            axis.errorbar(steps, value, (value - low, high - value), marker="o", capsize=3, label=sampler)
        axis.axhline(floor[name].value, color="black", linestyle=":", label="real images")
        axis.set(title=f"{name} ({unit})", xlabel="evaluations", xscale="log", ylim=(0, None))
        axis.set_xticks(ticks, ticks)
        axis.minorticks_off()
    axes[0].set_ylabel("distance to real images")
    axes[-1].legend()
    figure.savefig(path, dpi=80)
    pyplot.close(figure)


def picture(sets: dict[str, np.ndarray], path: Path) -> None:
    """The first SHOWN images of each set, a row for each; of generated ones a column has the same noise."""
    figure, axes = pyplot.subplots(len(sets), 1, figsize=(8, 0.72 * len(sets)), layout="compressed")
    for axis, (name, images) in zip(axes, sets.items()):
        axis.imshow(np.hstack(images[:SHOWN]), cmap="gray", vmin=-1, vmax=1)
        axis.set_ylabel(name, rotation=0, ha="right", va="center")
        axis.set(xticks=[], yticks=[])
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="model folder with a sumi.json")
    parser.add_argument("--data", type=Path, required=True, help="folder of the images that the model was trained on")
    data.add_split_arguments(parser)
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps the generated images")
    parser.add_argument("--out", type=Path, required=True, help="folder for samples.png and distances.png")
    parser.add_argument("--sumi", type=Path, default=Path(__file__).parents[3] / "sumi", help="the command line that generates")
    options = parser.parse_args(arguments)
    try:
        training, _ = data.load_split(options.data, options.hold_out, options.exclude)
    except ValueError as refusal:
        parser.error(str(refusal))
    real = patches.PatchSampler(training, np.random.default_rng(1)).batch(2 * HALF, SIZE).patches[:, 0].numpy()
    weights = json.loads((options.model / "sumi.json").read_text())["sha256"]
    folder = options.cache / f"{options.model.resolve().name}-{weights[:8]}"
    generated = {chain: samples(options.sumi, chain, str(options.model), folder) for chain in CHAINS}

    floors = {f"real, {n} others": real[HALF:HALF + n] for n in sorted({chain.count for chain in CHAINS}, reverse=True)}
    sets = floors | {chain.name: images for chain, images in generated.items()}
    reference = distributions(real[:HALF])
    measured = {name: measure(images, reference) for name, images in sets.items()}
    print(table(measured, {name: kid(images, real[:HALF]) for name, images in sets.items()}))
    floor = measured[next(iter(floors))]
    whole = {chain: measured[chain.name] for chain in CHAINS if chain.count == HALF}
    for chain, row in whole.items():
        print(f"{chain.name}: not as good as the best in {misses(row, whole)} of {len(STATISTICS)}")
    print(f"chosen: {choose(whole, floor).name}")
    options.out.mkdir(parents=True, exist_ok=True)
    plot({chain: measured[chain.name] for chain in CHAINS}, floor, options.out / "distances.png")
    picture({"real": real} | {chain.name: images for chain, images in generated.items()}, options.out / "samples.png")


if __name__ == "__main__":
    main()
