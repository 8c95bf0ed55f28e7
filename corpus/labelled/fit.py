"""Fitting the line model: its network in floats, with gradients, in plain NumPy.

Binary cross-entropy on both outputs, dropout (https://jmlr.org/papers/v15/srivastava14a.html), AdamW
(https://arxiv.org/abs/1711.05101) with one cycle of the learning rate (https://arxiv.org/abs/1708.07120).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.boilerplate.model.network import DILATIONS, MAX_ACTIVATION_STEPS, MAX_FEATURE, STEPS, Layer

Floats = npt.NDArray[np.float32]

CHANNELS = 40
HIDDEN = 32
TEACHERS = 4
TEACHER_CHANNELS = 64
TEACHING = 0.75
"""How far a network learns from its teachers; the rest is what the labels say."""
EPOCHS = 8
TAUGHT_EPOCHS = 2
"""A network with teachers sees each document so many times as often: probabilities teach more than labels."""
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 1e-2
INPUT_DROPOUT = 0.1
DROPOUT = 0.2
BATCH_LINES = 2000
MAX_DOCUMENT_LINES = 600
"""Of a longer document each epoch sees another stretch."""
MIN_DEVIATION = 8.0
"""Features are divided by their standard deviation, or this where it is smaller, so that rare ones don't dominate."""
_GAP = max(DILATIONS)
"""Empty rows between documents, so that no convolution sees from one into the next."""
_BETAS = (0.9, 0.999)
_WARM_UP = 0.3


Told = Callable[[str], None]
"""Is told how far something is."""


def silent(words: str) -> None:
    """Tell nobody."""


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
    examples: Sequence[Example],
    *,
    seed: int = 0,
    epochs: int = EPOCHS,
    teachers: int = TEACHERS,
    told: Told = silent,
) -> tuple[tuple[Layer, ...], tuple[int, ...]]:
    """Fit a network; answers its layers and the mean of each feature.

    Several teachers are fitted first, and the network learns what they say on average as well as the labels: labels
    that no teacher could learn are probably wrong (https://arxiv.org/abs/1503.02531).

    Args:
        examples: What to learn from.
        seed: The same seed, examples and BLAS library give the same weights.
        epochs: How often a teacher sees each document; the network, `TAUGHT_EPOCHS` times that.
        teachers: How many networks to learn from.
        told: Is told how far it is.
    """
    rows = np.concatenate([example.matrix for example in examples])
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), MIN_DEVIATION)
    scaled = [
        Example(((example.matrix - mean) / scale).astype(np.float32), example.targets, example.weights)
        for example in examples
    ]
    said = [np.zeros_like(example.targets) for example in scaled]
    for teacher in range(teachers):
        network = _fitted(scaled, TEACHER_CHANNELS, seed + 1 + teacher, epochs)
        for total, example in zip(said, scaled, strict=True):
            total += network.probabilities(example.matrix) / teachers
        told(f"teacher {teacher + 1} of {teachers}")
    if teachers:
        scaled = [
            Example(
                example.matrix,
                ((1 - TEACHING) * example.targets + TEACHING * total).astype(np.float32),
                example.weights,
            )
            for total, example in zip(said, scaled, strict=True)
        ]
    network = _fitted(scaled, CHANNELS, seed, epochs * TAUGHT_EPOCHS if teachers else epochs)
    return network.quantized(mean, scale), tuple(round(float(value)) for value in mean)


def _fitted(examples: Sequence[Example], channels: int, seed: int, epochs: int) -> _Network:
    """A network fitted on examples with scaled features."""
    rng = np.random.default_rng(seed)
    network = _Network(examples[0].matrix.shape[1], channels, rng)
    usual = float(np.concatenate([example.weights[:, 0] for example in examples]).mean())
    steps = epochs * sum(1 for _ in _batches(examples, np.random.default_rng(seed)))
    step = 0
    for _ in range(epochs):
        for batch in _batches(examples, rng):
            weights = batch.weights / (usual * BATCH_LINES)
            gradients = network.gradients(batch.matrix, batch.first, batch.targets, weights, rng)
            network.update(gradients, _rate(step / max(steps, 1)))
            step += 1
    return network


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

    def __init__(self, features: int, channels: int, rng: np.random.Generator) -> None:
        self.channels = channels
        conv = (3 * channels, channels)
        sizes = [(features, channels), *[conv] * len(DILATIONS), (3 * channels, HIDDEN), (HIDDEN, 2)]
        self.parameters: list[Floats] = []
        for inputs, outputs in sizes:
            bound = 1 / math.sqrt(inputs)
            self.parameters.append(rng.uniform(-bound, bound, (inputs, outputs)).astype(np.float32))
            self.parameters.append(rng.uniform(-bound, bound, outputs).astype(np.float32))
        self.first_moments = [np.zeros_like(parameter) for parameter in self.parameters]
        self.second_moments = [np.zeros_like(parameter) for parameter in self.parameters]
        self.updates = 0

    def probabilities(self, matrix: Floats) -> Floats:
        """Both outputs for each line of one document, 0 to 1."""
        return _sigmoid(self._forward(matrix, np.array([0, len(matrix)]), None).logits)

    def gradients(
        self,
        matrix: Floats,
        first: npt.NDArray[np.int64],
        targets: Floats,
        weights: Floats,
        rng: np.random.Generator | None,
    ) -> list[Floats]:
        """Derivatives of the loss by each parameter; with `rng`, of one draw of the dropout."""
        _, _, *middle, w_hidden, _, w_out, _ = self.parameters
        size = self.channels
        done = self._forward(matrix, first, rng)
        d_logits = ((_sigmoid(done.logits) - targets) * weights).astype(np.float32)
        d_hidden = (d_logits @ w_out.T) * (done.hidden > 0)
        d_joined = d_hidden @ w_hidden.T
        d_page = np.add.reduceat(d_joined[:, size : 2 * size], first[:-1]) / np.diff(first)[:, None]
        d_entry = d_joined[:, :size] + d_page[done.documents]
        d_state = np.zeros((done.height, size), np.float32)
        d_state[done.rows] = d_joined[:, 2 * size :]
        found = [done.joined.T @ d_hidden, d_hidden.sum(axis=0), done.hidden.T @ d_logits, d_logits.sum(axis=0)]
        for number in reversed(range(len(DILATIONS))):
            d_change = d_state[done.rows] * done.drops[number + 1] * (done.changes[number] > 0)
            found = [done.seen[number].T @ d_change, d_change.sum(axis=0), *found]
            d_seen = d_change @ middle[2 * number].T
            for part, step in enumerate((-DILATIONS[number], 0, DILATIONS[number])):
                d_state[done.rows + step] += d_seen[:, part * size : (part + 1) * size]
        d_entry += d_state[done.rows]
        d_entry *= done.drops[0] * (done.entry > 0)
        return [done.inputs.T @ d_entry, d_entry.sum(axis=0), *found]

    def _forward(self, matrix: Floats, first: npt.NDArray[np.int64], rng: np.random.Generator | None) -> _Pass:
        w_in, b_in, *middle, w_hidden, b_hidden, w_out, b_out = self.parameters
        sizes = np.diff(first)
        documents = np.repeat(np.arange(len(sizes)), sizes)
        rows = np.arange(len(matrix)) + (documents + 1) * _GAP
        height = len(matrix) + (len(sizes) + 1) * _GAP
        inputs = matrix * _dropped(matrix.shape, INPUT_DROPOUT, rng)
        drops = [_dropped((len(matrix), self.channels), DROPOUT, rng) for _ in range(len(DILATIONS) + 1)]
        entry = np.maximum(inputs @ w_in + b_in, 0) * drops[0]
        state = np.zeros((height, self.channels), np.float32)
        state[rows] = entry
        seen, changes = [], []
        for dilation, kernel, bias, drop in zip(DILATIONS, middle[::2], middle[1::2], drops[1:], strict=True):
            seen.append(np.concatenate([state[rows + step] for step in (-dilation, 0, dilation)], axis=1))
            changes.append(np.maximum(seen[-1] @ kernel + bias, 0) * drop)
            state[rows] += changes[-1]
        page = np.add.reduceat(entry, first[:-1]) / sizes[:, None]
        joined = np.concatenate((entry, page[documents], state[rows]), axis=1)
        hidden = np.maximum(joined @ w_hidden + b_hidden, 0)
        return _Pass(
            documents, rows, height, inputs, drops, entry, seen, changes, joined, hidden, hidden @ w_out + b_out
        )

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
        # Activations are rounded down; half a step more makes that the nearest step.
        layers = [Layer.quantize(weights * STEPS, (b_in - mean @ weights) * STEPS + 0.5, MAX_FEATURE)]
        *hidden, (w_out, b_out) = zip(rest[::2], rest[1::2], strict=True)
        layers += [Layer.quantize(kernel, bias * STEPS + 0.5, MAX_ACTIVATION_STEPS) for kernel, bias in hidden]
        return (*layers, Layer.quantize(w_out, b_out * STEPS, MAX_ACTIVATION_STEPS))


@dataclass(frozen=True, slots=True)
class _Pass:
    """What a forward pass leaves for the derivatives."""

    documents: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    height: int
    inputs: Floats
    drops: list[Floats]
    entry: Floats
    seen: list[Floats]
    changes: list[Floats]
    joined: Floats
    hidden: Floats
    logits: Floats


def _dropped(shape: tuple[int, ...], share: float, rng: np.random.Generator | None) -> Floats:
    """Factors that drop a share of the values and keep the mean of all."""
    if rng is None:
        return np.ones(shape, np.float32)
    return (rng.random(shape, np.float32) >= share).astype(np.float32) / np.float32(1 - share)


def _sigmoid(logits: Floats) -> Floats:
    shares: Floats = np.divide(1, 1 + np.exp(-logits), dtype=logits.dtype)
    return shares
