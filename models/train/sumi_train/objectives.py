# SPDX-License-Identifier: BSD-2-Clause
"""What a network is trained to predict, and with which loss.

- epsilon: L_simple on the noise (Ho et al. 2020, arXiv 2006.11239, eq. 14).
- v: the mean square error of v = sqrt(a) epsilon - sqrt(1 - a) x_0 (Salimans & Ho 2022, arXiv 2202.00512, section 4).
- learned-variance: L_hybrid = L_simple + 0.001 L_vlb, the mean's gradient stopped in L_vlb (Nichol & Dhariwal 2021, arXiv
  2102.09672, eq. 16); the network gives epsilon and a share of each step's variance (eq. 15), so twice the channels.

a is alphas_cumprod at the timestep.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from sumi_train import diffusion

PREDICTIONS = ("epsilon", "v", "learned-variance")
WEIGHTINGS = ("none", "min-snr")
GAMMA = 5.0  # of min-SNR
LAMBDA = 0.001  # of L_vlb
HALF_BIN = 1 / 255  # of eq. 13 of Ho et al.: 8-bit images in [-1, 1]
SCHEDULER = {"_class_name": "DDPMScheduler", "num_train_timesteps": 1000, "beta_start": 1e-4, "beta_end": 0.02,
             "beta_schedule": "linear", "prediction_type": "epsilon", "variance_type": "fixed_small",
             "clip_sample": True, "clip_sample_range": 1.0, "timestep_spacing": "leading"}


def image_channels(config: dict, scheduler: dict) -> int:
    """Channels of the image that a network makes, from its configuration and its scheduler's: those of its output, or half where that holds a variance too.

    What its input has more than these is a condition, joined to x_t (Saharia et al. 2021, arXiv 2104.07636, section 2.4).
    """
    channels = config.get("out_channels", 3)
    with_variance = channels == 2 * config.get("in_channels", 3) or scheduler.get("variance_type", "fixed_small") in ("learned", "learned_range")
    return channels // 2 if with_variance else channels


def is_conditioned(config: dict, scheduler: dict) -> bool:
    """Whether a network takes an image beside x_t."""
    return config.get("in_channels", 3) > image_channels(config, scheduler)


class Losses(NamedTuple):
    """Of each sample, float32 [N]: what is minimised, and L_simple on epsilon, which compares all objectives."""

    total: torch.Tensor
    simple: torch.Tensor


@dataclass(frozen=True)
class Objective:
    """prediction: one of PREDICTIONS. weighting: one of WEIGHTINGS, on L_simple or on the loss of v."""

    prediction: str = "epsilon"
    weighting: str = "none"

    def __post_init__(self):
        if self.prediction not in PREDICTIONS or self.weighting not in WEIGHTINGS:
            raise ValueError(f"objective {self.prediction}, weighting {self.weighting}; known are {', '.join(PREDICTIONS)} and {', '.join(WEIGHTINGS)}")

    @staticmethod
    def of(scheduler: dict) -> "Objective":
        """The unweighted objective that a scheduler_config.json of a model goes with. Raises ValueError where it is none of PREDICTIONS."""
        kind = scheduler.get("prediction_type", "epsilon"), scheduler.get("variance_type", "fixed_small")
        if kind[1] == "learned_range" and kind[0] == "epsilon":
            return Objective("learned-variance")
        if kind[0] in ("epsilon", "v_prediction") and kind[1].startswith("fixed"):
            return Objective("v" if kind[0] == "v_prediction" else "epsilon")
        raise ValueError(f"predicts {kind[0]} with the variance {kind[1]}; trained are {', '.join(PREDICTIONS)}")

    @property
    def learns_variance(self) -> bool:
        return self.prediction == "learned-variance"

    def out_channels(self, channels: int) -> int:
        """Of a network for images of so many channels."""
        return channels * (2 if self.learns_variance else 1)

    def scheduler(self) -> dict:
        """scheduler_config.json of a network so trained."""
        return {**SCHEDULER, "prediction_type": "v_prediction" if self.prediction == "v" else "epsilon",
                "variance_type": "learned_range" if self.learns_variance else "fixed_small"}

    def timesteps(self, t: np.ndarray) -> np.ndarray:
        """The timesteps themselves, or the nearest whole ones where a step's variance is learned: it has no meaning between two."""
        return np.round(t) if self.learns_variance else t

    def epsilon(self, output: torch.Tensor, x_t: torch.Tensor, alpha_cumprod: torch.Tensor) -> torch.Tensor:
        """The noise that an output [N, C or 2C, H, W] predicts in x_t [N, C, H, W]; alpha_cumprod is [N]."""
        if self.prediction == "v":
            a = alpha_cumprod[:, None, None, None]
            return a.sqrt() * output + (1 - a).sqrt() * x_t
        return output[:, :x_t.shape[1]]

    def losses(self, output: torch.Tensor, x0: torch.Tensor, noise: torch.Tensor, t: np.ndarray, table: np.ndarray) -> Losses:
        """Of a network's output for x_t = sqrt(a) x0 + sqrt(1 - a) noise; output [N, C or 2C, H, W], t float [N] in [0, T - 1]."""
        output = output.float()
        alphas = diffusion.alphas_cumprod_at(t, table)
        a = torch.from_numpy(alphas).float().to(x0.device)
        x_t = diffusion.add_noise(x0, noise, a)
        simple = mean_of_pixels((self.epsilon(output, x_t, a) - noise).square())
        snr = a / (1 - a)
        # v's square error is that of epsilon divided by a
        total = simple / a if self.prediction == "v" else simple
        if self.weighting == "min-snr":  # Hang et al. 2023, arXiv 2303.09556, section 3.4
            total = total * snr.clamp(max=GAMMA) / (snr + 1 if self.prediction == "v" else snr)
        if self.learns_variance:
            total = total + LAMBDA * len(table) * bound_terms(output, x0, x_t, t, table)
        return Losses(total, simple)

    def predictor(self, network, table: np.ndarray):
        """The network as a function (x_t, timesteps [N]) -> epsilon, both [N, C, H, W]."""
        def predict(x: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
            a = torch.from_numpy(diffusion.alphas_cumprod_at(timesteps.cpu().numpy(), table)).float().to(x.device)
            return self.epsilon(network(x, timesteps).float(), x, a)
        return predict


def mean_of_pixels(values: torch.Tensor) -> torch.Tensor:
    """[N, C, H, W] -> [N]."""
    return values.mean(dim=(1, 2, 3))


def learned_variance(share: torch.Tensor, t: np.ndarray, table: np.ndarray) -> torch.Tensor:
    """Logarithm of the variance of p(x_{t-1} | x_t): share -1 is the posterior's, 1 is beta_t, between them linear (eq. 15)."""
    _, _, low, high = step_coefficients(t, table, share.device)
    part = (share + 1) / 2
    return part * high.log() + (1 - part) * low.log()


def step_coefficients(t: np.ndarray, table: np.ndarray, device) -> tuple[torch.Tensor, ...]:
    """Of whole timesteps t: those of x_0 and x_t in the posterior's mean, its variance, and beta_t; each [N, 1, 1, 1].

    Ho et al. 2020, eq. 6 and 7. At t = 0 the variance is that of t = 1, as Nichol & Dhariwal take it.
    """
    def at(index):
        a, previous = table[index], np.where(index > 0, table[index - 1], 1.0)
        beta = 1 - a / previous
        return previous, a, beta
    index = t.astype(int)
    previous, a, beta = at(index)
    previous_of_variance, a_of_variance, beta_of_variance = at(np.maximum(index, 1))
    coefficients = (np.sqrt(previous) * beta / (1 - a), np.sqrt(1 - beta) * (1 - previous) / (1 - a),
                    (1 - previous_of_variance) / (1 - a_of_variance) * beta_of_variance, beta)
    return tuple(torch.from_numpy(c).float().to(device)[:, None, None, None] for c in coefficients)


def bound_terms(output: torch.Tensor, x0: torch.Tensor, x_t: torch.Tensor, t: np.ndarray, table: np.ndarray) -> torch.Tensor:
    """The term of L_vlb at t (Ho et al. 2020, eq. 5), bits per value, [N]; its gradient reaches the variance alone."""
    epsilon, share = output.chunk(2, dim=1)
    a = torch.from_numpy(table[t.astype(int)]).float().to(x0.device)[:, None, None, None]
    of_x0, of_x_t, variance, _ = step_coefficients(t, table, x0.device)
    guess = (x_t - (1 - a).sqrt() * epsilon.detach()) / a.sqrt()
    log_variance = learned_variance(share, t, table)
    mean = of_x0 * guess + of_x_t * x_t
    off = of_x0 * x0 + of_x_t * x_t - mean
    divergence = 0.5 * (log_variance - variance.log() + (variance + off.square()) * (-log_variance).exp() - 1)
    deviation = (0.5 * log_variance).exp()
    mass = torch.special.ndtr((x0 + HALF_BIN - mean) / deviation) - torch.special.ndtr((x0 - HALF_BIN - mean) / deviation)
    first = torch.from_numpy(t.astype(int) == 0).to(x0.device)[:, None, None, None]
    return mean_of_pixels(torch.where(first, -mass.clamp(min=1e-12).log(), divergence)) / np.log(2)
