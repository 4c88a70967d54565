# SPDX-License-Identifier: BSD-2-Clause
"""Simulated structures made of spots and bodies: puncta, vesicles, cell bodies, nuclei."""

import numpy as np

from sumi_train.simulate_draw import Canvas, along, brightness, log_uniform, shifted, star, texture, tubes, walks
from sumi_train.simulate_lines import seeds, voronoi


def clustered(canvas, rng, n):
    """Places of n objects: anywhere, or in clusters; float64 [n, 2]."""
    if rng.random() < 0.5:
        return canvas.places(rng, n)
    clusters = canvas.places(rng, rng.integers(1, 12))
    return clusters[rng.integers(0, len(clusters), n)] + log_uniform(rng, 8, 50) * rng.standard_normal((n, 2))


def soft(distance, width=1.0):
    """1 inside, 0 outside of an outline, over width px."""
    return np.clip(distance / width + 0.5, 0, 1)


def puncta(canvas: Canvas, rng: np.random.Generator) -> None:
    """Spots smaller than the PSF or little larger, few or many; half of the time over the dim bodies of cells."""
    n = max(2, int(log_uniform(rng, 6, 1500) * (canvas.size / 320) ** 2))
    spots(canvas, rng, n, rng.choice([0.0, 0.0, 0.5, 1.0]) * rng.uniform(0, 3))
    if rng.random() < 0.5:
        below = Canvas(canvas.size, len(canvas.planes), canvas.shares[0])
        cells(below, rng)
        bodies = below.planes.sum(axis=0)
        canvas.planes += below.planes * log_uniform(rng, 0.1, 2) / max(np.percentile(bodies, 99), bodies.max() / 3)


def spots(canvas, rng, n, radius):
    """n spots: points of light, or Gaussian clouds about so many px wide (SD); the light of each is about 30."""
    places, light, depth = clustered(canvas, rng, n), 30 * brightness(rng, n), canvas.depths(rng, n)
    points = 1 if radius == 0 else 100  # of a spiral with the golden angle, at the quantiles of the Gaussian: no grain
    order = np.arange(points)
    distance, angle = np.sqrt(-2 * np.log(1 - (order + 0.5) / points)), order * np.pi * (3 - np.sqrt(5))
    cloud = np.stack([distance * np.sin(angle), distance * np.cos(angle)], axis=-1)
    widths = radius * log_uniform(rng, 0.5, 1.5, (n, 1, 1))
    canvas.scatter(places[:, None] + widths * cloud, light[:, None] / points, depth[:, None])


def vesicles(canvas: Canvas, rng: np.random.Generator) -> None:
    """Rings (shells cut by the focal plane), hollow discs (shells seen whole) and filled drops, of many sizes."""
    middle, spread = log_uniform(rng, 2, 11), rng.uniform(0.05, 0.5)
    n = max(1, int(log_uniform(rng, 0.06, 1.5) * canvas.size ** 2 / (9 * middle ** 2)))
    thickness, filled, whole = log_uniform(rng, 0.5, 1.5), rng.choice([0.0, 0.0, 0.3, 1.0]), rng.uniform(0, 1)
    for centre, light, depth in zip(clustered(canvas, rng, n), brightness(rng, n), canvas.depths(rng, n)):
        radius = max(1.2, middle * np.exp(spread * rng.standard_normal()))
        q, distance = star(rng, radius, rng.uniform(0, 0.1), log_uniform(rng, 1, 1.3), 4)
        if rng.random() < filled:
            window = soft(distance) * np.sqrt(np.clip(1 - q * q, 0, 1))
        else:
            ring = np.exp(-(distance / thickness) ** 2)
            inner = np.clip(q * radius / max(radius - thickness, 0.5), 0, None)
            shell = np.sqrt(np.clip(1 - q * q, 0, 1)) - np.sqrt(np.clip(1 - inner * inner, 0, 1)) * max(1 - thickness / radius, 0)
            window = (1 - whole) * ring + whole * shell * 2 + 0.1 * rng.random() * soft(distance)
        canvas.stamp(light * window, centre, depth)


def cells(canvas: Canvas, rng: np.random.Generator) -> None:
    """Cell bodies with a textured cytoplasm and a nucleus that lacks the stain, or holds it: single, in a sheet, or branched."""
    rng.choice([single_cells, single_cells, sheet_of_cells, neurons])(canvas, rng)


def cytoplasm(canvas, rng):
    """A texture around 1: coarse, fine, fibrous or grainy, no darker than 0.1."""
    field = texture(rng, canvas.size, rng.uniform(0.4, 1.6), log_uniform(rng, 1.5, 6))
    if rng.random() < 0.4:  # vacuoles or grains: only one side of the field shows
        field = np.maximum(rng.choice([-1, 1]) * field - rng.uniform(0, 1), 0) * rng.choice([-2, 2])
    return np.maximum(1 + rng.uniform(0.05, 0.5) * field, 0.1)


def single_cells(canvas, rng):
    radius = log_uniform(rng, 10, 75)
    n = max(1, int(log_uniform(rng, 0.2, 2) * canvas.size ** 2 / (5 * radius ** 2)))
    grain = cytoplasm(canvas, rng)
    roughness, slope, edge = rng.uniform(0.05, 0.6), rng.uniform(0.2, 1.5), log_uniform(rng, 1, 12)
    stained, longest, lobes = rng.choice([-0.9, -0.6, -0.3, 0.0, 1.0]), log_uniform(rng, 1, 5), rng.integers(4, 14)
    for centre, light, depth in zip(canvas.places(rng, n), brightness(rng, n), canvas.depths(rng, n)):
        q, distance = star(rng, radius * log_uniform(rng, 0.7, 1.4), roughness, log_uniform(rng, 1, longest), lobes)
        body = soft(distance - edge / 2, edge) * (0.2 + np.clip(1 - q * q, 0, 1) ** slope)
        window = light * body * shifted(grain, rng, len(q))
        inner, inside = star(rng, radius * rng.uniform(0.25, 0.4), 0.1, rng.uniform(1, 1.5))
        if len(inner) < len(q):
            middle = slice((len(q) - len(inner)) // 2, (len(q) + len(inner)) // 2)
            window[middle, middle] *= 1 + stained * soft(inside, rng.uniform(1, 5))
        canvas.stamp(window, centre, depth)


def sheet_of_cells(canvas, rng):
    """Cells that touch, each of its own brightness, with dark or bright gaps and round nuclei."""
    spacing = log_uniform(rng, 20, 90)
    centres = seeds(canvas, rng, spacing)
    nearest, second, distance = voronoi(canvas, rng, centres, spacing)
    gap = soft(distance - rng.uniform(0, 1.5), log_uniform(rng, 1, 6))
    plane = canvas.planes[canvas.depths(rng, 1)[0]]
    plane += brightness(rng, len(centres))[nearest] * cytoplasm(canvas, rng) * (1 + rng.uniform(-1, 0.5) * (1 - gap))
    stained = rng.uniform(-0.9, 0.8)
    y, x = np.mgrid[:canvas.size, :canvas.size]
    dy, dx = ((axis - centre[nearest] + canvas.size / 2) % canvas.size - canvas.size / 2 for axis, centre in zip((y, x), centres.T))
    radius = rng.uniform(0.15, 0.3, len(centres)) * spacing
    ellipse, turn = rng.uniform(1, 1.5, len(centres)), rng.uniform(0, np.pi, len(centres))
    v, u = np.cos(turn)[nearest] * dy - np.sin(turn)[nearest] * dx, np.sin(turn)[nearest] * dy + np.cos(turn)[nearest] * dx
    nucleus = soft(radius[nearest] - np.hypot(v * ellipse[nearest], u), rng.uniform(1, 5))
    plane *= 1 + stained * nucleus


def neurons(canvas, rng):
    """A body with tapering, branching, beaded processes."""
    bodies = rng.integers(1, 6)
    for centre, light, depth in zip(canvas.places(rng, bodies), brightness(rng, bodies), canvas.depths(rng, bodies)):
        radius = log_uniform(rng, 5, 16)
        q, distance = star(rng, radius, 0.3, log_uniform(rng, 1, 1.8))
        canvas.stamp(light * 2 * radius * soft(distance, 2) * np.sqrt(np.clip(1 - 0.8 * q * q, 0, 1)), centre, depth)
        n, width, length = rng.integers(2, 7), radius * rng.uniform(0.15, 0.35), radius * rng.uniform(6, 18)
        angle = rng.uniform(0, 2 * np.pi, n)
        start = centre + 0.8 * radius * np.stack([np.sin(angle), np.cos(angle)], axis=-1)
        for _ in range(rng.integers(2, 5)):
            points, headings = walks(rng, start, angle, length, log_uniform(rng, 40, 300), 0.01)
            steps = headings.shape[1]
            taper = np.linspace(1, 0.5, steps) * np.exp(0.2 * along(rng, n, steps, 15))
            tubes(canvas, points, headings, np.maximum(width * taper, 0.3), light, np.full(n, depth))
            at = rng.integers(steps // 3, steps, 2 * n)
            parent = np.arange(2 * n) % n
            start, angle = points[parent, at], headings[parent, at] + rng.choice([-1, 1], 2 * n) * rng.uniform(0.3, 1.0, 2 * n)
            n, width, length = 2 * n, width * 0.6, length * 0.6


def nuclei(canvas: Canvas, rng: np.random.Generator) -> None:
    """Nuclei with chromatin, nucleoli or bright chromocentres, apart or in touching groups; a few in division."""
    radius = log_uniform(rng, 4, 40)
    n = max(1, int(log_uniform(rng, 0.1, 1.2) * canvas.size ** 2 / (4 * radius ** 2)))
    places = canvas.places(rng, n)
    if rng.random() < 0.4:  # in groups
        places = clustered(canvas, rng, n) + radius * rng.standard_normal((n, 2))
    chromatin = np.maximum(1 + rng.uniform(0, 0.35) * texture(rng, canvas.size, rng.uniform(0.5, 1.5), 2.5), 0.1)
    holes, edge, flat = rng.choice([-0.7, -0.4, 0.8, 2.0]), rng.uniform(1, 3), rng.uniform(0.1, 1.0)
    dividing, longest = rng.uniform(0, 0.1), log_uniform(rng, 1.1, 2.5)
    for centre, light, depth in zip(places, brightness(rng, n), canvas.depths(rng, n)):
        size = radius * log_uniform(rng, 0.75, 1.3)
        if rng.random() < dividing:  # a plate of condensed chromosomes, small and bright
            q, distance = star(rng, 0.6 * size, 0.3, log_uniform(rng, 2, 4))
            canvas.stamp(3 * light * soft(distance, edge) * shifted(chromatin, rng, len(q)), centre, depth)
            continue
        q, distance = star(rng, size, rng.uniform(0, 0.15), log_uniform(rng, 1, longest))
        window = light * soft(distance, edge) * np.clip(1 - 0.95 * q * q, 0.05, 1) ** (flat / 2) * shifted(chromatin, rng, len(q))
        middle = np.arange(len(q)) - len(q) // 2
        for y, x, r in rng.normal(0, 0.35, (rng.poisson(3), 3)) * size:
            window *= 1 + holes * np.exp(-((middle[:, None] - y) ** 2 + (middle - x) ** 2) / (2 * (0.06 * size + abs(r) / 4) ** 2))
        canvas.stamp(window, centre, depth)
