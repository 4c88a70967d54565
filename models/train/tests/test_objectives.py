# SPDX-License-Identifier: BSD-2-Clause
"""Every objective finds what a mixture of two normal distributions in the plane, whose density is known, has for it."""
import numpy as np
import pytest
import torch
from torch import nn

from sumi_train import diffusion, export, objectives
from sumi_train.objectives import Objective

from networks import SMALL, random_network

TABLE = diffusion.linear_alphas_cumprod(50, 2e-3, 0.25)
CENTRES = torch.tensor([[-0.6, -0.3], [0.5, 0.4]])
SHARES, SPREAD = torch.tensor([0.4, 0.6]), 0.25


def draw(n, generator):
    which = torch.multinomial(SHARES, n, True, generator=generator)
    return (CENTRES[which] + SPREAD * torch.randn(n, 2, generator=generator))[..., None, None]


def posterior_of_x0(x_t, a):
    """E[x_0 | x_t] and the variance of x_0 given x_t, both [N, 2]: Bayes' rule for each normal distribution, then their mixture."""
    x, a = x_t[..., 0, 0][:, None], a[:, None, None]
    total = a * SPREAD ** 2 + 1 - a
    weights = (SHARES.log() - (x - a.sqrt() * CENTRES).square().sum(-1) / (2 * total[..., 0])).softmax(dim=1)[..., None]
    means = CENTRES + a.sqrt() * SPREAD ** 2 / total * (x - a.sqrt() * CENTRES)
    mean = (weights * means).sum(1)
    return mean, (weights * (SPREAD ** 2 * (1 - a) / total + (means - mean[:, None]).square())).sum(1)


class Toy(nn.Module):
    """A perceptron of x_t and t for [N, 2, 1, 1]."""

    def __init__(self, outputs):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(10, 96), nn.SiLU(), nn.Linear(96, 96), nn.SiLU(), nn.Linear(96, outputs))

    def forward(self, x, t):
        angle = t[:, None] / len(TABLE) * torch.tensor([0.5, 1.0, 2.0, 4.0]) * np.pi
        return self.layers(torch.cat([x[..., 0, 0], angle.sin(), angle.cos()], dim=1))[..., None, None]


def batch(n, rng, generator):
    t = rng.integers(0, len(TABLE), n).astype(float)
    x0, noise = draw(n, generator), torch.randn(n, 2, 1, 1, generator=generator)
    a = torch.from_numpy(TABLE[t.astype(int)]).float()
    return x0, noise, t, a, diffusion.add_noise(x0, noise, a)


def trained(objective, steps=1500):
    torch.manual_seed(0)
    network, rng, generator = Toy(objective.out_channels(2)), np.random.default_rng(0), torch.Generator().manual_seed(0)
    optimizer = torch.optim.Adam(network.parameters(), 4e-3)
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        x0, noise, t, _, x_t = batch(1024, rng, generator)
        optimizer.zero_grad()
        objective.losses(network(x_t, torch.from_numpy(t).float()), x0, noise, t, TABLE).total.mean().backward()
        optimizer.step()
        decay.step()
    return network


@pytest.mark.parametrize("prediction", objectives.PREDICTIONS)
@pytest.mark.parametrize("weighting", objectives.WEIGHTINGS)
def test_it_converges_to_the_score(prediction, weighting):
    objective = Objective(prediction, weighting)
    network = trained(objective)
    _, _, t, a, x_t = batch(4000, np.random.default_rng(1), torch.Generator().manual_seed(1))
    with torch.no_grad():
        output = network(x_t, torch.from_numpy(t).float())
    mean, variance = posterior_of_x0(x_t, a)
    # the score is -epsilon / sqrt(1 - a)
    expected = (x_t[..., 0, 0] - a.sqrt()[:, None] * mean) / (1 - a).sqrt()[:, None]
    error = (objective.epsilon(output, x_t, a)[..., 0, 0] - expected).square().mean() / expected.square().mean()
    assert error < 0.02, f"{error:.4f}"
    if objective.learns_variance:
        of_x0, _, low, high = objectives.step_coefficients(t, TABLE, "cpu")
        # of x_{t-1} given x_t: the posterior's, and what x_0 leaves open
        truth = (low + of_x0.square() * variance[..., None, None]).log()
        inside = torch.from_numpy(t >= 1)  # at t = 0 the decoder of 8-bit values takes the place of the posterior
        off = {name: (value - truth)[inside].square().mean() for name, value in (
            ("learned", objectives.learned_variance(output[:, 2:], t, TABLE)), ("small", low.log()), ("large", high.log()))}
        assert off["learned"] < 0.25 * min(off["small"], off["large"])
        assert off["learned"] ** 0.5 < 0.05, "5 % of the variance"


def test_the_bound_of_a_perfect_prediction_with_the_posteriors_variance_is_nothing():
    x0, noise, _, _, _ = batch(64, np.random.default_rng(1), torch.Generator().manual_seed(1))
    t = np.arange(64) % 49 + 1.0
    a = torch.from_numpy(TABLE[t.astype(int)]).float()
    output = torch.cat([noise, torch.full_like(noise, -1)], dim=1)
    assert objectives.bound_terms(output, x0, diffusion.add_noise(x0, noise, a), t, TABLE).abs().max() < 1e-5


def test_the_bound_moves_the_variance_alone():
    x0, noise, t, _, _ = batch(64, np.random.default_rng(1), torch.Generator().manual_seed(1))
    output = torch.randn(64, 4, 1, 1, generator=torch.Generator().manual_seed(2), requires_grad=True)
    a = torch.from_numpy(TABLE[t.astype(int)]).float()
    objectives.bound_terms(output, x0, diffusion.add_noise(x0, noise, a), t, TABLE).sum().backward()
    assert output.grad[:, :2].abs().max() == 0 and output.grad[:, 2:].abs().min() > 0


def test_min_snr_weights_epsilon_and_v_alike():
    """The weight of the square error of x_0 is min(SNR, 5), whatever is predicted."""
    x0, noise, t, a, x_t = batch(64, np.random.default_rng(1), torch.Generator().manual_seed(1))
    epsilon = noise + 0.1
    v = (epsilon - (1 - a).sqrt()[:, None, None, None] * x_t) / a.sqrt()[:, None, None, None]
    snr = a / (1 - a)
    for objective, output in ((Objective("epsilon", "min-snr"), epsilon), (Objective("v", "min-snr"), v)):
        losses = objective.losses(output, x0, noise, t, TABLE)
        assert torch.allclose(losses.total, 0.01 / snr * snr.clamp(max=5), rtol=1e-3)
        assert torch.allclose(losses.simple, torch.tensor(0.01), rtol=1e-3)
    assert torch.allclose(Objective("v").losses(v, x0, noise, t, TABLE).total, 0.01 / a, rtol=1e-3)


@pytest.mark.parametrize("prediction, said", [("epsilon", ("epsilon", "fixed_small")), ("v", ("v_prediction", "fixed_small")),
                                              ("learned-variance", ("epsilon", "learned_range"))])
def test_the_exported_model_says_what_it_predicts(prediction, said, tmp_path):
    objective = Objective(prediction)
    network = random_network(**SMALL, out_channels=objective.out_channels(1))
    torch.save({"ema": network.state_dict(), "config": network.config, "scheduler": objective.scheduler()}, tmp_path / "checkpoint.pt")
    export.export(tmp_path / "checkpoint.pt", tmp_path / "model", {"name": "model", "version": 1}, 64, 32)
    scheduler = export.load(tmp_path / "model").scheduler
    assert (scheduler["prediction_type"], scheduler["variance_type"]) == said
    assert Objective.of(scheduler) == objective


def test_other_schedulers_have_no_objective_here():
    with pytest.raises(ValueError, match="predicts sample"):
        Objective.of({"prediction_type": "sample"})
