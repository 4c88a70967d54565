# SPDX-License-Identifier: BSD-2-Clause
"""What simulated scenes are drawn with: a canvas of several depths, curves, tubes, bodies and texture."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

STEP = 0.5  # pixels between two points of a curve: half a pixel leaves no beads after any blur used here
BEND = 3.0  # pixels over which a curve's turning is smoothed: a tube that turns more sharply would fold


class Canvas:
    """Light per pixel before the optics, float64 [depth, size, size]; depth 0 is in focus. Its edges wrap around."""

    def __init__(self, size: int, depths: int, in_focus: float):
        self.planes = np.zeros((depths, size, size))
        self.shares = np.full(depths, (1 - in_focus) / max(depths - 1, 1))
        self.shares[0] = 1 - self.shares[1:].sum()

    @property
    def size(self) -> int:
        return self.planes.shape[1]

    def depths(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """A depth for each of n objects."""
        return rng.choice(len(self.shares), n, p=self.shares)

    def places(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """(y, x) of n objects anywhere, float64 [n, 2]."""
        return rng.uniform(0, self.size, (n, 2))

    def scatter(self, points: np.ndarray, light, depth) -> None:
        """Adds light at points [..., 2], shared among the four pixels around each; light and depth broadcast to [...]."""
        shape = points.shape[:-1]
        light, depth = np.broadcast_to(light, shape).ravel(), np.broadcast_to(depth, shape).ravel()
        y, x = points.reshape(-1, 2).T
        y0, x0 = np.floor(y).astype(np.int64), np.floor(x).astype(np.int64)
        fy, fx = y - y0, x - x0
        size, flat = self.size, self.planes.reshape(-1)
        for dy, wy in ((0, 1 - fy), (1, fy)):
            for dx, wx in ((0, 1 - fx), (1, fx)):
                index = (depth * size + (y0 + dy) % size) * size + (x0 + dx) % size
                np.add.at(flat, index, light * wy * wx)

    def stamp(self, window: np.ndarray, centre: np.ndarray, depth: int) -> None:
        """Adds a window [h, w] with its middle at the pixel nearest to the centre (y, x)."""
        rows, columns = ((np.arange(extent) - extent // 2 + round(place)) % self.size
                         for extent, place in zip(window.shape, centre))
        np.add.at(self.planes[depth], np.ix_(rows, columns), window)  # a window may be larger than the canvas


def log_uniform(rng: np.random.Generator, low: float, high: float, size=None):
    return np.exp(rng.uniform(np.log(low), np.log(high), size))


def brightness(rng: np.random.Generator, n: int) -> np.ndarray:
    """Brightness of n objects of one scene: nearly equal, or log-normal, or a few that outshine the others 4 to 20 times."""
    values = np.exp(rng.uniform(0, 1) * rng.standard_normal(n))
    if rng.random() < 0.15:
        values[rng.random(n) < 0.1] *= log_uniform(rng, 4, 20)
    return values


def texture(rng: np.random.Generator, size: int, exponent: float, smallest: float = 2.0) -> np.ndarray:
    """A random field [size, size] with mean 0 and SD 1: power falls as frequency^-2 exponent, nothing finer than smallest px."""
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None])
    frequency[0, 0] = 1
    amplitude = frequency ** -exponent * np.exp(-(frequency * smallest) ** 2)
    amplitude[0, 0] = 0
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((size, size))) * amplitude, (size, size))
    return field / field.std()


def walks(rng: np.random.Generator, start, heading, length: float, persistence: float, curl: float = 0.0):
    """Worm-like chains of one length, all in px: points [n, steps, 2] and their headings [n, steps] in radians.

    The heading forgets itself over the persistence length; curl is the SD of each chain's own constant curvature (rad/px).
    """
    n, steps = len(start), max(2, round(length / STEP))
    turns = gaussian_filter1d(rng.standard_normal((n, steps)), BEND / STEP, axis=1, mode="wrap") * np.sqrt(2 * STEP / persistence)
    headings = np.asarray(heading)[:, None] + np.cumsum(turns + curl * STEP * rng.standard_normal((n, 1)), axis=1)
    moves = STEP * np.stack([np.sin(headings), np.cos(headings)], axis=-1)
    return np.asarray(start)[:, None] + np.cumsum(moves, axis=1), headings


def along(rng: np.random.Generator, n: int, steps: int, period: float) -> np.ndarray:
    """Smooth random profiles along n curves, mean 0, SD about 1, that change over period px; [n, steps]."""
    knots = rng.standard_normal((n, max(4, round(steps * STEP / period) + 1)))
    place = np.linspace(0, knots.shape[1] - 1.001, steps)
    left, part = place.astype(int), (1 - np.cos(np.pi * (place % 1))) / 2
    return knots[:, left] * (1 - part) + knots[:, left + 1] * part


def tubes(canvas: Canvas, points, headings, radius, light, depth) -> None:
    """Filled tubes seen from the side (light as the chord through a cylinder); radius and light broadcast to [n, steps]."""
    radius, light = np.broadcast_to(radius, headings.shape), np.broadcast_to(light, headings.shape)
    tracks = max(1, int(np.ceil(2 * radius.max() / 0.6)))
    normal = np.stack([np.cos(headings), -np.sin(headings)], axis=-1)
    for u in (np.arange(tracks) + 0.5) / tracks * 2 - 1:
        canvas.scatter(points + (u * radius)[..., None] * normal, light * np.sqrt(1 - u * u) * radius / tracks, depth[:, None])


def star(rng: np.random.Generator, radius: float, roughness: float, elongation: float = 1.0, lobes: int = 6):
    """A random body around a window's middle, its outline a Fourier series of so many lobes on an ellipse.

    Returns (q, distance), both [w, w]: the radius as a share of the outline's, and the px from there inwards to the outline.
    """
    order = np.arange(2, lobes + 2)
    amplitude, phase = roughness * rng.standard_normal(lobes) / order ** 1.2, rng.uniform(0, 2 * np.pi, lobes)
    stretch, turn = np.sqrt(elongation), rng.uniform(0, np.pi)
    half = int(np.ceil(radius * stretch * (1 + np.abs(amplitude).sum()))) + 3
    y, x = np.mgrid[-half:half + 1, -half:half + 1] + rng.uniform(-0.5, 0.5, (2, 1, 1))
    v, u = (np.cos(turn) * y - np.sin(turn) * x) * stretch, (np.sin(turn) * y + np.cos(turn) * x) / stretch
    angle = np.linspace(-np.pi, np.pi, 181)
    outline = 1 + (amplitude[:, None] * np.cos(order[:, None] * angle + phase[:, None])).sum(axis=0)
    r = np.hypot(u, v)
    edge = radius * np.maximum(np.interp(np.arctan2(v, u), angle, outline), 0.2)
    q = r / edge
    return q, (edge - r) * np.hypot(y, x) / np.maximum(r, 1e-6)  # the last factor: from the ellipse's scale back to px


def shifted(field: np.ndarray, rng: np.random.Generator, size: int) -> np.ndarray:
    """A window [size, size] of a field that wraps around, from anywhere."""
    y, x = rng.integers(0, len(field), 2)
    rows, columns = ((start + np.arange(size)) % len(field) for start in (y, x))
    return field[np.ix_(rows, columns)]
