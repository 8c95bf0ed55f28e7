"""The fitting of the line model: right derivatives, and whole numbers that say what the floats said."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from corpus.clean.boilerplate.model.network import DILATIONS, Network
from corpus.labelled.fit import CHANNELS, Example, _Network, fit

FIRST = np.array([0, 12, 31])


def loss(network: _Network, matrix: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> float:
    """Weighted cross-entropy, written out document by document."""
    w_in, b_in, *middle, w_hidden, b_hidden, w_out, b_out = network.parameters
    total = 0.0
    for start, stop in pairwise(FIRST):
        entry = state = np.maximum(matrix[start:stop] @ w_in + b_in, 0)
        for dilation, kernel, bias in zip(DILATIONS, middle[::2], middle[1::2], strict=True):
            empty = np.zeros((dilation, CHANNELS))
            padded = np.concatenate([empty, state, empty])
            seen = np.concatenate([padded[: -2 * dilation], state, padded[2 * dilation :]], axis=1)
            state = state + np.maximum(seen @ kernel + bias, 0)
        page = np.repeat(entry.mean(axis=0)[None], stop - start, axis=0)
        hidden = np.maximum(np.concatenate([entry, page, state], axis=1) @ w_hidden + b_hidden, 0)
        logits = hidden @ w_out + b_out
        cross = np.logaddexp(0, logits) - targets[start:stop] * logits
        total += float((weights[start:stop] * cross).sum())
    return total


def test_derivatives_are_those_of_the_loss() -> None:
    rng = np.random.default_rng(1)
    network = _Network(7, CHANNELS, rng)
    network.parameters = [parameter.astype(np.float64) for parameter in network.parameters]
    # In double precision, so that differences of the loss say something.
    matrix: Any = rng.normal(size=(31, 7))
    weights: Any = rng.random((31, 2))
    targets: Any = (rng.random((31, 2)) < 0.5).astype(float)
    gradients = network.gradients(matrix, FIRST, targets, weights, None)
    for parameter, gradient in zip(network.parameters, gradients, strict=True):
        for _ in range(5):
            at = tuple(rng.integers(size) for size in parameter.shape)
            value, step = parameter[at], 1e-5
            parameter[at] = value + step
            above = loss(network, matrix, targets, weights)
            parameter[at] = value - step
            below = loss(network, matrix, targets, weights)
            parameter[at] = value
            assert gradient[at] == pytest.approx((above - below) / (2 * step), rel=1e-3, abs=1e-6)


def examples(rng: np.random.Generator, count: int) -> list[Example]:
    """Documents whose text is where the first feature is high, below a line with a high second feature."""
    made = []
    for _ in range(count):
        matrix = rng.integers(0, 129, (40, 5)).astype(np.float32)
        text = (matrix[:, 0] > 64) & (np.roll(matrix[:, 1], 1) > 40)
        targets = np.stack([text, np.zeros(40)], axis=1).astype(np.float32)
        made.append(Example(matrix, targets, np.ones((40, 2), np.float32)))
    return made


def fitted(seed: int = 0, epochs: int = 1, teachers: int = 0) -> Network:
    layers, means = fit(examples(np.random.default_rng(7), 500), seed=seed, epochs=epochs, teachers=teachers)
    return Network("test_v1", tuple("abcde"), means, layers, {})


def test_it_learns_from_a_line_and_its_neighbour() -> None:
    network = fitted(epochs=40)
    held = examples(np.random.default_rng(8), 20)
    right = [
        ((network.look(np.ascontiguousarray(one.matrix.T), np.array([0, 40])).text > 0) == (one.targets[:, 0] > 0.5))[
            1:
        ].mean()
        for one in held
    ]
    assert np.mean(right) > 0.9


def test_the_same_seed_fits_the_same_model() -> None:
    assert fitted().to_json() == fitted().to_json()
    assert fitted().to_json() != fitted(seed=1).to_json()
