# SPDX-License-Identifier: BSD-2-Clause
"""The noise of the Java class NoiseField: standard normal, a function of (seed, sample, step, channel, y, x)."""

import numpy as np

START = -1  # the step of the field that a chain starts from
MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL = 0x9E3779B9, 0xBB67AE85
ROUNDS = 10
LOW_32 = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)

# numerator and denominator of Wichura's rational functions, lowest power first: centre, tails, far tails
CENTRE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3))
TAIL = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9))
FAR_TAIL = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131745613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15))


def philox(counter: tuple, key: tuple) -> tuple:
    """Philox4x32-10 (Salmon et al. 2011): four words of 32 bits, held in uint64, of a counter of four and a key of two."""
    c0, c1, c2, c3 = (np.asarray(word, np.uint64) for word in counter)
    k0, k1 = key
    for _ in range(ROUNDS):
        p0, p1 = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = ((p1 >> HALF) ^ c1 ^ np.uint64(k0), p1 & LOW_32, (p0 >> HALF) ^ c3 ^ np.uint64(k1), p0 & LOW_32)
        k0, k1 = (k0 + WEYL[0]) % 2**32, (k1 + WEYL[1]) % 2**32
    return c0, c1, c2, c3


def ratio(polynomials: tuple, r: np.ndarray) -> np.ndarray:
    above, below = (np.polynomial.polynomial.polyval(r, coefficients) for coefficients in polynomials)
    return above / below


def normal_quantile(p: np.ndarray) -> np.ndarray:
    """The standard normal quantile of 0 < p < 1, float64 (Wichura 1988, algorithm AS 241, routine PPND16)."""
    q = p - 0.5
    r = np.sqrt(-np.log(np.where(q < 0, p, 1 - p)))
    tails = np.copysign(np.where(r <= 5, ratio(TAIL, r - 1.6), ratio(FAR_TAIL, r - 5)), q)
    return np.where(np.abs(q) <= 0.425, q * ratio(CENTRE, 0.180625 - q * q), tails)


def noise_field(seed: int, step: int, shape: tuple, first_sample: int = 0) -> np.ndarray:
    """float32 [n, c, h, w]; step is the index of the step of the chain, or START."""
    n, c, h, w = shape
    sample, channel, y, block = np.meshgrid(*(np.arange(extent) for extent in (n, c, h, -(-w // 4))), indexing="ij")
    counter = block, y, (step + 1) << 8 | channel, first_sample + sample
    words = np.stack(philox(counter, (seed & 0xFFFFFFFF, seed >> 32)), axis=-1)
    return normal_quantile((words.reshape(n, c, h, -1)[..., :w] + 0.5) * 2.0**-32).astype(np.float32)
