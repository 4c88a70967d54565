# SPDX-License-Identifier: BSD-2-Clause
"""Simulated structures made of lines: cytoskeleton filaments, membranes, networks of mitochondria."""

import numpy as np
from scipy.spatial import cKDTree

from sumi_train.simulate_draw import (Canvas, along, brightness, log_uniform, shifted, star, texture, tubes, walks)


def filaments(canvas: Canvas, rng: np.random.Generator) -> None:
    """Microtubules from centres, stress fibres side by side, a mesh that crosses itself, or a few single filaments."""
    rng.choice([microtubules, microtubules, stress_fibres, stress_fibres, mesh, single_filaments])(canvas, rng)


def microtubules(canvas, rng):
    """Long, thin, of one brightness, from one organising centre a cell; they turn along the cell's edge."""
    for centre in canvas.places(rng, rng.integers(1, 7)):
        n = int(log_uniform(rng, 25, 200))
        angle = rng.uniform(0, 2 * np.pi, n)
        start = centre + np.stack([np.sin(angle), np.cos(angle)], axis=-1) * rng.exponential(12, (n, 1))
        length = log_uniform(rng, 60, 220)
        points, headings = walks(rng, start, angle, length, log_uniform(rng, 60, 400), 0.012)
        ends = rng.uniform(0.3, 1, (n, 1)) > np.linspace(0, 1, headings.shape[1])
        light = ends * rng.uniform(0.8, 1.2, (n, 1)) * (1 + rng.uniform(0, 0.3) * along(rng, n, headings.shape[1], 6))
        canvas.scatter(points, np.maximum(light, 0), canvas.depths(rng, n)[:, None])


def stress_fibres(canvas, rng):
    """Actin: bundles of unlike thickness that follow one direction, which turns slowly through the field; a dim mesh below."""
    bend = texture(rng, canvas.size, 2.5, 40.0) * rng.uniform(0.1, 0.5)
    direction = rng.uniform(0, np.pi)
    n = int(log_uniform(rng, 40, 250))
    start = canvas.places(rng, n)
    length = log_uniform(rng, 50, 200)
    heading = direction + bend[tuple((start.astype(int) % canvas.size).T)] + np.pi * rng.integers(0, 2, n)
    points, headings = walks(rng, start, heading, length, rng.uniform(1000, 5000), 0.002)
    fade = np.sin(np.linspace(0, np.pi, headings.shape[1])) ** 0.3
    light = brightness(rng, n)[:, None] * fade * np.maximum(1 + rng.uniform(0, 0.4) * along(rng, n, headings.shape[1], 8), 0)
    radius = log_uniform(rng, 0.3, 2.0, (n, 1)) * np.ones_like(headings)
    tubes(canvas, points, headings, radius, light, canvas.depths(rng, n))
    if rng.random() < 0.6:
        mesh(canvas, rng, rng.uniform(0.05, 0.3))


def mesh(canvas, rng, scale=1.0):
    """Short, bent filaments in all directions, denser in some places (actin cortex, keratin, fibrin)."""
    n = int(log_uniform(rng, 150, 1200) * (canvas.size / 320) ** 2)
    start = canvas.places(rng, 2 * n)
    density = texture(rng, canvas.size, 2.0, 20.0)[tuple((start.astype(int) % canvas.size).T)]
    start = start[np.argsort(density + rng.uniform(0, 3) * rng.standard_normal(2 * n))[n:]]
    points, headings = walks(rng, start, rng.uniform(0, 2 * np.pi, n), log_uniform(rng, 20, 120), log_uniform(rng, 10, 150), 0.01)
    light = scale * brightness(rng, n)[:, None] * np.ones_like(headings)
    canvas.scatter(points, light, canvas.depths(rng, n)[:, None])


def single_filaments(canvas, rng):
    """A few long filaments, straight or tangled, some with beads, as in a motility assay or a sparse label."""
    n = rng.integers(2, 16)
    points, headings = walks(rng, canvas.places(rng, n), rng.uniform(0, 2 * np.pi, n), log_uniform(rng, 40, 400),
                             log_uniform(rng, 20, 600), 0.01)
    beads = np.exp(rng.uniform(0, 0.8) * along(rng, n, headings.shape[1], log_uniform(rng, 3, 20)))
    tubes(canvas, points, headings, np.full((n, 1), rng.uniform(0.3, 1.2)), brightness(rng, n)[:, None] * beads, canvas.depths(rng, n))


def membranes(canvas: Canvas, rng: np.random.Generator) -> None:
    """Outlines of touching cells, a tissue, or of single cells."""
    rng.choice([tissue, tissue, single_outlines])(canvas, rng)


def seeds(canvas, rng, spacing):
    """Cell centres about spacing px apart: a jittered grid, float64 [n, 2]; it closes over the canvas's edges."""
    count = max(2, round(canvas.size / spacing))
    grid = np.stack(np.meshgrid(*2 * [np.arange(count)], indexing="ij"), axis=-1).reshape(-1, 2)
    return ((grid + rng.uniform(0, 1, 2) + rng.uniform(0.15, 0.55) * rng.standard_normal(grid.shape)) * canvas.size / count) % canvas.size


def voronoi(canvas, rng, centres, spacing):
    """(nearest, second, distance) [size, size]: indices of the two nearest centres, px to the wall between; walls wave a little."""
    size = canvas.size
    wave = min(rng.uniform(0, 0.08) * spacing, 5)
    pixels = np.stack([axis + wave * texture(rng, size, 1.5, 12.0) for axis in np.mgrid[:size, :size]], axis=-1)
    (d1, d2), (nearest, second) = (np.moveaxis(a, -1, 0) for a in cKDTree(centres, boxsize=size).query(pixels % size, k=2))
    apart = (centres[nearest] - centres[second] + size / 2) % size - size / 2
    return nearest, second, (d2 ** 2 - d1 ** 2) / (2 * np.linalg.norm(apart, axis=-1))


def tissue(canvas, rng):
    """An epithelium: walls of unlike brightness, brighter spots along them, dim cytoplasm, cells that lack the label."""
    spacing = log_uniform(rng, 12, 90)
    centres = seeds(canvas, rng, spacing)
    nearest, second, distance = voronoi(canvas, rng, centres, spacing)
    cell = brightness(rng, len(centres)) * (rng.random(len(centres)) < rng.uniform(0.5, 1.5))
    half_width = log_uniform(rng, 0.5, 2.0)
    wall = np.exp(-(distance / half_width) ** 2) * (cell[nearest] + cell[second])
    wall *= np.exp(rng.uniform(0, 0.7) * texture(rng, canvas.size, 0.8, 2.0))
    inside = cell[nearest] * np.exp(0.3 * texture(rng, canvas.size, 1.2))
    image = wall + rng.uniform(0, 0.25) * inside
    blend = 1 / (1 + np.exp(-3 * texture(rng, canvas.size, 2.5, 60.0) - rng.uniform(-2, 4)))  # tilted: parts are out of focus
    canvas.planes[0] += image * blend
    canvas.planes[1] += image * (1 - blend)


def single_outlines(canvas, rng):
    """Single cells: a bright rim, ruffles, thin protrusions, a dim sheet in between."""
    radius = log_uniform(rng, 12, 70)
    n = max(1, int(rng.uniform(0.1, 0.9) * canvas.size ** 2 / (7 * radius ** 2)))
    ruffles = np.exp(rng.uniform(0, 0.8) * texture(rng, canvas.size, 1.0))
    rim, sheet = log_uniform(rng, 0.6, 2.0), log_uniform(rng, 0.02, 0.4)
    roughness = rng.uniform(0.1, 0.7)
    for centre, light, depth in zip(canvas.places(rng, n), brightness(rng, n), canvas.depths(rng, n)):
        q, distance = star(rng, radius * log_uniform(rng, 0.6, 1.5), roughness, log_uniform(rng, 1, 2.5), 14)
        window = np.exp(-(distance / rim) ** 2) + sheet * np.clip(distance + 0.5, 0, 1)
        canvas.stamp(light * window * shifted(ruffles, rng, len(q)), centre, depth)
        spikes = rng.poisson(rng.choice([0, 12]))
        angle = rng.uniform(0, 2 * np.pi, spikes)
        start = centre + radius * np.stack([np.sin(angle), np.cos(angle)], axis=-1)
        canvas.scatter(walks(rng, start, angle, rng.uniform(8, 30), 60, 0.02)[0], 0.7 * light, depth)


def mitochondria(canvas: Canvas, rng: np.random.Generator) -> None:
    """Threads and grains around the nucleus of each cell: bent tubes of one width, in part branched into a network."""
    radius = log_uniform(rng, 0.8, 3.0)
    cell = radius * rng.uniform(16, 40)
    n_cells = max(1, int(canvas.size ** 2 / (4 * cell ** 2) * rng.uniform(0.6, 1.6)))
    light_of_cell = brightness(rng, n_cells)
    longest = radius * log_uniform(rng, 7, 45)
    nucleus = rng.uniform(0.2, 0.4)
    for centre, light in zip(canvas.places(rng, n_cells), light_of_cell):
        length = longest
        n = max(3, int(rng.uniform(0.25, 0.9) * cell ** 2 / (length * radius)))
        place, spread = rng.uniform(0, 2 * np.pi, n), rng.uniform(0.4, 1)
        distance = cell * (nucleus + (1 - nucleus) * rng.uniform(0, 1, n) ** 1.5 * spread)
        start = centre + distance[:, None] * np.stack([np.sin(place), np.cos(place)], axis=-1)
        heading = place + rng.normal(0, 1.0, n)
        for _ in range(1 + rng.integers(0, 3)):  # each round of branches starts somewhere on the last one
            points, headings = walks(rng, start, heading, length, radius * rng.uniform(8, 30), 0.3 / (radius * 10))
            steps = headings.shape[1]
            width = radius * np.exp(rng.uniform(0, 0.35) * along(rng, n, steps, 4 * radius))
            ends = np.sqrt(np.clip(np.minimum(np.arange(steps), np.arange(steps)[::-1]) * 0.5 / radius, 0, 1))
            profile = light * np.exp(0.25 * rng.standard_normal((n, 1)) + 0.2 * along(rng, n, steps, 5 * radius))
            tubes(canvas, points, headings, width * ends, profile, canvas.depths(rng, n))
            at = rng.integers(0, steps, n)
            start, heading = points[np.arange(n), at], headings[np.arange(n), at] + rng.choice([-1, 1], n) * rng.uniform(0.7, 1.5, n)
            n = max(3, n // 2)
            start, heading, length = start[:n], heading[:n], length * 0.7
