"""Fitting the line model: the network of `corpus.clean.boilerplate.model.network` in floats, with gradients, in plain NumPy.

Binary cross-entropy on both outputs, dropout (https://jmlr.org/papers/v15/srivastava14a.html), AdamW
(https://arxiv.org/abs/1711.05101) with one cycle of the learning rate (https://arxiv.org/abs/1708.07120).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.boilerplate.model.network import DILATIONS, GAP, MAX_ACTIVATION_STEPS, MAX_FEATURE, STEPS, Layer

Floats = npt.NDArray[np.float32]

CHANNELS = 48
HIDDEN = 32
EPOCHS = 8
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 1e-2
INPUT_DROPOUT = 0.1
DROPOUT = 0.2
BATCH_LINES = 4000
MAX_DOCUMENT_LINES = 600
"""Of a longer document each epoch sees another stretch."""
MIN_DEVIATION = 8.0
"""Features are divided by their standard deviation, or this where it is smaller, so that rare ones don't dominate."""
_BETAS = (0.9, 0.999)
_WARM_UP = 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """A document to learn from."""

    matrix: Floats
    """A row a line, a column a feature."""
    targets: Floats
    """A row a line: 1 or 0 for text, and for headline."""
    weights: Floats
    """How much each target counts."""


def fit(
    examples: Sequence[Example], *, seed: int = 0, epochs: int = EPOCHS, told: Callable[[int], None] = lambda epoch: None
) -> tuple[tuple[Layer, ...], tuple[int, ...]]:
    """Fit a network; answers its layers and the mean of each feature.

    Args:
        examples: What to learn from.
        seed: The same seed, examples and BLAS library give the same weights.
        epochs: How often each document is seen.
        told: Called with the number of each epoch that has ended.
    """
    rng = np.random.default_rng(seed)
    rows = np.concatenate([example.matrix for example in examples])
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), MIN_DEVIATION)
    network = _Network(rows.shape[1], rng)
    usual = float(np.concatenate([example.weights[:, 0] for example in examples]).mean())
    steps = epochs * sum(1 for _ in _batches(examples, np.random.default_rng(seed)))
    step = 0
    for epoch in range(epochs):
        for batch in _batches(examples, rng):
            matrix = ((batch.matrix - mean) / scale).astype(np.float32)
            weights = batch.weights / (usual * BATCH_LINES)
            gradients = network.gradients(matrix, batch.first, batch.targets, weights, rng)
            network.update(gradients, _rate(step / max(steps, 1)))
            step += 1
        told(epoch + 1)
    return network.quantized(mean, scale), tuple(int(round(value)) for value in mean)


@dataclass(frozen=True, slots=True)
class _Batch:
    matrix: Floats
    targets: Floats
    weights: Floats
    first: npt.NDArray[np.int64]


def _batches(examples: Sequence[Example], rng: np.random.Generator) -> Iterator[_Batch]:
    """All documents in a new order, in batches of about as many lines."""
    chosen: list[Example] = []
    lines = 0
    for index in rng.permutation(len(examples)):
        example = examples[index]
        size = len(example.matrix)
        if size > MAX_DOCUMENT_LINES:
            start = int(rng.integers(size - MAX_DOCUMENT_LINES + 1))
            cut = slice(start, start + MAX_DOCUMENT_LINES)
            example = Example(example.matrix[cut], example.targets[cut], example.weights[cut])
        chosen.append(example)
        lines += len(example.matrix)
        if lines >= BATCH_LINES:
            yield _joined(chosen)
            chosen, lines = [], 0
    if chosen:
        yield _joined(chosen)


def _joined(examples: Sequence[Example]) -> _Batch:
    return _Batch(
        np.concatenate([example.matrix for example in examples]),
        np.concatenate([example.targets for example in examples]),
        np.concatenate([example.weights for example in examples]),
        np.cumsum([0, *(len(example.matrix) for example in examples)]),
    )


def _rate(done: float) -> float:
    """The learning rate: up along a cosine, then down to nothing."""
    if done < _WARM_UP:
        return LEARNING_RATE * (0.04 + 0.96 * (1 - math.cos(math.pi * done / _WARM_UP)) / 2)
    return LEARNING_RATE * (1 + math.cos(math.pi * (done - _WARM_UP) / (1 - _WARM_UP))) / 2


class _Network:
    """Weights and biases by layer, and the moments of their gradients."""

    def __init__(self, features: int, rng: np.random.Generator) -> None:
        sizes = [(features, CHANNELS), *[(3 * CHANNELS, CHANNELS)] * len(DILATIONS), (3 * CHANNELS, HIDDEN), (HIDDEN, 2)]
        self.parameters: list[Floats] = []
        for inputs, outputs in sizes:
            bound = 1 / math.sqrt(inputs)
            self.parameters.append(rng.uniform(-bound, bound, (inputs, outputs)).astype(np.float32))
            self.parameters.append(rng.uniform(-bound, bound, outputs).astype(np.float32))
        self.first_moments = [np.zeros_like(parameter) for parameter in self.parameters]
        self.second_moments = [np.zeros_like(parameter) for parameter in self.parameters]
        self.updates = 0

    def gradients(
        self,
        matrix: Floats,
        first: npt.NDArray[np.int64],
        targets: Floats,
        weights: Floats,
        rng: np.random.Generator | None,
    ) -> list[Floats]:
        """Derivatives of the loss by each parameter; with `rng`, of one draw of the dropout."""
        w_in, b_in, *middle, w_hidden, b_hidden, w_out, b_out = self.parameters
        sizes = np.diff(first)
        documents = np.repeat(np.arange(len(sizes)), sizes)
        rows = np.arange(len(matrix)) + (documents + 1) * GAP
        height = len(matrix) + (len(sizes) + 1) * GAP

        inputs = matrix * _dropped(matrix.shape, INPUT_DROPOUT, rng)
        drop_entry = _dropped((len(matrix), CHANNELS), DROPOUT, rng)
        entry = np.maximum(inputs @ w_in + b_in, 0) * drop_entry
        state = np.zeros((height, CHANNELS), np.float32)
        state[rows] = entry
        states, changes, drops = [], [], []
        for dilation, kernel, bias in zip(DILATIONS, middle[::2], middle[1::2], strict=True):
            seen = np.concatenate([state[rows + step] for step in (-dilation, 0, dilation)], axis=1)
            drop = _dropped(entry.shape, DROPOUT, rng)
            change = np.maximum(seen @ kernel + bias, 0) * drop
            states.append(seen)
            changes.append(change)
            drops.append(drop)
            state = state.copy()
            state[rows] += change
        page = np.add.reduceat(entry, first[:-1]) / sizes[:, None]
        joined = np.concatenate((entry, page[documents], state[rows]), axis=1)
        hidden = np.maximum(joined @ w_hidden + b_hidden, 0)
        logits = hidden @ w_out + b_out

        d_logits = ((_sigmoid(logits) - targets) * weights).astype(np.float32)
        d_hidden = (d_logits @ w_out.T) * (hidden > 0)
        d_joined = d_hidden @ w_hidden.T
        d_entry = d_joined[:, :CHANNELS].copy()
        d_page = np.add.reduceat(d_joined[:, CHANNELS : 2 * CHANNELS], first[:-1]) / sizes[:, None]
        d_entry += d_page[documents]
        d_state = np.zeros((height, CHANNELS), np.float32)
        d_state[rows] = d_joined[:, 2 * CHANNELS :]
        tail = [joined.T @ d_hidden, d_hidden.sum(axis=0), hidden.T @ d_logits, d_logits.sum(axis=0)]
        found: list[Floats] = []
        for number in reversed(range(len(DILATIONS))):
            kernel = middle[2 * number]
            d_change = d_state[rows] * drops[number] * (changes[number] > 0)
            found = [states[number].T @ d_change, d_change.sum(axis=0), *found]
            d_seen = d_change @ kernel.T
            for part, step in enumerate((-DILATIONS[number], 0, DILATIONS[number])):
                d_state[rows + step] += d_seen[:, part * CHANNELS : (part + 1) * CHANNELS]
        d_entry += d_state[rows]
        d_entry *= drop_entry * (entry > 0)
        return [inputs.T @ d_entry, d_entry.sum(axis=0), *found, *tail]

    def update(self, gradients: Sequence[Floats], rate: float) -> None:
        """One step of AdamW."""
        self.updates += 1
        for parameter, gradient, mean, square in zip(
            self.parameters, gradients, self.first_moments, self.second_moments, strict=True
        ):
            mean += (1 - _BETAS[0]) * (gradient - mean)
            square += (1 - _BETAS[1]) * (gradient * gradient - square)
            parameter *= 1 - rate * WEIGHT_DECAY
            unbiased = mean / (1 - _BETAS[0] ** self.updates)
            parameter -= rate * unbiased / (np.sqrt(square / (1 - _BETAS[1] ** self.updates)) + 1e-8)

    def quantized(self, mean: Floats, scale: Floats) -> tuple[Layer, ...]:
        """The layers as whole numbers, with the scaling of the features in the first."""
        w_in, b_in, *rest = self.parameters
        weights = w_in / scale[:, None]
        layers = [Layer.quantize(weights * STEPS, (b_in - mean @ weights) * STEPS, MAX_FEATURE)]
        layers += [
            Layer.quantize(kernel, bias * STEPS, MAX_ACTIVATION_STEPS)
            for kernel, bias in zip(rest[::2], rest[1::2], strict=True)
        ]
        return tuple(layers)


def _dropped(shape: tuple[int, ...], share: float, rng: np.random.Generator | None) -> Floats:
    """Factors that drop a share of the values and keep the mean of all."""
    if rng is None:
        return np.ones(shape, np.float32)
    return (rng.random(shape, np.float32) >= share).astype(np.float32) / np.float32(1 - share)


def _sigmoid(logits: Floats) -> Floats:
    return 1 / (1 + np.exp(-logits))
